/** Jamendo singing voice: 93 songs marked stretch by stretch as sung or not. */

import { extname } from 'node:path';
import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { audioExtensions } from '../folder.ts';
import { requireKnownTag } from '../knownTags.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readLines } from './readTable.ts';

const facts: DatasetFacts = {
  name: 'jamendo-singing',
  title: 'Jamendo singing voice detection',
  citation:
    'M. Ramona, G. Richard and B. David, "Vocal detection in music with support vector machines", ICASSP 2008',
  homepage: 'http://www.mathieuramona.com/wp/data/jamendo/',
  licence: 'recordings: the Creative Commons licence of each on Jamendo',
  audio: '93 songs, Ogg Vorbis or MP3, in 4086 stretches with and without singing; a clip is a stretch',
  howToGet:
    'Get jam_train_audio.tar.gz, jam_valid_audio.tar.gz, jam_test_audio.tar.gz and jam_annote.tar.gz from its home ' +
    'page and unpack them so that DIR/train/, DIR/valid/, DIR/test/ hold the songs and DIR/jamendo_lab/ the .lab ' +
    'files (DIR/labels/ will do too).',
  files: [],
  splits: [
    {
      name: 'published',
      source: 'the folders of the archives: 61 songs to train on, 16 to validate on, 16 to test on',
      sizes: { train: 2592, valid: 821, test: 673 },
    },
  ],
  knownFaults: [],
};

const tags = ['nosing', 'sing'];

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const labFolder = (await files.filesIn('labels')).some(isLab) ? 'labels' : 'jamendo_lab';
  const labs = (await files.filesIn(labFolder)).filter(isLab);
  if (labs.length === 0) {
    throw new DatasetError(`${facts.name}: no .lab file in ${root}/${labFolder}. ${facts.howToGet}`);
  }
  const listed: ListedClip[] = [];
  const songs = await findSongs(files);
  for (const lab of labs) {
    const stem = lab.slice(0, -'.lab'.length);
    const song = songs.get(stem);
    const stretches = await readLab(root, `${labFolder}/${lab}`);
    stretches.forEach(({ start, end, label }, index) =>
      listed.push({
        path: song?.path ?? `${stem} (in train, valid or test)`,
        id: `${stem}_${index}`,
        labels: [label],
        segment: { start, end },
        ...(song && { split: song.split }),
        album: stem,
      }),
    );
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: true, split });
}

/** Path and part of every song, by its name without extension. */
async function findSongs(files: PresentFiles): Promise<Map<string, { path: string; split: Split }>> {
  const songs = new Map<string, { path: string; split: Split }>();
  for (const split of ['train', 'valid', 'test'] satisfies Split[]) {
    for (const name of await files.filesIn(split)) {
      const extension = extname(name);
      if (!audioExtensions.includes(extension.toLowerCase())) continue;
      songs.set(name.slice(0, -extension.length), { path: `${split}/${name}`, split });
    }
  }
  return songs;
}

/** Lines `start end label`, seconds. */
async function readLab(root: string, path: string): Promise<{ start: number; end: number; label: string }[]> {
  const lines = await readLines(facts, root, path);
  return lines.map((line, index) => {
    const where = `${root}/${path} line ${index + 1}`;
    const [start, end, label, ...more] = line.split(/\s+/);
    if (!(Number(start) >= 0 && Number(end) > Number(start)) || label === undefined || more.length > 0) {
      throw new DatasetError(`${where}: "${line}"; expected start, end (seconds) and "sing" or "nosing"`);
    }
    requireKnownTag(where, label, tags);
    return { start: Number(start), end: Number(end), label };
  });
}

function isLab(name: string): boolean {
  return name.endsWith('.lab');
}

export const jamendoSinging: KnownDataset = { facts, list };
