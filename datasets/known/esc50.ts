/** ESC-50: 2000 environmental sounds in 50 classes and five folds; ESC-10 is the part of ten classes. */

import type { Dataset } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { requireKnownTag } from '../knownTags.ts';
import { chooseSplit, datasetOf, listFiles, requireFold } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';

const esc50Facts: DatasetFacts = {
  name: 'esc50',
  title: 'ESC-50',
  citation: 'K. J. Piczak, "ESC: Dataset for Environmental Sound Classification", ACM Multimedia 2015',
  homepage: 'https://github.com/karolpiczak/ESC-50',
  licence: 'CC BY-NC; the recordings are from Freesound, credited in LICENSE',
  audio: '2000 clips of 5 s, 44 100 Hz mono WAV, 40 of each of 50 classes',
  howToGet:
    'Get the archive of the repository karolpiczak/ESC-50 (about 600 MB) and unpack it so that DIR/meta/esc50.csv ' +
    'and DIR/audio/ are there (DIR/ESC-50-master/meta/ will do too).',
  files: [
    {
      path: 'ESC-50-master.zip',
      url: 'https://github.com/karolpiczak/ESC-50/archive/master.zip',
      archive: true,
    },
  ],
  splits: [
    {
      name: 'folds',
      source: 'published with the data: fragments of one recording are in one fold',
      folds: 5,
    },
  ],
  knownFaults: [],
};

const esc10Facts: DatasetFacts = {
  ...esc50Facts,
  name: 'esc10',
  title: 'ESC-10',
  licence: 'CC BY; the recordings are from Freesound, credited in LICENSE',
  audio: '400 clips of 5 s, 44 100 Hz mono WAV, 40 of each of 10 classes: a part of ESC-50',
};

/** By number of the class, 0 to 49. */
const esc50Tags = (
  'dog rooster pig cow frog cat hen insects sheep crow rain sea_waves crackling_fire crickets chirping_birds ' +
  'water_drops wind pouring_water toilet_flush thunderstorm crying_baby sneezing clapping breathing coughing ' +
  'footsteps laughing brushing_teeth snoring drinking_sipping door_wood_knock mouse_click keyboard_typing ' +
  'door_wood_creaks can_opening washing_machine vacuum_cleaner clock_alarm clock_tick glass_breaking helicopter ' +
  'chainsaw siren car_horn engine train church_bells airplane fireworks hand_saw'
).split(' ');
const esc10Tags =
  'dog rooster rain sea_waves crackling_fire crying_baby sneezing clock_tick helicopter chainsaw'.split(' ');

const table = 'meta/esc50.csv';

async function list(
  facts: DatasetFacts,
  tags: string[],
  root: string,
  options: ListOptions = {},
): Promise<Dataset> {
  const split = chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const folder = await files.folderWith(table, ['ESC-50-master', 'ESC-50']);
  const columns = ['filename', 'fold', 'category', 'esc10', 'src_file'];
  const listed: ListedClip[] = [];
  for await (const row of readTable(facts, root, folder + table, { columns })) {
    if (facts === esc10Facts && row.get('esc10') !== 'True') continue;
    requireKnownTag(row.where, row.get('category'), tags);
    listed.push({
      path: `${folder}audio/${row.get('filename')}`,
      id: row.get('filename'),
      labels: [row.get('category')],
      fold: requireFold(row.where, row.get('fold'), 5),
      album: `freesound ${row.get('src_file')}`,
    });
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: true, split });
}

export const esc50: KnownDataset = {
  facts: esc50Facts,
  list: (root, options) => list(esc50Facts, esc50Tags, root, options),
};
export const esc10: KnownDataset = {
  facts: esc10Facts,
  list: (root, options) => list(esc10Facts, esc10Tags, root, options),
};
