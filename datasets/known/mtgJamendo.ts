/** MTG-Jamendo: 55 000 full tracks with tags of genre, instrument and mood; five splits, and a re-annotated test set. */

import { byteOrder } from '../byteOrder.ts';
import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions, PublishedSplit } from '../facts.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';
import type { TableRow } from './readTable.ts';

/** Name of a category here, and in the names of its lists. */
const categories: Record<string, string> = {
  top50: 'autotagging_top50tags',
  all: 'autotagging',
  genre: 'autotagging_genre',
  instrument: 'autotagging_instrument',
  moodtheme: 'autotagging_moodtheme',
};

/** Taxonomies by which the test set of split 0 was annotated again. */
const taxonomies = (
  'genre_dortmund genre_rosamerica genre_tzanetakis genre_electronic mood_acoustic mood_aggressive mood_electronic ' +
  'mood_happy mood_party mood_relaxed mood_sad danceability voice_instrumental gender tonal_atonal'
).split(' ');

const splits: PublishedSplit[] = [
  ...Object.entries(categories).flatMap(([name, stem]) =>
    [0, 1, 2, 3, 4].map((number) => ({
      name: `${name}-${number}`,
      source: `data/splits/split-${number}/${stem}-{train,validation,test}.tsv of the repository, by artist`,
    })),
  ),
  ...taxonomies.map((taxonomy) => ({
    name: `reannotated-${taxonomy}`,
    source: `the tracks of the test set of split 0 on whose ${taxonomy} three annotators agreed, all to test on`,
  })),
];

const facts: DatasetFacts = {
  name: 'mtg-jamendo',
  title: 'MTG-Jamendo',
  citation:
    'D. Bogdanov, M. Won, P. Tovstogan, A. Porter and X. Serra, "The MTG-Jamendo Dataset for Automatic Music ' +
    'Tagging", Machine Learning for Music Discovery Workshop, ICML 2019',
  homepage: 'https://github.com/MTG/mtg-jamendo-dataset',
  licence: 'metadata CC BY-NC-SA 4.0; each track under its Creative Commons licence, see audio_licenses.txt',
  audio: '55 701 full tracks of at least 30 s, MP3 at 320 kbit/s (508 GB); 55 525 in the lists of the splits',
  howToGet:
    'Clone the repository MTG/mtg-jamendo-dataset into DIR (its lists are in data/splits/), and get the audio with ' +
    'its scripts/download/download.py, so that DIR/audio/56/1376256.mp3 is there (DIR/56/ and .low.mp3 will do too).',
  files: [],
  splits,
  knownFaults: [
    'A tag that an uploader did not give counts as absent; that it does not apply was not asked.',
    'Tags discarded for the splits leave 183 of the 195: 87 genres, 40 instruments, 56 moods and themes.',
  ],
};

const reannotations = 'derived/music-classification-annotations/music-classification-annotations-clean.tsv';
const parts: [Split, string][] = [
  ['train', 'train'],
  ['valid', 'validation'],
  ['test', 'test'],
];

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split)!;
  const files = new PresentFiles(root);
  const taxonomy = /^reannotated-(.+)$/.exec(split.name)?.[1];
  const rows = taxonomy ? await readReannotations(files, taxonomy) : await readSplit(files, split.name);
  const listed = await Promise.all(rows.map((row) => locate(files, row)));
  const tags = [...new Set(rows.flatMap(({ labels }) => labels))].sort(byteOrder);
  return datasetOf(facts, await listFiles(facts, files, listed), {
    tags,
    exclusive: taxonomy !== undefined,
    split,
  });
}

async function readSplit(files: PresentFiles, name: string): Promise<ListedClip[]> {
  const [category, number] = name.split('-');
  const listed: ListedClip[] = [];
  for (const [split, part] of parts) {
    const path = `data/splits/split-${number}/${categories[category]}-${part}.tsv`;
    for await (const row of readTracks(files, path)) {
      listed.push({ ...trackOf(row), labels: row.rest('TAGS').filter(Boolean), split });
    }
  }
  return listed;
}

/** Tags are `taxonomy---answer,answer,answer`, three times the same answer. */
async function readReannotations(files: PresentFiles, taxonomy: string): Promise<ListedClip[]> {
  const listed: ListedClip[] = [];
  for await (const row of readTracks(files, reannotations)) {
    const tag = row.rest('TAGS').find((field) => field.startsWith(`${taxonomy}---`));
    if (tag === undefined) continue;
    const answers = new Set(tag.slice(taxonomy.length + 3).split(','));
    if (answers.size !== 1) {
      throw new DatasetError(`${row.where}: "${tag}" is not one answer; expected the list of agreed answers`);
    }
    listed.push({ ...trackOf(row), labels: [...answers], split: 'test' });
  }
  return listed;
}

function readTracks(files: PresentFiles, path: string): AsyncGenerator<TableRow> {
  const columns = ['TRACK_ID', 'ARTIST_ID', 'ALBUM_ID', 'PATH', 'DURATION', 'TAGS'];
  return readTable(facts, files.root, path, { columns, separator: '\t', openEnded: true });
}

function trackOf(row: TableRow): Omit<ListedClip, 'labels'> {
  return {
    path: row.get('PATH'),
    id: row.get('TRACK_ID'),
    artist: row.get('ARTIST_ID'),
    album: row.get('ALBUM_ID'),
  };
}

/** The track where this copy has it; the archives of lower quality call it `.low.mp3`. */
async function locate(files: PresentFiles, clip: ListedClip): Promise<ListedClip> {
  const low = clip.path.replace(/\.mp3$/, '.low.mp3');
  const candidates = ['audio/', '', 'audio-low/'].flatMap((folder) => [folder + clip.path, folder + low]);
  return { ...clip, path: (await files.firstOf(candidates)) ?? `audio/${clip.path}` };
}

export const mtgJamendo: KnownDataset = { facts, list };
