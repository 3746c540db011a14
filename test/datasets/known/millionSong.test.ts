import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { millionSong } from '../../../datasets/known/millionSong.ts';
import { readLabelMatrix } from '../../../datasets/known/readLabelMatrix.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

/** A NumPy 1.0 file of booleans as `numpy.save` writes it, the header padded to 128 bytes. */
function npy(rows: number[][], descr = '|b1'): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`;
  const header = `${dict.padEnd(117)}\n`;
  return Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    118,
    0,
    ...Buffer.from(header),
    ...rows.flat(),
  ]);
}

const hot = (...columns: number[]) => Array.from({ length: 50 }, (_, i) => Number(columns.includes(i)));
const tree = {
  'train_x_msd_id.txt': 'TRAAAAW128F429D538\nTRAAABD128F429CF47\n',
  'train_x_filename.txt': '3/6/36122424.npy\n2/8/2852.npy\n',
  'train_y.npy': npy([hot(0, 33), hot()]),
  'valid_x_msd_id.txt': 'TRAAADZ128F9348C2E\n',
  'valid_x_filename.txt': '1/1/11.npy\n',
  'valid_y.npy': npy([hot(49)]),
  'test_x_msd_id.txt': 'TRAAAEF128F4273421\n',
  'test_x_filename.txt': '9/9/99.npy\n',
  'test_y.npy': npy([hot(17)]),
  ...empty('3/6/36122424.clip.mp3', 'audio/2/8/2852.mp3', '1/1/11.clip.mp3'),
};

test('50 tags by column, parts by file, previews wherever this copy has them', async () => {
  const dataset = await millionSong.list(await writeTree(tree));
  expect(new Set(dataset.tags).size).toBe(50);
  // column 0 rock, 17 Mellow, 33 Hip-Hop, 49 happy: `tag_names` as published with the model of arXiv:1703.09179
  expect(withoutSources(dataset)).toEqual({
    TRAAAAW128F429D538: { labels: ['rock', 'Hip-Hop'], split: 'train' },
    TRAAABD128F429CF47: { labels: [], split: 'train' },
    TRAAADZ128F9348C2E: { labels: ['happy'], split: 'valid' },
  });
  expect(dataset.skipped.map(({ reason }) => reason)).toEqual(['file not found']);
});

test.each([
  ['a missing matrix', { ...tree, 'test_y.npy': '' }, 'test_y.npy: not a NumPy file'],
  [
    'a list too short',
    { ...tree, 'valid_x_filename.txt': '' },
    'valid_x_msd_id.txt has 1 lines, valid_x_filename.txt 0, and valid_y.npy is 1 × 50',
  ],
  [
    'another number of tags',
    { ...tree, 'valid_y.npy': npy([[1, 0]]) },
    'valid_y.npy is 1 × 2; expected as many rows as lines, and 50 columns',
  ],
  ['floats', { ...tree, 'valid_y.npy': npy([hot()], '<f4') }, 'its numbers are "<f4", not booleans or bytes'],
  [
    'a matrix cut off',
    { ...tree, 'valid_y.npy': npy([hot()]).subarray(0, 150) },
    '22 numbers where its header says 1 × 50',
  ],
  ['a label of 2', { ...tree, 'valid_y.npy': npy([hot().with(3, 2)], '|u1') }, 'a number is neither 0 nor 1'],
])('%s is refused', (_, files, message) => expectRefused(millionSong, files, message));

test('no lists and no audio are told with what to get', async () => {
  await expectRefused(
    millionSong,
    empty('3/6/36122424.clip.mp3'),
    'train_x_msd_id.txt is missing. Get {train,valid,test}_x_msd_id.txt',
  );
  const lists = Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('.mp3')));
  await expectRefused(millionSong, lists, 'none of its 4 recordings');
});

const published = '../shared/data/msd-tags';
test.skipIf(!existsSync(published))('the published matrices have the sizes that the facts state', () => {
  for (const part of ['valid', 'test'] as const) {
    const path = `${published}/${part}_y.npy`;
    const { rows, columns } = readLabelMatrix(readFileSync(path), path);
    expect([rows, columns]).toEqual([millionSong.facts.splits[0].sizes![part], 50]);
  }
});
