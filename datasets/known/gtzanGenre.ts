/** GTZAN genre: 1000 excerpts of 30 s in ten genres, with the split that leaves its known faults out. */

import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';

const facts: DatasetFacts = {
  name: 'gtzan-genre',
  title: 'GTZAN genre collection',
  citation:
    'G. Tzanetakis and P. Cook, "Musical genre classification of audio signals", IEEE Transactions on Speech and ' +
    'Audio Processing 10(5), 2002',
  homepage: 'http://marsyas.info/downloads/datasets.html',
  licence: 'not stated; the recordings are commercial music, for research only',
  audio: '1000 excerpts of 30 s, 22 050 Hz mono 16-bit, AU (WAV in later copies), 100 of each of 10 genres',
  howToGet:
    'Get genres.tar.gz (1.2 GB) of the GTZAN genre collection, or a copy of it as WAV, and unpack it so that ' +
    'DIR/genres/blues/blues.00000.au (or .wav) is there; DIR/genres_original/ and DIR/blues/ will do too.',
  files: [{ path: 'genres.tar.gz', md5: '5b3d6dddb579ab49814ab86dba69e7c7', archive: true }],
  splits: [
    {
      name: 'fault-filtered',
      source:
        'C. Kereliuk, B. L. Sturm and J. Larsen, "Deep Learning and Music Adversaries", IEEE Transactions on ' +
        'Multimedia 17(11), 2015: 70 faulty excerpts left out, no artist in two parts',
      sizes: { train: 443, valid: 197, test: 290 },
    },
    { name: 'all', source: 'no parts: all 1000 excerpts, faults and all, to be split by whoever uses them' },
  ],
  knownFaults: [
    'Repetitions of excerpts, several excerpts of one recording or artist, mislabelled and distorted excerpts are ' +
      'listed in B. L. Sturm, "The GTZAN dataset: Its contents, its faults, their effects on evaluation, and its ' +
      'future use", arXiv:1306.1461, 2013. Results on random splits are not comparable with the fault-filtered one.',
  ],
};

const genres = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock'];

/** Numbers of the excerpts in each part, from the split's source: `0-11` is 0 to 11. */
const faultFiltered: Record<Split, Record<string, string>> = {
  train: {
    blues: '29-49 73-97',
    classical: '30-33 43-48 50-67 80-99',
    country: '19-26 28-29 65-99',
    disco: '5 15-20 22-37 39-45 47 49 53-54 56-57 59 61 70 73-74 89',
    hiphop: '2-25 28-29 31-38 41-42 55-61 77-80',
    jazz: '0-1 11-24 41 47-72',
    metal: '2-3 5 21 24 35 46-57 59-66 69 71-72 79-80 84 86 89-99',
    pop: '2-9 11-12 16-20 23-29 31-36 38-42 44 46 49-50 80 97-99',
    reggae: '0-2 4 6 9 11-12 14-32 42-45 49-51 54-60 63 69',
    rock: '0-9 16-26 57-70 91-99',
  },
  valid: {
    blues: '0-11 50-60',
    classical: '0-10 68-76',
    country: '0-7 9-18 27 41-42 45 49',
    disco: '0 2-4 6-14 46 48 52 67-68 72 75 90 95',
    hiphop: '81-98',
    jazz: '2-10 25-32',
    metal: '0-1 6-11 16-20 36-37 68 76-77 81-82',
    pop: '10 53 55 58-62 81 83-86',
    reggae: '61-62 70 72 74 76-78 85 92-99',
    rock: '38 49-56 71-85',
  },
  test: {
    blues: '12-28 61-72 98-99',
    classical: '11-29 34-41 49 77-79',
    country: '30-40 43-44 46-48 50-51 53-64',
    disco: '1 21 58 62-66 69 76-88 91-94 96-97 99',
    hiphop: '0 26-27 30 40 43-45 51-54 62-75 99',
    jazz: '73-99',
    metal: '12-15 22-23 25-33 38-39 67 70 73-75 78 83 85 87-88',
    pop: '0-1 13-14 43 63-66 69-79 82 88-96',
    reggae: '34-40 46-48 52-53 64-68 71 79 82-84 87-90',
    rock: '10-15 27-37 39-48 86-90',
  },
};

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split)!;
  const files = new PresentFiles(root);
  const folder = await folderOf(files);
  const listed: ListedClip[] = [];
  for (const genre of genres) {
    for (let number = 0; number < 100; number++) {
      const part = split.name === 'all' ? undefined : partOf(genre, number);
      if (split.name !== 'all' && part === undefined) continue;
      const stem = `${genre}/${genre}.${String(number).padStart(5, '0')}`;
      const found = await files.firstOf(extensions.map((extension) => `${folder}${stem}${extension}`));
      listed.push({
        path: found ?? `${folder}${stem}.wav`,
        id: `${stem}.wav`,
        labels: [genre],
        ...(part && { split: part }),
      });
    }
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags: genres, exclusive: true, split });
}

const extensions = ['.wav', '.au', '.mp3'];

/** Where the genre folders lie: `genres/` of the archive, `genres_original/` of a well-known copy, or the root. */
async function folderOf(files: PresentFiles): Promise<string> {
  for (const folder of ['genres', 'genres_original']) {
    if ((await files.foldersIn(folder)).length > 0) return `${folder}/`;
  }
  return '';
}

function partOf(genre: string, number: number): Split | undefined {
  const parts = Object.keys(faultFiltered) as Split[];
  return parts.find((part) => holds(faultFiltered[part][genre], number));
}

/** Whether `0-11 50-60` holds the number. */
function holds(ranges: string, number: number): boolean {
  return ranges.split(' ').some((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return first <= number && number <= last;
  });
}

export const gtzanGenre: KnownDataset = { facts, list };
