/** The tagging split of the Million Song Dataset: 50 tags of Last.fm, audio as previews of 7digital. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readLabelMatrix } from './readLabelMatrix.ts';
import { readLines } from './readTable.ts';

const facts: DatasetFacts = {
  name: 'msd-tagging',
  title: 'Million Song Dataset, split for tagging',
  citation:
    'T. Bertin-Mahieux, D. P. W. Ellis, B. Whitman and P. Lamere, "The Million Song Dataset", ISMIR 2011; split: ' +
    'K. Choi, G. Fazekas and M. Sandler, "Automatic Tagging Using Deep Convolutional Neural Networks", ISMIR 2016',
  homepage: 'https://github.com/keunwoochoi/MSD_split_for_tagging',
  licence: 'tags: Last.fm, for research only; audio: commercial previews, not published with the data set',
  audio: 'previews of 30 to 60 s by 7digital, MP3, one a track; whoever has them has them from 7digital',
  howToGet:
    'Get {train,valid,test}_x_msd_id.txt, …_x_filename.txt and …_y.npy from the repository ' +
    'keunwoochoi/MSD_split_for_tagging into DIR, and lay the previews you have as DIR/3/6/36122424.clip.mp3 ' +
    '(DIR/audio/ and plain .mp3 will do too). The audio is not published.',
  files: ['train', 'valid', 'test'].flatMap((part) => [
    { path: `${part}_x_msd_id.txt` },
    { path: `${part}_x_filename.txt` },
    { path: `${part}_y.npy` },
  ]),
  splits: [
    {
      name: 'choi',
      source: 'the lists of the repository keunwoochoi/MSD_split_for_tagging; a tag counts above 50 of 100',
      sizes: { valid: 12_634, test: 28_540 },
    },
  ],
  knownFaults: [
    'Tags are those of Last.fm users: many that apply are missing. K. Choi, G. Fazekas, K. Cho and M. Sandler, "The ' +
      'Effects of Noisy Labels on Deep Convolutional Neural Networks for Music Tagging", 2018, measure by how much.',
    'The split does not keep artists apart, and some previews are empty files (README of the split).',
    '"female vocalists" and "female vocalist" are two tags.',
  ],
};

/** In the order of the columns. */
const tags = (
  'rock,pop,alternative,indie,electronic,female vocalists,dance,00s,alternative rock,jazz,beautiful,metal,chillout,' +
  'male vocalists,classic rock,soul,indie rock,Mellow,electronica,80s,folk,90s,chill,instrumental,punk,oldies,blues,' +
  'hard rock,ambient,acoustic,experimental,female vocalist,guitar,Hip-Hop,70s,party,country,easy listening,sexy,' +
  'catchy,funk,electro,heavy metal,Progressive rock,60s,rnb,indie pop,sad,House,happy'
).split(',');

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const listed: ListedClip[] = [];
  for (const part of ['train', 'valid', 'test'] satisfies Split[])
    listed.push(...(await listPart(files, part)));
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: false, split });
}

async function listPart(files: PresentFiles, part: Split): Promise<ListedClip[]> {
  const { root } = files;
  const ids = await readLines(facts, root, `${part}_x_msd_id.txt`);
  const paths = await readLines(facts, root, `${part}_x_filename.txt`);
  const matrixPath = join(root, `${part}_y.npy`);
  const bytes = await readFile(matrixPath).catch(() => {
    throw new DatasetError(`${facts.name}: the labels ${matrixPath} are missing. ${facts.howToGet}`);
  });
  const { rows, columns, values } = readLabelMatrix(bytes, matrixPath);
  if (columns !== tags.length || rows !== ids.length || paths.length !== ids.length) {
    throw new DatasetError(
      `${root}: ${part}_x_msd_id.txt has ${ids.length} lines, ${part}_x_filename.txt ${paths.length}, and ` +
        `${part}_y.npy is ${rows} × ${columns}; expected as many rows as lines, and ${tags.length} columns`,
    );
  }
  return Promise.all(
    ids.map(async (id, row) => {
      const stem = paths[row].replace(/\.npy$/, '');
      return {
        path: (await files.firstOf(candidates(stem))) ?? `${stem}.clip.mp3`,
        id,
        labels: tags.filter((_, column) => values[row * columns + column] === 1),
        split: part,
      };
    }),
  );
}

function candidates(stem: string): string[] {
  return ['', 'audio/'].flatMap((folder) => [`${folder}${stem}.clip.mp3`, `${folder}${stem}.mp3`]);
}

export const millionSong: KnownDataset = { facts, list };
