import { readFileSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, runCommand } from '../../support/runCommand.ts';
import { renderSound, soundRate, sounds, writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { tinyModel } from './tinyModel.ts';

const temp = tempFolder();
const json = (...parts: string[]) => JSON.parse(readFileSync(temp(...parts), 'utf8'));
const rows = (...parts: string[]) =>
  readFileSync(temp(...parts), 'utf8')
    .trimEnd()
    .split('\n');
const train = (data: string, out: string, ...options: string[]) =>
  runCommand('train', '--data', temp(data), '--out', temp(out), ...tinyModel, ...options);

beforeAll(async () => {
  await writeSounds(temp('data'));
});

describe('on a folder of class folders', () => {
  // four filters have no room for what augmentation teaches
  const options = ['--epochs', '16', '--test', '0.4', '--mask', '0', '--speed', '0'];
  let ended: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    ended = await train('data', 'run', ...options, '--baseline');
  });

  test('it ends with 0 and fills the run folder', () => {
    expect(ended.code, ended.stderr).toBe(0);
    const names =
      'config.json history.csv checkpoint/last.h5 checkpoint/best.h5 model/model.json model/weights.bin metrics.json predictions.csv report.html';
    for (const name of names.split(' ')) expect(existsSync(temp('run', name)), name).toBe(true);
  });

  test('it learns to tell tones, noise and clicks apart', () => {
    const { evaluation, baseline } = json('run', 'metrics.json');
    expect(evaluation.clips).toBeGreaterThanOrEqual(9); // 0.4 of 24
    expect(evaluation.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(baseline.meanRocAuc).toBeGreaterThan(0.9);
  });

  test('its figures are those of its own predictions', () => {
    const [header, ...lines] = rows('run', 'predictions.csv');
    expect(header).toBe('path,tags,clicks,noise,sine');
    const correct = lines.filter((line) => {
      const [path, tag, ...scores] = line.split(',');
      expect(path.split('/')[0]).toBe(tag);
      expect(scores.map(Number).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      return sounds[scores.indexOf(String(scores.reduce((a, b) => (Number(b) > Number(a) ? b : a))))] === tag;
    });
    const { evaluation } = json('run', 'metrics.json');
    expect(evaluation.clips).toBe(lines.length);
    expect(evaluation.accuracy).toBeCloseTo(correct.length / lines.length, 12);
  });

  test('what it prints fits 80 columns, but for paths, and holds no control characters', () => {
    const { stdout, stderr } = ended;
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => !line.includes(temp()));
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stderr).toMatch(/^engine wasm: .*\n/);
    expect(stderr).toContain('24 clips, 3 classes: ');
    expect(stderr).toMatch(/\nepoch 16\/16 {2}loss \d/);
    expect(stdout).toMatch(/accuracy {6}\d\.\d{3} {2}\[\d\.\d{3}, \d\.\d{3}\]/);
    expect(stdout).toContain(temp('run', 'report.html'));
  });

  test('the same command is refused with the ways out, and harms nothing', async () => {
    const before = readFileSync(temp('run', 'metrics.json'), 'utf8');
    const line = expectRefusal(await train('data', 'run'));
    for (const part of [temp('run'), '--resume', '--overwrite', '--out']) expect(line).toContain(part);
    expect(readFileSync(temp('run', 'metrics.json'), 'utf8')).toBe(before);
  });

  test('--overwrite with options that cannot work leaves the finished run alone', async () => {
    const before = readFileSync(temp('run', 'metrics.json'), 'utf8');
    expectRefusal(await train('data', 'run', '--overwrite', '--folds', '9'));
    expect(readFileSync(temp('run', 'metrics.json'), 'utf8')).toBe(before);
    expect(existsSync(temp('run', 'model', 'weights.bin'))).toBe(true);
  });

  test('--resume with other options names each with both values', async () => {
    const line = expectRefusal(await train('data', 'run', '--resume', '--epochs', '3', '--mels', '24'));
    expect(line).toContain('epochs was 16, now 3');
    expect(line).toContain('nMels was 16, now 24');
    expect(line).not.toContain('filters was');
  });

  test('--resume of a finished run gives the same model again', async () => {
    const { weightsHash } = json('run', 'metrics.json');
    const again = await train('data', 'run', '--resume', ...options, '--baseline');
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).not.toContain('loss');
    expect(json('run', 'metrics.json').weightsHash).toBe(weightsHash);
  });
});

test('--trainable-filterbank ends with a line that says how far the filterbank moved', async () => {
  const { code, stdout, stderr } = await train('data', 'moved', '--epochs', '1', '--trainable-filterbank');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^moved {4}logMel\/filterbank: \S+ of its norm, one value by up to \S+$/m);
  const { frontEnd } = json('moved', 'config.json');
  expect(frontEnd).toMatchObject({
    trainableFilterbank: true,
    trainableKernels: false,
    trainableWindow: false,
  });
});

test('--trainable-window with --trainable-kernels, which hold the window, is refused', async () => {
  const ended = await train('data', 'both', '--trainable-window', '--trainable-kernels');
  expect(expectRefusal(ended)).toContain(
    "option '--trainable-window' cannot be used with option '--trainable-kernels'",
  );
});

test('a manifest with several tags per clip and given splits is trained as it says', async () => {
  mkdirSync(temp('mixed'));
  const lines = ['path,tags,split'];
  for (let i = 0; i < 18; i++) {
    const tags = sounds.filter((_, s) => (i + 1) & (1 << s)); // every combination, and none
    const parts = (tags.length > 0 ? tags : sounds.slice(1, 2)).map((sound) => renderSound(sound, i));
    const mix = parts[0].map((sample, t) => (sample + (parts.at(-1)![t] ?? 0)) / 2);
    await writeWav(temp('mixed', `${i}.wav`), mix, { sampleRate: soundRate });
    lines.push(`${i}.wav,${tags.join(';')},${i < 10 ? 'train' : i < 13 ? 'valid' : 'test'}`);
  }
  writeFileSync(temp('mixed', 'clips.csv'), lines.join('\n'));
  const { code, stderr } = await train('mixed/clips.csv', 'mixedRun', '--epochs', '1');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('18 clips, 3 tags: 10 to train, 3 to validate, 5 to test; input 0.5 s');
  const [, ...predictions] = rows('mixedRun', 'predictions.csv');
  expect(predictions.map((line) => line.split(',').slice(0, 2).join())).toEqual(
    lines.slice(14).map((line) => line.split(',').slice(0, 2).join()),
  );
  expect(json('mixedRun', 'metrics.json').evaluation.accuracy).toBeUndefined();
});

test('--folds 3 scores every clip once and then trains a final model on all', async () => {
  const { code, stdout, stderr } = await train('data', 'folds', '--folds', '3', '--json');
  expect(code, stderr).toBe(0);
  const [, ...predictions] = rows('folds', 'predictions.csv');
  const paths = predictions.map((line) => line.split(',')[0]).sort();
  expect(paths).toEqual(sounds.flatMap((sound) => Array.from({ length: 8 }, (_, i) => `${sound}/${i}.wav`)));
  for (const fold of ['1', '2', '3']) expect(rows('folds', 'folds', fold, 'history.csv')).toHaveLength(3);
  const { evaluation, folds, path } = JSON.parse(stdout);
  expect(path).toBe(temp('folds'));
  expect(folds.map(({ clips }: { clips: number }) => clips)).toEqual([8, 8, 8]);
  const correct = folds.reduce((sum: number, fold: { accuracy: number }) => sum + 8 * fold.accuracy, 0);
  expect(evaluation.accuracy).toBeCloseTo(correct / 24, 12);
  expect(evaluation.accuracyInterval[0]).toBeLessThan(evaluation.accuracy);
  expect(evaluation.accuracyInterval[1]).toBeGreaterThan(evaluation.accuracy);
  expect(json('folds', 'model', 'model.json').userDefinedMetadata.training.clips).toBe(24);
  expect(readFileSync(temp('folds', 'report.html'), 'utf8')).toContain('Confusion');
});

test('bad files among good ones are named at the end and in the run folder, and the run ends with 1', async () => {
  await writeSounds(temp('some'), { count: 4, first: 20 });
  writeFileSync(temp('some', 'sine', 'empty.wav'), '');
  writeFileSync(temp('some', 'noise', 'text.mp3'), 'not a song');
  const { code, stdout, stderr } = await train('some', 'someRun', '--epochs', '1', '--json');
  expect(code, stderr).toBe(1);
  const { skipped } = JSON.parse(stdout);
  expect(skipped.map((clip: { path: string }) => clip.path).sort()).toEqual([
    'noise/text.mp3',
    'sine/empty.wav',
  ]);
  expect(json('someRun', 'metrics.json').skipped).toEqual(skipped);
  expect(stderr).toContain('Skipped 2:\n');
  expect(stderr).toContain(`  ${temp('some', 'sine', 'empty.wav')}: `);
  expect(readFileSync(temp('someRun', 'report.html'), 'utf8')).toContain('empty.wav');
  expect(existsSync(temp('someRun', 'model', 'weights.bin'))).toBe(true);
});

test.skipIf(process.platform === 'win32')(
  'a hostile file name is escaped in the report and on the terminal',
  async () => {
    const name = '<b>"x"&\u001b[31m\n.wav';
    await writeSounds(temp('hostile'), { count: 4 });
    for (const sound of sounds) {
      await writeWav(temp('hostile', sound, name), renderSound(sound, 30), { sampleRate: soundRate });
    }
    writeFileSync(temp('hostile', 'sine', `empty${name}`), '');
    const { code, stdout, stderr } = await train('hostile', 'hostileRun', '--epochs', '1', '--test', '0.8');
    expect(code, stderr).toBe(1);
    const report = readFileSync(temp('hostileRun', 'report.html'), 'utf8');
    expect(/&(lt|#60);b&(gt|#62);&(quot|#34);x&(quot|#34);&(amp|#38);/.test(report)).toBe(true);
    expect(report.includes('<b>"x"')).toBe(false);
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stderr).toContain('\\u001b[31m\\u000a.wav');
  },
);
