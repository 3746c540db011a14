/** UrbanSound8K: 8732 excerpts of city sounds in ten classes and ten folds. */

import type { Dataset } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { requireKnownTag } from '../knownTags.ts';
import { chooseSplit, datasetOf, listFiles, requireFold } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';

const facts: DatasetFacts = {
  name: 'urbansound8k',
  title: 'UrbanSound8K',
  citation:
    'J. Salamon, C. Jacoby and J. P. Bello, "A Dataset and Taxonomy for Urban Sound Research", ACM Multimedia 2014',
  homepage: 'https://urbansounddataset.weebly.com/urbansound8k.html',
  licence: 'CC BY-NC 3.0; the recordings are from Freesound, credited in FREESOUNDCREDITS.txt',
  audio: '8732 excerpts of at most 4 s, WAV, rate and channels as uploaded to Freesound',
  howToGet:
    'Get UrbanSound8K.tar.gz from its home page or Zenodo record 1203745 and unpack it so that ' +
    'DIR/metadata/UrbanSound8K.csv and DIR/audio/fold1/ are there (DIR/UrbanSound8K/metadata/ will do too).',
  files: [
    {
      path: 'UrbanSound8K.tar.gz',
      md5: '9aa69802bbf37fb986f71ec1483a196e',
      url: 'https://zenodo.org/record/1203745/files/UrbanSound8K.tar.gz?download=1',
      archive: true,
    },
  ],
  splits: [
    {
      name: 'folds',
      source: 'published with the data: train on nine folds, test on the tenth, all ten times',
      folds: 10,
    },
  ],
  knownFaults: [
    'Excerpts of one recording are kept in one fold: results on shuffled clips are too high and not comparable with ' +
      'those on the published folds (home page, "common pitfalls").',
  ],
};

const tags = [
  'air_conditioner',
  'car_horn',
  'children_playing',
  'dog_bark',
  'drilling',
  'engine_idling',
  'gun_shot',
  'jackhammer',
  'siren',
  'street_music',
];
const table = 'metadata/UrbanSound8K.csv';

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const folder = await files.folderWith(table, ['UrbanSound8K']);
  const columns = ['slice_file_name', 'fsID', 'fold', 'class'];
  const listed: ListedClip[] = [];
  for await (const row of readTable(facts, root, folder + table, { columns })) {
    const label = row.get('class');
    requireKnownTag(row.where, label, tags);
    const fold = requireFold(row.where, row.get('fold'), 10);
    listed.push({
      path: `${folder}audio/fold${fold}/${row.get('slice_file_name')}`,
      id: `fold${fold}/${row.get('slice_file_name')}`,
      labels: [label],
      fold,
      album: `freesound ${row.get('fsID')}`,
    });
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: true, split });
}

export const urbanSound8k: KnownDataset = { facts, list };
