import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLabels, readScores, readTagNames } from '../../../src/noise/labelTable.ts';
import { writeNpy } from '../../../src/files/npy.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const write = (name: string, text: string) => {
  writeFileSync(temp(name), text);
  return temp(name);
};

test('tags in one column: what is not listed does not apply', async () => {
  const path = write('list.csv', 'split,path,tags\ntrain,a.wav,rock;pop\ntest,b.wav,\ntest,c.wav,jazz\n');
  const table = await readLabels(path, { tags: ['jazz', 'rock', 'pop'] });
  expect(table).toMatchObject({ ids: ['a.wav', 'b.wav', 'c.wav'], tags: ['jazz', 'rock', 'pop'] });
  expect([...table.labels]).toEqual([0, 1, 1, 0, 0, 0, 1, 0, 0]);
  expect((await readLabels(path)).tags).toEqual(['rock', 'pop', 'jazz']);
});

test('a column a tag: an empty cell is not known', async () => {
  const path = write('wide.csv', 'path,rock,pop\na,1,\nb,0,1\n');
  expect([...(await readLabels(path)).labels]).toEqual([1, NaN, 0, 1]);
  expect([...(await readLabels(path, { tags: ['pop'] })).labels]).toEqual([NaN, 1]);
});

test('predictions are read as labels and as scores', async () => {
  const path = write('predictions.csv', 'path,tags,rock,pop\na,pop,0.1,0.75\nb,,0.5,2e-3\n');
  expect((await readLabels(path)).tags).toEqual(['rock', 'pop']);
  const { tags, scores, labels } = await readScores(path);
  expect(tags).toEqual(['rock', 'pop']);
  expect([...scores]).toEqual([0.1, 0.75, 0.5, 0.002]);
  expect([...labels!]).toEqual([0, 1, 0, 0]);
});

test('other names of columns are told', async () => {
  const path = write('other.csv', ',id,filepath\n0,blues,x/a.au\n1,rock,x/b.au\n');
  const table = await readLabels(path, { pathColumn: 'filepath', tagColumn: 'id' });
  expect(table).toMatchObject({ ids: ['x/a.au', 'x/b.au'], tags: ['blues', 'rock'] });
});

test('a NumPy matrix is read with its names', async () => {
  await writeNpy(temp('y.npy'), { shape: [2, 2], values: Uint8Array.of(0, 1, 1, 0) });
  const names = await readTagNames(write('names.json', '{"tag_names": ["rock", "pop"]}'));
  expect(await readTagNames(write('names.txt', 'rock\npop\n'))).toEqual(names);
  expect([...(await readLabels(temp('y.npy'), { tags: names })).labels]).toEqual([0, 1, 1, 0]);
  await expect(readLabels(temp('y.npy'))).rejects.toThrow('--tag-names');
  await expect(readLabels(temp('y.npy'), { tags: ['rock'] })).rejects.toThrow('[clips, 1]');
});

test('what cannot be read is named in one line', async () => {
  await expect(readLabels(temp('none.csv'))).rejects.toThrow('none.csv: no such file');
  await expect(readLabels(write('head.csv', 'path,tags\n'))).rejects.toThrow('no rows');
  await expect(readLabels(write('id.csv', 'file,tags\na,b\n'))).rejects.toThrow('no column "path"');
  await expect(readLabels(write('twice.csv', 'path,tags\na,b\na,c\n'))).rejects.toThrow('"a" stands twice');
  await expect(readLabels(write('two.csv', 'path,rock\na,2\n'))).rejects.toThrow(
    'line 2, "rock": "2" is no label',
  );
  const list = write('unknown.csv', 'path,tags\na,rok\n');
  await expect(readLabels(list, { tags: ['rock'] })).rejects.toThrow(
    'line 2: unknown tag "rok"; expected "rock"',
  );
  await expect(readScores(write('bare.csv', 'path,tags\na,b\n'))).rejects.toThrow('no column of scores');
  await expect(readScores(write('nan.csv', 'path,rock\na,\n'))).rejects.toThrow('"" is not a score');
  await expect(readTagNames(write('bad.json', '{"a": 1}'))).rejects.toThrow('no list of tag names');
});

test('?tag in a list is unknown, as predictions.csv writes it', async () => {
  const path = write('unknown.csv', 'path,tags,rock,pop\na,pop;?rock,0.1,0.75\nb,?pop,0.5,2e-3\n');
  const table = await readLabels(path);
  expect(table.tags).toEqual(['rock', 'pop']);
  expect([...table.labels]).toEqual([NaN, 1, 0, NaN]);
  await expect(readLabels(path, { tags: ['rock'] })).rejects.toThrow('unknown tag "pop"');
});
