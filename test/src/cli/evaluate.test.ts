import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { expectRefusal, runCommand } from '../../support/runCommand.ts';
import { sounds, writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const evaluate = (data: string, ...options: string[]) =>
  runCommand('evaluate', '--model', temp('run'), '--data', temp(data), '--engine', 'wasm', ...options);

beforeAll(async () => {
  await writeSounds(temp('data'));
  const trained = await runCommand(
    ...['train', '--data', temp('data'), '--out', temp('run'), ...tinyModel, '--epochs', '10', '--test', '0'],
  );
  expect(trained.code, trained.stderr).toBe(0);
  await writeSounds(temp('unseen'), { first: 50, count: 4 });
});

test('--json gives accuracy and figures per tag, with intervals, on recordings not trained on', async () => {
  const { code, stdout, stderr } = await evaluate('unseen', '--json');
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({
    model: temp('run'),
    data: temp('unseen'),
    engine: 'wasm',
    clips: 12,
    skipped: [],
  });
  expect(result.accuracy).toBeGreaterThanOrEqual(0.9);
  expect(result.accuracyInterval[0]).toBeLessThan(result.accuracy);
  expect(
    result.perTag.map(({ tag, positives }: { tag: string; positives: number }) => [tag, positives]),
  ).toEqual(sounds.map((sound) => [sound, 4]));
  for (const { rocAuc, prAuc, rocAucInterval, prAucInterval } of result.perTag) {
    expect(rocAuc).toBeGreaterThan(0.9);
    expect(prAuc).toBeGreaterThan(0.9);
    for (const [low, high] of [rocAucInterval, prAucInterval]) expect(low).toBeLessThanOrEqual(high);
  }
  const diagonal = result.confusion.reduce((sum: number, row: number[], i: number) => sum + row[i], 0);
  expect(result.accuracy).toBe(diagonal / 12);
});

test('a folder with some of the classes is measured on these', async () => {
  await writeSounds(temp('two'), { classes: ['noise', 'sine'], first: 60, count: 3 });
  const { code, stdout, stderr } = await evaluate('two', '--json');
  expect(code, stderr).toBe(0);
  const { clips, perTag, accuracy } = JSON.parse(stdout);
  expect(clips).toBe(6);
  expect(accuracy).toBeGreaterThan(0.5);
  expect(perTag[0]).toMatchObject({ tag: 'clicks', positives: 0, rocAuc: null, prAuc: null });
  expect(perTag[0].undefinedReason).toBe('none of the 6 clips carries this tag');
  expect(perTag[1].rocAuc).not.toBeNull();
});

test('a folder with one class has an accuracy, and says why it has no ROC-AUC', async () => {
  await writeSounds(temp('one'), { classes: ['sine'], first: 70, count: 3 });
  const { code, stdout, stderr } = await evaluate('one');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/accuracy {6}\d\.\d{3} {2}\[/);
  expect(stdout).toMatch(/mean ROC-AUC {6}- *\n/);
  expect(stdout).toContain('all 3 clips carry this tag');
  expect(stdout).not.toMatch(/NaN|null|undefined/);
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp()))) {
    expect(line.length, line).toBeLessThanOrEqual(80);
  }
});

test('of a manifest with splits, the test part is measured, and this is said', async () => {
  const rows = sounds.flatMap((sound) => [
    `unseen/${sound}/0.wav,${sound},train`,
    `unseen/${sound}/1.wav,${sound},test`,
  ]);
  writeFileSync(temp('split.csv'), ['path,tags,split', ...rows].join('\n'));
  const { code, stdout, stderr } = await evaluate('split.csv', '--json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).clips).toBe(3);
  expect(stderr).toContain('3 of 6 clips: the part called "test"');
});

test('bad files among good ones are skipped, listed, and the exit code is 1', async () => {
  await writeSounds(temp('some'), { first: 80, count: 2 });
  writeFileSync(temp('some', 'noise', 'empty.wav'), '');
  const { code, stdout, stderr } = await evaluate('some', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ clips: 6, skipped: [{ path: 'noise/empty.wav' }] });
  expect(stderr).toContain(`  ${temp('some', 'noise', 'empty.wav')}: `);
});

test('a class folder that the model does not know is named with the tags that it knows', async () => {
  await writeSounds(temp('strange'), { count: 1 });
  renameSync(temp('strange', 'noise'), temp('strange', 'nois'));
  const line = expectRefusal(await evaluate('strange'));
  for (const part of [temp('strange', 'nois'), 'clicks, noise, sine', 'did you mean "noise"?']) {
    expect(line).toContain(part);
  }
});

test('where no file can be read, the first reason is told', async () => {
  for (const sound of ['noise', 'sine']) {
    mkdirSync(temp('unreadable', sound), { recursive: true });
    writeFileSync(temp('unreadable', sound, 'a.wav'), '');
  }
  expect(expectRefusal(await evaluate('unreadable'))).toContain(temp('unreadable', 'noise', 'a.wav'));
});
