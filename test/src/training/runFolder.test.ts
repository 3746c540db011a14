import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RunFolder } from '../../../src/training/runFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const config = {
  sampleRate: 8000,
  frontEnd: { nFft: 512, nMels: 96 },
  epochs: 40,
  folds: null,
  data: 'songs',
  configHash: 'abc',
};

test('a folder that is not there is made, and one without a run is taken as it is', async () => {
  await new RunFolder(temp('new', 'deep')).prepare('refuse');
  expect(existsSync(temp('new', 'deep'))).toBe(true);
  writeFileSync(temp('new', 'notes.txt'), 'mine');
  await new RunFolder(temp('new')).prepare('refuse');
  expect(readdirSync(temp('new')).sort()).toEqual(['deep', 'notes.txt']);
});

test('a run that is there is refused with the ways out, unless it is to be resumed or overwritten', async () => {
  mkdirSync(temp('taken', 'checkpoint'), { recursive: true });
  const run = new RunFolder(temp('taken'));
  await expect(run.prepare('refuse')).rejects.toThrow(
    `${temp('taken')}: holds a run already (checkpoint). Pass --resume to go on with it, --overwrite to replace it, ` +
      'or another --out.',
  );
  await run.prepare('resume');
  await run.prepare('overwrite');
  expect(existsSync(temp('taken', 'checkpoint'))).toBe(true); // until the new run is sure to start
});

test('clear removes what is of a run, and nothing else', async () => {
  const run = new RunFolder(temp('cleared'));
  const ours =
    'config.json history.csv checkpoint/last.h5 folds/1/scores.json model/model.json metrics.json predictions.csv report.html';
  for (const name of [...ours.split(' '), 'notes.txt', 'models/a.json']) {
    mkdirSync(temp('cleared', name, '..'), { recursive: true });
    writeFileSync(temp('cleared', name), '');
  }
  await run.clear();
  expect(readdirSync(temp('cleared')).sort()).toEqual(['models', 'notes.txt']);
});

test('a file in the way is told as such', async () => {
  writeFileSync(temp('file'), '');
  for (const path of [temp('file'), temp('file', 'run')]) {
    await expect(new RunFolder(path).prepare('refuse')).rejects.toThrow(
      `${path}: cannot be a folder: a file is in the way. Choose another --out.`,
    );
  }
});

test('JSON is written whole, indented, with a line end', async () => {
  const run = new RunFolder(temp('json'));
  await run.writeJson('a/metrics.json', { x: [1] });
  expect(readFileSync(temp('json', 'a', 'metrics.json'), 'utf8')).toBe('{\n  "x": [\n    1\n  ]\n}\n');
  expect(readdirSync(temp('json', 'a'))).toEqual(['metrics.json']);
});

test('the same configuration, or none yet, may be resumed', async () => {
  const run = new RunFolder(temp('same'));
  await run.requireSameConfig(config);
  await run.writeJson('config.json', config);
  await run.requireSameConfig(structuredClone(config));
});

test('options that differ are named with both values, those of the front end by their own names', async () => {
  const run = new RunFolder(temp('differs'));
  await run.writeJson('config.json', config);
  const now = { ...config, epochs: 41, folds: 5, frontEnd: { nFft: 512, nMels: 64 }, configHash: 'xyz' };
  await expect(run.requireSameConfig(now)).rejects.toThrow(
    `${temp('differs', 'config.json')}: the run was started otherwise (epochs was 40, now 41; folds was null, now 5; ` +
      'nMels was 96, now 64). Resume with the same options and data, pass --overwrite to start anew, or choose ' +
      'another --out.',
  );
  await expect(run.requireSameConfig({ ...config, patience: 3 })).rejects.toThrow(
    'patience was not set, now 3',
  );
});

test('other clips under the same options are told as such', async () => {
  const run = new RunFolder(temp('clips'));
  await run.writeJson('config.json', config);
  await expect(run.requireSameConfig({ ...config, configHash: 'xyz' })).rejects.toThrow(
    '(its clips or their labels have changed)',
  );
});
