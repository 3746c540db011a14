/** OpenMIC-2018: 20 000 clips, each asked about some of 20 instruments only; the other answers are unknown. */

import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { requireKnownTag } from '../knownTags.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readLines, readTable } from './readTable.ts';

const facts: DatasetFacts = {
  name: 'openmic-2018',
  title: 'OpenMIC-2018',
  citation:
    'E. J. Humphrey, S. Durand and B. McFee, "OpenMIC-2018: An Open Dataset for Multiple Instrument Recognition", ' +
    'ISMIR 2018',
  homepage: 'https://zenodo.org/records/1432913',
  licence: 'labels CC BY 4.0; each recording as its artist chose on the Free Music Archive, see the metadata',
  audio: '20 000 clips of 10 s, Ogg Vorbis',
  howToGet:
    'Get openmic-2018-v1.0.0.tgz from Zenodo record 1432913 and unpack it so that ' +
    'DIR/openmic-2018-aggregated-labels.csv, DIR/partitions/ and DIR/audio/ are there (DIR/openmic-2018/ will do too).',
  files: [
    {
      path: 'openmic-2018-v1.0.0.tgz',
      md5: 'e4ccf187e2bb5ab2e115416e8aafe7f4',
      url: 'https://zenodo.org/records/1432913/files/openmic-2018-v1.0.0.tgz?download=1',
      archive: true,
    },
  ],
  splits: [{ name: 'split01', source: 'published with the data, in partitions/' }],
  knownFaults: [
    'Labels are partial: a clip was asked about a few instruments, and what was not asked is unknown, not absent. ' +
      'Here a relevance of at least 0.5 is present, a lower one absent.',
    'Ten recordings were faulty in the Free Music Archive dump that the clips were cut from, and three labels were ' +
      'corrected afterwards (errata in the README of the repository cosmir/openmic-2018).',
  ],
};

const tags = (
  'accordion banjo bass cello clarinet cymbals drums flute guitar mallet_percussion mandolin organ piano saxophone ' +
  'synthesizer trombone trumpet ukulele violin voice'
).split(' ');
const table = 'openmic-2018-aggregated-labels.csv';

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const folder = await files.folderWith(table, ['openmic-2018', 'openmic-2018-v1.0.0']);
  const answers = await readAnswers(root, folder + table);
  const listed: ListedClip[] = [];
  for (const part of ['train', 'test'] satisfies Split[]) {
    const path = `${folder}partitions/split01_${part}.csv`;
    for (const key of await readLines(facts, root, path)) {
      const answered = answers.get(key);
      if (!answered) {
        throw new DatasetError(
          `${path}: the clip "${key}" has no row in ${table}; the two are not of one release. ${facts.howToGet}`,
        );
      }
      listed.push({
        path: `${folder}audio/${key.slice(0, 3)}/${key}.ogg`,
        id: key,
        labels: tags.filter((tag) => answered.get(tag) === true),
        unknown: tags.filter((tag) => !answered.has(tag)),
        split: part,
      });
    }
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: false, split });
}

/** Whether each asked instrument is there, by clip. */
async function readAnswers(root: string, path: string): Promise<Map<string, Map<string, boolean>>> {
  const answers = new Map<string, Map<string, boolean>>();
  const columns = ['sample_key', 'instrument', 'relevance'];
  for await (const row of readTable(facts, root, path, { columns })) {
    const [key, instrument, relevance] = columns.map((column) => row.get(column));
    requireKnownTag(row.where, instrument, tags);
    if (!(relevance !== '' && Number(relevance) >= 0 && Number(relevance) <= 1)) {
      throw new DatasetError(`${row.where}: the relevance is "${relevance}"; expected a number 0 … 1`);
    }
    const answered = answers.get(key) ?? new Map<string, boolean>();
    answers.set(key, answered.set(instrument, Number(relevance) >= 0.5));
  }
  return answers;
}

export const openMic2018: KnownDataset = { facts, list };
