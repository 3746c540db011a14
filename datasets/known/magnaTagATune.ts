/** MagnaTagATune: 25 863 clips tagged by players of a game, 188 tags, in 16 folders that its splits go by. */

import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';
import type { TableRow } from './readTable.ts';

const folders = 'folders 0 to b train, c valid, d to f test (12:1:3), as in most work since 2014';

const facts: DatasetFacts = {
  name: 'magnatagatune',
  title: 'MagnaTagATune',
  citation:
    'E. Law, K. West, M. Mandel, M. Bay and J. S. Downie, "Evaluation of algorithms using games: the case of music ' +
    'tagging", ISMIR 2009',
  homepage: 'https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset',
  licence: 'CC BY-NC-SA 3.0',
  audio: '25 863 clips of 29 s, 16 kHz mono MP3 at 32 kbit/s, from 5223 songs of 230 artists',
  howToGet:
    'Get mp3.zip.001 to .003, annotations_final.csv and clip_info_final.csv from its home page, join the three parts ' +
    '(cat mp3.zip.* > mp3.zip) and unpack, so that DIR/annotations_final.csv and DIR/0/ to DIR/f/ are there ' +
    '(DIR/mp3/0/ will do too).',
  files: [
    { path: 'mp3.zip.001', md5: '179c91c8c2a6e9b3da3d4e69d306fd3b' },
    { path: 'mp3.zip.002', md5: 'acf8265ff2e35c6ff22210e46457a824' },
    { path: 'mp3.zip.003', md5: '582dc649cabb8cd991f09e14b99349a5' },
    { path: 'annotations_final.csv', md5: 'f04fa01752a8cc64f6e1ca142a0fef1d' },
    { path: 'clip_info_final.csv', md5: '03ef3cb8ddcfe53fdcdb8e0cda005be2' },
  ],
  splits: [
    { name: 'top50', source: `${folders}; the 50 most frequent tags, every clip` },
    {
      name: 'top50-tagged',
      source: `${folders}; the 50 most frequent tags, without the clips that carry none of them`,
    },
    { name: 'all188', source: `${folders}; all 188 tags, every clip` },
  ],
  knownFaults: [
    'Three MP3 files are empty: 6/norine_braun-now_and_zen-08-gently-117-146.mp3, ' +
      '8/jacob_heringman-josquin_des_prez_lute_settings-19-gintzler__pater_noster-204-233.mp3 and ' +
      '9/american_baroque-dances_and_suites_of_rameau_and_couperin-25-le_petit_rien_xiveme_ordre_couperin-88-117.mp3.',
    'Synonyms are tags of their own (vocal, vocals, voice, singing; no vocal, no vocals, no voice; woman, female, ' +
      'female voice, female vocal …). They are not merged here.',
    'A tag that no pair of players agreed on counts as absent; that it does not apply was not asked. How wrong that ' +
      'is: K. Choi, G. Fazekas, K. Cho and M. Sandler, "The Effects of Noisy Labels on Deep Convolutional Neural ' +
      'Networks for Music Tagging", 2018.',
  ],
};

/** By falling frequency, as published with the split. */
const top50 = (
  'guitar,classical,slow,techno,strings,drums,electronic,rock,fast,piano,ambient,beat,violin,vocal,synth,female,' +
  'indian,opera,male,singing,vocals,no vocals,harpsichord,loud,quiet,flute,woman,male vocal,no vocal,pop,soft,sitar,' +
  'solo,man,classic,choir,voice,new age,dance,male voice,female vocal,beats,harp,cello,no voice,weird,country,metal,' +
  'female voice,choral'
).split(',');

const annotations = 'annotations_final.csv';
const clipInfo = 'clip_info_final.csv';

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  const split = chooseSplit(facts, options.split)!;
  const files = new PresentFiles(root);
  const audio = await files.folderWith('0', ['mp3', 'mp3s']);
  const about = await readClipInfo(root, files);
  const rows = readTable(facts, root, annotations, {
    columns: ['clip_id', 'mp3_path', ...top50],
    separator: '\t',
  });
  let tags = top50;
  const listed: ListedClip[] = [];
  for await (const row of rows) {
    if (split.name === 'all188')
      tags = row.columns.filter((name) => name !== 'clip_id' && name !== 'mp3_path');
    const labels = tags.filter((tag) => isTagged(row, tag));
    if (split.name === 'top50-tagged' && labels.length === 0) continue;
    const path = row.get('mp3_path');
    listed.push({
      path: audio + path,
      id: path,
      labels,
      split: partOf(row, path),
      ...about.get(row.get('clip_id')),
    });
  }
  return datasetOf(facts, await listFiles(facts, files, listed), { tags, exclusive: false, split });
}

function isTagged(row: TableRow, tag: string): boolean {
  const value = row.get(tag);
  if (value === '1') return true;
  if (value === '0') return false;
  throw new DatasetError(`${row.where}: the tag "${tag}" is "${value}"; expected 0 or 1`);
}

function partOf({ where }: TableRow, path: string): Split {
  const folder = /^([0-9a-f])\//.exec(path)?.[1];
  if (folder === undefined) {
    throw new DatasetError(`${where}: the path "${path}" lies in none of the folders 0 to f`);
  }
  return folder <= 'b' ? 'train' : folder === 'c' ? 'valid' : 'test';
}

/** Artist and album of each clip, by its number; nothing where the list is not there, since only filters need it. */
async function readClipInfo(
  root: string,
  files: PresentFiles,
): Promise<Map<string, { artist: string; album: string }>> {
  const about = new Map<string, { artist: string; album: string }>();
  if (!(await files.has(clipInfo))) return about;
  const columns = ['clip_id', 'artist', 'album'];
  for await (const row of readTable(facts, root, clipInfo, { columns, separator: '\t' })) {
    about.set(row.get('clip_id'), { artist: row.get('artist'), album: row.get('album') });
  }
  return about;
}

export const magnaTagATune: KnownDataset = { facts, list };
