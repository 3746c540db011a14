/** FSDKaggle2018: 11 000 sounds of 41 classes from Freesound, part of the training labels unchecked. */

import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { requireKnownTag } from '../knownTags.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';

const facts: DatasetFacts = {
  name: 'fsdkaggle2018',
  title: 'FSDKaggle2018',
  citation:
    'E. Fonseca, M. Plakal, F. Font, D. P. W. Ellis, X. Favory, J. Pons and X. Serra, "General-purpose Tagging of ' +
    'Freesound Audio with AudioSet Labels", DCASE Workshop 2018',
  homepage: 'https://zenodo.org/records/2552860',
  licence: 'each recording under its Creative Commons licence on Freesound, see the lists',
  audio: '11 073 clips of 0.3 to 30 s, 44 100 Hz mono 16-bit WAV',
  howToGet:
    'Get FSDKaggle2018.audio_train.zip, FSDKaggle2018.audio_test.zip and FSDKaggle2018.meta.zip from Zenodo record ' +
    '2552860 and unpack them so that DIR/FSDKaggle2018.meta/train_post_competition.csv and ' +
    'DIR/FSDKaggle2018.audio_train/ are there. A selection sorted into class folders is listed as a plain folder.',
  files: ['audio_train', 'audio_test', 'meta'].map((name) => ({
    path: `FSDKaggle2018.${name}.zip`,
    url: `https://zenodo.org/records/2552860/files/FSDKaggle2018.${name}.zip?download=1`,
    archive: true,
  })),
  splits: [
    {
      name: 'published',
      source:
        'the two lists of FSDKaggle2018.meta: the training clips, and those that the competition scored',
      sizes: { train: 9473, test: 1600 },
    },
    { name: 'verified', source: 'the same, with the training clips only whose label was checked by hand' },
  ],
  knownFaults: [
    'About three in five training labels were not checked by hand (manually_verified is 0); the test labels all were.',
  ],
};

const tags = (
  'Acoustic_guitar Applause Bark Bass_drum Burping_or_eructation Bus Cello Chime Clarinet Computer_keyboard Cough ' +
  'Cowbell Double_bass Drawer_open_or_close Electric_piano Fart Finger_snapping Fireworks Flute Glockenspiel Gong ' +
  'Gunshot_or_gunfire Harmonica Hi-hat Keys_jangling Knock Laughter Meow Microwave_oven Oboe Saxophone Scissors ' +
  'Shatter Snare_drum Squeak Tambourine Tearing Telephone Trumpet Violin_or_fiddle Writing'
).split(' ');

const lists: [Split, string, string][] = [
  ['train', 'train_post_competition.csv', 'audio_train'],
  ['test', 'test_post_competition_scoring_clips.csv', 'audio_test'],
];

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split)!;
  const files = new PresentFiles(root);
  const listed: ListedClip[] = [];
  for (const [part, name, audio] of lists) {
    const columns = part === 'train' ? ['fname', 'label', 'manually_verified'] : ['fname', 'label'];
    for await (const row of readTable(facts, root, `FSDKaggle2018.meta/${name}`, { columns })) {
      requireKnownTag(row.where, row.get('label'), tags);
      if (split.name === 'verified' && part === 'train' && row.get('manually_verified') !== '1') continue;
      listed.push({
        path: `FSDKaggle2018.${audio}/${row.get('fname')}`,
        id: row.get('fname'),
        labels: [row.get('label')],
        split: part,
      });
    }
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: true, split });
}

export const fsdKaggle2018: KnownDataset = { facts, list };
