import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test, vi } from 'vitest';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { buildWav } from '../audio/buildWav.ts';
import { expectRefusal, runCommand, startProgram } from '../../support/runCommand.ts';
import { renderSound, soundRate, sounds, writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

interface Tagged {
  path: string;
  tags: { tag: string; probability: number }[];
  overTime?: { seconds: number; tags: Tagged['tags'] }[];
}

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const tag = (...args: string[]) => runCommand('tag', '--model', temp('run'), '--engine', 'wasm', ...args);
const tagJson = async (...args: string[]): Promise<Tagged[]> =>
  JSON.parse((await tag('--json', ...args)).stdout);

beforeAll(async () => {
  await writeSounds(temp('data'));
  const trained = await runCommand(
    ...['train', '--data', temp('data'), '--out', temp('run'), ...tinyModel, '--epochs', '10', '--test', '0'],
    ...['--mask', '0', '--speed', '0'], // four filters have no room for what augmentation teaches
  );
  expect(trained.code, trained.stderr).toBe(0);
  for (const sound of sounds) {
    await writeWav(temp(`${sound}.wav`), renderSound(sound, 99), { sampleRate: soundRate });
  }
  writeFileSync(temp('empty.wav'), '');
  writeFileSync(temp('text.mp3'), 'not a song');
});

test('--json prints path, tags and probabilities, the most probable first, and nothing else', async () => {
  const { code, stdout, stderr } = await tag('--json', ...sounds.map((sound) => temp(`${sound}.wav`)));
  expect(code, stderr).toBe(0);
  const tagged: Tagged[] = JSON.parse(stdout);
  expect(tagged.map(({ path }) => path)).toEqual(sounds.map((sound) => temp(`${sound}.wav`)));
  expect(tagged.map(({ tags }) => tags[0].tag)).toEqual(sounds);
  for (const file of tagged) {
    expect(Object.keys(file)).toEqual(['path', 'tags']);
    for (const entry of file.tags) expect(Object.keys(entry)).toEqual(['tag', 'probability']);
    const probabilities = file.tags.map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  }
});

test('a 24-bit stereo WAV at 44.1 kHz is mixed down, resampled and tagged as its sound', async () => {
  const data: number[] = [];
  for (let t = 0; t < 44_100; t++) {
    const left = Math.round(0.5 * 2 ** 23 * Math.sin((2 * Math.PI * 700 * t) / 44_100));
    for (const sample of [left, Math.round(left / 2)])
      data.push(sample & 255, (sample >> 8) & 255, (sample >> 16) & 255);
  }
  writeFileSync(temp('s24.wav'), buildWav({ channels: 2, sampleRate: 44_100, bits: 24, data }));
  const [{ tags }] = await tagJson(temp('s24.wav'));
  expect(tags[0].tag).toBe('sine');
  expect(tags).toHaveLength(3);
});

const song = fileURLToPath(new URL('../../../../shared/data/compact-cnn/bensound-cute.mp3', import.meta.url));
test.skipIf(!existsSync(song))('an MP3 recording is tagged (needs ../shared/data/compact-cnn)', async () => {
  const [{ path, tags }] = await tagJson(song);
  expect(path).toBe(song);
  expect(tags.map(({ tag }) => tag).sort()).toEqual(sounds);
});

test('an MP3 file is tagged', async () => {
  const fixture = fileURLToPath(new URL('../../fixtures/audio/lame-stereo.mp3', import.meta.url));
  expect((await tagJson(fixture))[0].tags).toHaveLength(3);
});

test('--top keeps the most probable', async () => {
  const [all] = await tagJson(temp('noise.wav'));
  const [top] = await tagJson(temp('noise.wav'), '--top', '2');
  expect(top.tags).toEqual(all.tags.slice(0, 2));
});

test('--windows first hears the start, all the whole file, --over-time each window', async () => {
  const halves = Float32Array.from([
    ...renderSound('sine', 5).subarray(0, 4000),
    ...renderSound('noise', 5).subarray(0, 4000),
  ]);
  await writeWav(temp('halves.wav'), halves, { sampleRate: soundRate });
  const [first] = await tagJson(temp('halves.wav'), '--windows', 'first');
  const [all] = await tagJson(temp('halves.wav'), '--over-time');
  // 1 s, windows of 0.5 s that overlap by half: at 0, 0.25 and 0.5 s
  expect(all.overTime!.map(({ seconds }) => seconds)).toEqual([0, 0.25, 0.5]);
  expect(all.overTime![0].tags[0].tag).toBe('sine');
  expect(all.overTime![2].tags[0].tag).toBe('noise');
  const heard = (tags: Tagged['tags'], wanted: string) => tags.find(({ tag }) => tag === wanted)!.probability;
  for (const sound of sounds) {
    // first is read to its end only, where resampling and the like could differ in the last place
    expect(heard(first.tags, sound)).toBeCloseTo(heard(all.overTime![0].tags, sound), 5);
    const mean = all.overTime!.reduce((sum, { tags }) => sum + heard(tags, sound) / 3, 0);
    expect(heard(all.tags, sound)).toBeCloseTo(mean, 6);
  }
});

test('for people, each file has its tags with bars, and the windows below with --over-time', async () => {
  const { stdout } = await tag(temp('sine.wav'), '--over-time', '--top', '1');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe(temp('sine.wav'));
  expect(lines[1]).toMatch(/^ {2}sine {2}[█░]{20} {2}\d\.\d{3}$/);
  expect(lines[2]).toMatch(/^ {6}0\.00 s {2}sine \d\.\d\d$/);
});

test('a bad file among good ones is named on stderr, the good ones are tagged, and the exit code is 1', async () => {
  const files = [
    temp('sine.wav'),
    temp('empty.wav'),
    temp('noise.wav'),
    temp('nowhere.wav'),
    temp('clicks.wav'),
  ];
  const { code, stdout, stderr } = await tag('--json', ...files);
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as Tagged[]).map(({ tags }) => tags[0].tag)).toEqual([
    'sine',
    'noise',
    'clicks',
  ]);
  expect(stderr).toContain('Skipped 2:\n');
  expect(stderr).toContain(`  ${temp('empty.wav')}: `);
  expect(stderr).toContain(`  ${temp('nowhere.wav')}: `);
  expect(stderr).not.toContain('sonotag: ');
});

test('only bad files are each named, and the exit code is 2', async () => {
  const ended = await tag('--json', temp('empty.wav'), temp('text.mp3'));
  expect(expectRefusal(ended)).toBe(
    'sonotag: none of the 2 files can be tagged; the reasons are listed above.',
  );
  expect(ended.stderr).toContain(`  ${temp('empty.wav')}: `);
  expect(ended.stderr).toContain(`  ${temp('text.mp3')}: `);
});

test('the program itself prints JSON alone on stdout, the engine and skipped files on stderr, and ends with 1', async () => {
  const { code, stdout, stderr } = await startProgram([
    ...['tag', '--model', temp('run'), '--json', temp('sine.wav'), temp('text.mp3')],
  ]).ended;
  expect(code, stderr).toBe(1);
  expect((JSON.parse(stdout) as Tagged[])[0].tags[0].tag).toBe('sine');
  expect(stderr).toMatch(/^engine \w+: /);
  expect(stderr).toContain(`  ${temp('text.mp3')}: not an audio file`);
  expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
