/** emoMusic: 744 song excerpts with the arousal and the valence that listeners gave them, as numbers. */

import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';
import type { TableRow } from './readTable.ts';

const facts: DatasetFacts = {
  name: 'emomusic',
  title: 'emoMusic (1000 songs)',
  citation:
    'M. Soleymani, M. N. Caro, E. M. Schmidt, C.-Y. Sha and Y.-H. Yang, "1000 Songs for Emotional Analysis of ' +
    'Music", CrowdMM, ACM Multimedia 2013',
  homepage: 'https://cvml.unige.ch/databases/emoMusic/',
  licence: 'for research, on request; the recordings are from the Free Music Archive, as their artists chose',
  audio: '744 excerpts of 45 s, 44 100 Hz MP3',
  howToGet:
    'Ask for the data on its home page and unpack it so that DIR/annotations/static_annotations.csv, ' +
    'DIR/annotations/songs_info.csv and DIR/clips_45seconds/2.mp3 are there (both lists in DIR will do too).',
  files: [],
  splits: [
    {
      name: 'mediaeval-2013',
      source:
        'the column "Mediaeval 2013 set" of songs_info.csv: development to train on, evaluation to test on',
      sizes: { train: 619, test: 125 },
    },
  ],
  knownFaults: [
    'The name speaks of 1000 songs; 744 are left without the repeated ones.',
    'Arousal and valence, 1 to 9, are values and no tags: extract features and use "transfer --task regression".',
  ],
};

const parts: Record<string, Split> = { development: 'train', evaluation: 'test' };
const songsInfo = 'songs_info.csv';
const averages = 'static_annotations.csv';

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const folder = await files.folderWith(averages, ['annotations']);
  const songs = await readSongs(root, folder);
  const listed: ListedClip[] = [];
  const columns = ['song_id', 'mean_arousal', 'mean_valence'];
  for await (const row of readTable(facts, root, folder + averages, { columns })) {
    const song = songs.get(row.get('song_id'));
    if (!song) throw new DatasetError(`${row.where}: song ${row.get('song_id')} is not in ${songsInfo}`);
    listed.push({
      path: `clips_45seconds/${row.get('song_id')}.mp3`,
      id: row.get('song_id'),
      labels: [],
      values: { arousal: readValue(row, 'mean_arousal'), valence: readValue(row, 'mean_valence') },
      ...song,
    });
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags: [], exclusive: false, split });
}

async function readSongs(
  root: string,
  folder: string,
): Promise<Map<string, { split: Split; artist: string }>> {
  const songs = new Map<string, { split: Split; artist: string }>();
  const columns = ['song_id', 'Artist', 'Mediaeval 2013 set'];
  for await (const row of readTable(facts, root, folder + songsInfo, { columns })) {
    const part = row.get('Mediaeval 2013 set');
    if (!(part in parts)) {
      throw new DatasetError(`${row.where}: unknown set "${part}"; expected development or evaluation`);
    }
    songs.set(row.get('song_id'), { split: parts[part], artist: row.get('Artist') });
  }
  return songs;
}

function readValue(row: TableRow, column: string): number {
  const value = Number(row.get(column));
  if (row.get(column) !== '' && value >= 1 && value <= 9) return value;
  throw new DatasetError(`${row.where}: ${column} is "${row.get(column)}"; expected a number 1 … 9`);
}

export const emoMusic: KnownDataset = { facts, list };
