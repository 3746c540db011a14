import { existsSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { makeClip } from '../models/keras/clips.ts';
import { kerasFixture } from '../models/keras/fixtures.ts';
import { expectRefusal, runCommand } from '../../support/runCommand.ts';
import { writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
/** Mel-spectrogram model of 2000 samples at 4 kHz. */
const file = kerasFixture('kapreFirst.hdf5');
const clip = () => temp('clip.wav');

beforeAll(() => writeWav(clip(), makeClip(0, 3000), { sampleRate: 4000 }));

const tag = (model: string, ...options: string[]) =>
  runCommand(...['tag', '--model', model, '--engine', 'wasm', '--json', ...options, clip()]);

test('an imported model and the file itself tag alike, and what was decided goes to stderr', async () => {
  const imported = await runCommand('import', file, '--out', temp('model'));
  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stdout).toBe(`${temp('model')}: 5 tags from 0.50 s at 4000 Hz\n`);
  expect(imported.stderr).toContain(
    `${file}: 2 blocks of convolution, batch norm, activation and pool are fused\n`,
  );
  expect(imported.stderr).toContain('its outputs are called output0 to output4; --tags names them');
  const [byModel, byFile] = [await tag(temp('model')), await tag(file)];
  expect(byModel.code, byModel.stderr).toBe(0);
  expect(JSON.parse(byFile.stdout)).toEqual(JSON.parse(byModel.stdout));
  expect(byFile.stderr).toContain(`${file}: front end:`);
});

test('a .keras archive is imported and tagged with as an HDF5 file is', async () => {
  const archive = kerasFixture('keras3Mel.keras');
  const imported = await runCommand('import', archive, '--out', temp('keras3'), '--json');
  expect(imported.code, imported.stderr).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({
    ...{ sampleRate: 8000, samples: 600 },
    imported: { file: 'keras3Mel.keras', keras: '3.13.2' },
  });
  const [byModel, byFile] = [await tag(temp('keras3')), await tag(archive)];
  expect(byFile.code, byFile.stderr).toBe(0);
  expect(JSON.parse(byFile.stdout)).toEqual(JSON.parse(byModel.stdout));
});

test('--help lists the layers that can be imported', async () => {
  const { stdout } = await runCommand('import', '--help');
  expect(stdout).toMatch(
    /Layers that can be imported:\n {2}Activation, [^]*MelSpectrogram,[^]*ZeroPadding2D\n/,
  );
});

test('--json says what the model is and what it was imported from; options reach it', async () => {
  writeFileSync(temp('names.txt'), 'a\nb\nc\nd e\nf\n\n');
  const options = ['--tags', temp('names.txt'), '--reference', 'batch', '--batch-norm', 'batch'];
  const { code, stdout, stderr } = await runCommand(
    'import',
    file,
    '--out',
    temp('named'),
    ...options,
    '--json',
  );
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ file, model: temp('named'), tags: ['a', 'b', 'c', 'd e', 'f'], batchNorm: 'batch' },
    decibel: { of: 'power', reference: 'batch' },
    imported: { file: 'kapreFirst.hdf5', keras: '2.1.1', normalization: 'batch' },
  });
  expect(stderr).toContain('warning: batch norm and the front end');
  expect((await tag(temp('named'))).stderr).toContain('warning: normalises by the batch');
});

test('the 50 tags of the Million Song Dataset are taken where the file fits them, and can be asked for', async () => {
  const compact = kerasFixture('compact_theano.hdf5');
  const { stdout, stderr } = await runCommand('import', compact, '--out', temp('msd'), '--json');
  const { tags } = JSON.parse(stdout) as { tags: string[] };
  expect([tags.length, tags[0], tags[9], tags[49]]).toEqual([50, 'rock', 'jazz', 'happy']);
  expect(stderr).toContain('tags: the 50 of the Million Song Dataset');
  const refusal = await runCommand('import', file, '--out', temp('x'), '--tags', 'msd50');
  expect(refusal.stderr).toContain('has 5 outputs, but there are 50 names for them');
  expect(refusal.code).toBe(2);
});

test('features and evaluate take the file too', async () => {
  await writeSounds(temp('data'), { count: 1 });
  const features = await runCommand(
    ...[
      'features',
      '--model',
      file,
      '--data',
      temp('data'),
      '--out',
      temp('f.h5'),
      '--engine',
      'wasm',
      '--json',
    ],
  );
  expect(features.code, features.stderr).toBe(0);
  expect(JSON.parse(features.stdout)).toMatchObject({
    clips: 3,
    parts: [
      { dataset: 'layer0', layer: 'block0', units: ['block0/0', 'block0/1', 'block0/2'] },
      { dataset: 'layer1', layer: 'block1', units: ['block1/0', 'block1/1', 'block1/2', 'block1/3'] },
    ],
  });
  expect(existsSync(temp('f.h5'))).toBe(true);
  writeFileSync(
    temp('list.csv'),
    'path,tags\ndata/noise/0.wav,output0\ndata/sine/0.wav,output1;output2\ndata/clicks/0.wav,output3;output4\n',
  );
  const evaluated = await runCommand(
    ...['evaluate', '--model', file, '--data', temp('list.csv'), '--engine', 'wasm', '--json'],
  );
  expect(evaluated.code, evaluated.stderr).toBe(0);
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ clips: 3 });
});

test.each<[string, () => string[], string]>([
  ['no such file', () => [temp('none.hdf5')], 'none.hdf5: no such file'],
  ['a feature file', () => [temp('f.h5')], 'was not written by Keras'],
  [
    'another rate than the file has',
    () => [file, '--sample-rate', '8000'],
    'works at 4000 Hz, but --sample-rate',
  ],
  ['no length', () => [kerasFixture('kapreLast.hdf5')], 'Say how long, by --seconds'],
  ['no rate', () => [kerasFixture('coreSequential.h5')], 'no layer says the sample rate'],
  ['no names', () => [file, '--tags', temp('none.txt')], 'no file of tag names'],
])('%s is refused in one line', async (_what, args, message) => {
  expect(expectRefusal(await runCommand('import', ...args(), '--out', temp('refused')))).toContain(message);
  expect(existsSync(temp('refused'))).toBe(false);
});

test('a name twice in the list of names is refused with its line', async () => {
  writeFileSync(temp('twice.txt'), 'a\nb\na\n');
  const line = expectRefusal(
    await runCommand('import', file, '--out', temp('refused'), '--tags', temp('twice.txt')),
  );
  expect(line).toContain('line 3 is "a" again');
});

test('tag refuses a damaged file and another rate in one line', async () => {
  writeFileSync(temp('text.h5'), 'no');
  expect(expectRefusal(await tag(temp('text.h5')))).toContain('not an HDF5 file');
  expect(expectRefusal(await tag(file, '--sample-rate', '8000'))).toContain('expects 8000 Hz');
});
