import h5wasm, { ready } from 'h5wasm/node';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeNpy } from '../../../src/files/npy.ts';
import { namedTask } from '../../../src/transfer/namedTasks.ts';
import { readPublishedScores } from '../../../src/transfer/publishedScores.ts';
import {
  appendFeatureRows,
  createFeatureFile,
  finishFeatureFile,
} from '../../../src/features/featureFile.ts';
import { readFeatures } from '../../../src/transfer/readFeatures.ts';
import { readTask } from '../../../src/transfer/readTask.ts';
import { listSubsets, nameSubset } from '../../../src/transfer/subsets.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const options = { kind: 'classification', labelColumn: 'label', folds: 2 } as const;

function write(name: string, ...lines: string[]): string {
  writeFileSync(temp(name), lines.join('\n'));
  return temp(name);
}

async function writeLayer(name: string, rows: number[][], folder = 'features'): Promise<void> {
  const values = Float32Array.from(rows.flat());
  await writeNpy(temp(folder, name), { shape: [rows.length, rows[0].length], values });
}

/** A feature file of three clips with three layers, and labels. */
async function writeFeatureFile(
  path: string,
  labels: number[],
  provenance: Record<string, string> = {},
): Promise<string> {
  const part = (dataset: string, units: string[]) => ({ dataset, layer: dataset, pooling: 'mean', units });
  const parts = [part('layer0', ['a', 'b']), part('layer2', ['c']), part('layer10', ['d'])];
  await createFeatureFile(path, { parts, provenance });
  const rows = [[1, 2, 4, 7], [3, 4, 5, 8], [5, 6, 6, 9]].map((row) => Float32Array.from(row)); // prettier-ignore
  await appendFeatureRows(path, parts, rows);
  const ids = ['a.wav', 'b.wav', 'c.wav'];
  await finishFeatureFile(path, { ids, tags: ['cat', 'dog'], labels: Uint8Array.from(labels) });
  return path;
}

beforeAll(async () => {
  await ready;
  mkdirSync(temp('features'));
  await writeLayer('birds_layer_0.npy', [[1, 2], [3, 4], [5, 6], [7, 8]]); // prettier-ignore
  await writeLayer('birds_layer_1.npy', [[1], [2], [3], [4]]);
  await writeLayer('birds_mfcc.npy', [[9], [8], [7], [6]]);
});

test('a folder gives its layers in order, the MFCC last', async () => {
  const { rows, blocks, ids } = await readFeatures(temp('features'));
  expect({ rows, ids, names: blocks.map(({ name, columns }) => [name, columns]) }).toEqual({
    ...{ rows: 4, ids: null },
    names: [['layer0', 2], ['layer1', 1], ['mfcc', 1]], // prettier-ignore
  });
  expect(Array.from(blocks[0].values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a folder of two tasks asks which; one that is not there is named', async () => {
  mkdirSync(temp('two'));
  await writeLayer('a_layer_0.npy', [[1]], 'two');
  await writeLayer('b_layer_0.npy', [[1]], 'two');
  await expect(readFeatures(temp('two'))).rejects.toThrow('features of a, b; pass --task-name');
  await expect(readFeatures(temp('two'), 'c')).rejects.toThrow('holds no c_layer_0.npy');
  expect((await readFeatures(temp('two'), 'b')).rows).toBe(1);
});

test('layers of different lengths, and an array that is no table, are refused', async () => {
  mkdirSync(temp('bad'));
  await writeLayer('x_layer_0.npy', [[1], [2]], 'bad');
  await writeLayer('x_layer_1.npy', [[1]], 'bad');
  await expect(readFeatures(temp('bad'))).rejects.toThrow('x_layer_1.npy: has 1 rows');
  await writeNpy(temp('flat.npy'), { shape: [3], values: new Float32Array(3) });
  await expect(readFeatures(temp('flat.npy'))).rejects.toThrow('has shape [3]; expected [clips, features]');
  await expect(readFeatures(temp('nothing'))).rejects.toThrow('no such file or folder');
  await expect(readFeatures(write('f.txt', 'x'))).rejects.toThrow('not a kind of file that holds features');
});

test('a CSV gives one block, by id where there is such a column', async () => {
  const { blocks, ids } = await readFeatures(write('f.csv', 'id,x,y', 'one,1,2', 'two,3,-4e1'));
  expect([ids, blocks[0].name, Array.from(blocks[0].values)]).toEqual([
    ['one', 'two'],
    'layer0',
    [1, 2, 3, -40],
  ]);
  await expect(readFeatures(write('g.csv', 'x,y', '1,', '2,3'))).rejects.toThrow(
    'g.csv line 2: "" is not a number',
  );
  await expect(readFeatures(write('h.csv', 'x,y', '1'))).rejects.toThrow(
    'h.csv line 2: has 1 columns, the header 2',
  );
  await expect(readFeatures(write('i.csv', 'x,y'))).rejects.toThrow('holds no features');
});

test('a feature file gives its layers by number, ids, exclusive labels and where it is from', async () => {
  const path = await writeFeatureFile(temp('f.h5'), [1, 0, 0, 1, 1, 0], { weightsHash: 'abc' });
  const { blocks, ids, labels, provenance } = await readFeatures(path);
  expect(blocks.map(({ name }) => name)).toEqual(['layer0', 'layer2', 'layer10']);
  expect(Array.from(blocks[2].values)).toEqual([7, 8, 9]);
  expect([ids, labels, provenance]).toEqual([
    ['a.wav', 'b.wav', 'c.wav'],
    ['cat', 'dog', 'cat'],
    { weightsHash: 'abc' },
  ]);
  const { targets } = await readTask(await readFeatures(path), { ...options, folds: 2 });
  expect([Array.from(targets.values), targets.classes]).toEqual([
    [0, 1, 0],
    ['cat', 'dog'],
  ]);
});

test('a feature file with several labels a clip, and one of another program, need or get a word', async () => {
  const several = await readFeatures(await writeFeatureFile(temp('several.h5'), [1, 1, 0, 1, 1, 0]));
  await expect(readTask(several, options)).rejects.toThrow('does not hold one class a clip. Pass --labels');
  writeFileSync(temp('broken.h5'), 'not HDF5');
  await expect(readFeatures(temp('broken.h5'))).rejects.toThrow('broken.h5: not a feature file');
  const other = new h5wasm.File(temp('other.h5'), 'w');
  other.close();
  await expect(readFeatures(temp('other.h5'))).rejects.toThrow('other.h5: not a feature file');
});

test('labels find their clips by id; clips without a label are left out, and named', async () => {
  const features = await readFeatures(await writeFeatureFile(temp('g.h5'), [1, 0, 0, 1, 1, 0]));
  const labels = write('l.csv', 'path,id,label', 'x/c.wav,c.wav,9', 'x/d.wav,d.wav,9', 'x/a.wav,a.wav,10');
  const task = await readTask(features, { ...options, labels, splitColumn: 'path' });
  expect(task.targets).toMatchObject({ values: Float64Array.of(1, 0), classes: ['9', '10'] }); // by number
  expect(Array.from(task.features.blocks[0].values)).toEqual([1, 2, 5, 6]);
  expect([task.features.ids, task.unlabelled, task.withoutFeatures]).toEqual([
    ['a.wav', 'c.wav'],
    ['b.wav'],
    1,
  ]);
  const twice = write('twice.csv', 'id,label', 'a.wav,1', 'a.wav,2', 'b.wav,1');
  await expect(readTask(features, { ...options, labels: twice })).rejects.toThrow(
    'has "a.wav" more than once',
  );
  const strange = write('strange.csv', 'id,label', 'z.wav,1', 'y.wav,2');
  await expect(readTask(features, { ...options, labels: strange })).rejects.toThrow(
    'none of its rows is one of the features',
  );
});

test('without ids labels go by their order, and there must be as many', async () => {
  const features = await readFeatures(temp('features'));
  const labels = write('birds.csv', ',id,label,fold', '0,x,owl,1', '1,x,owl,2', '2,x,kite,1', '3,x,kite,2');
  const task = await readTask(features, { ...options, labels, splitColumn: 'fold' });
  expect([Array.from(task.targets.values), task.targets.classes]).toEqual([
    [1, 1, 0, 0],
    ['kite', 'owl'],
  ]);
  expect(Array.from(task.plan.parts)).toEqual([0, 1, 0, 1]);
  expect((await readTask(features, { ...options, labels: temp(), name: 'birds' })).targets).toEqual(
    task.targets,
  );
  const short = write('short.csv', 'label', 'owl', 'kite');
  await expect(readTask(features, { ...options, labels: short })).rejects.toThrow(
    'has 2 rows, the features 4',
  );
});

test.each<[string, Partial<Parameters<typeof readTask>[1]>, string]>([
  ['a column that is not there', { labelColumn: 'genre' }, 'no column "genre"; it has id, label, fold'],
  ['a split column that is not there', { splitColumn: 'part' }, 'no column "part"'],
  ['words where values are expected', { kind: 'regression' }, 'is not a number. For classes, leave out'],
  [
    'too many folds',
    { folds: 3 },
    '--folds 3: the number of folds must be whole, >= 2 and at most the 2 rows',
  ],
  ['a missing table', { labels: 'nowhere.csv' }, 'nowhere.csv: no such file or folder'],
])('%s: refused in one line', async (_, change, message) => {
  const features = await readFeatures(temp('features'));
  const labels = write('b.csv', ',id,label,fold', '0,x,owl,1', '1,x,owl,2', '2,x,kite,1', '3,x,kite,2');
  await expect(readTask(features, { ...options, labels, ...change })).rejects.toThrow(message);
});

test('one class alone, an empty label, and a folder without --task-name are refused', async () => {
  const features = await readFeatures(temp('features'));
  const refused = (labels: string) => expect(readTask(features, { ...options, labels })).rejects;
  await refused(write('one.csv', 'label', 'owl', 'owl', 'owl', 'owl')).toThrow('"owl" in all rows');
  await refused(write('empty.csv', 'label,x', 'owl,', 'kite,', ',', 'owl,')).toThrow('is empty in row 3');
  await refused(temp('features')).toThrow('a folder; pass --task-name');
});

test('the seven targets of the paper by name; a misspelt one is guessed', () => {
  expect(namedTask('emoMusic_v')).toMatchObject({
    files: 'emoMusic',
    kind: 'regression',
    label: 'label_valence',
  });
  expect(namedTask('urbansound').split).toBe('fold');
  expect(() => namedTask('gtzan_gnre')).toThrow('did you mean "gtzan_genre"');
  expect(() => namedTask('emoMusic')).toThrow('did you mean "emoMusic_v" or "emoMusic_a"');
  expect(() => namedTask('toString')).toThrow('no such task');
});

test('published scores go by the names of the subsets', async () => {
  const path = write('paper.json', '{"t": {"mine_013": 0.5, "mfcc_4": 0.25, "mfcc+12345_4": 0.75}}');
  expect([...(await readPublishedScores(path, 't'))]).toEqual([['013', 0.5], ['mfcc', 0.25], ['mfcc+01234', 0.75]]); // prettier-ignore
  expect((await readPublishedScores(path, 'u')).size).toBe(0);
  await expect(readPublishedScores(write('bad.json', '[1]'), 't')).rejects.toThrow('not a table of scores');
  await expect(readPublishedScores(join(temp(), 'no.json'), 't')).rejects.toThrow('no such file');
});

test('five layers and the MFCC have 33 subsets, in the order of the paper', () => {
  const blocks = ['layer0', 'layer1', 'layer2', 'layer3', 'layer4', 'mfcc'].map((name) => ({ name, columns: 1, values: new Float64Array(1) })); // prettier-ignore
  const names = listSubsets(blocks).map(nameSubset);
  expect(names).toHaveLength(33);
  expect(new Set(names).size).toBe(33);
  expect(names.slice(0, 8)).toEqual(['01234', '0123', '0124', '0134', '0234', '1234', '012', '013']);
  expect(names.slice(-3)).toEqual(['4', 'mfcc', 'mfcc+01234']);
  expect(nameSubset(['mfcc', 2, 11])).toBe('mfcc+2-11');
});
