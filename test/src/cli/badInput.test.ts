/** Every kind of bad input: one line with the path and the way out, exit code 2; or skipped among good ones. */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { loadTagger } from '../../../src/models/tagger.ts';
import { tagWaveform } from '../../../src/models/tagWaveform.ts';
import { buildWav } from '../audio/buildWav.ts';
import { expectRefusal, runCommand, startProgram } from '../../support/runCommand.ts';
import { renderSound, soundRate, writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const train = (data: string, ...options: string[]) =>
  runCommand('train', '--data', temp(data), '--out', temp('out'), ...tinyModel, ...options);
const tag = (...args: string[]) =>
  runCommand('tag', '--model', temp('run'), '--engine', 'wasm', '--json', ...args);
const evaluate = (data: string, ...options: string[]) =>
  runCommand('evaluate', '--model', temp('run'), '--data', temp(data), '--engine', 'wasm', ...options);

beforeAll(async () => {
  await writeSounds(temp('data'), { count: 3 });
  const trained = await runCommand(
    ...['train', '--data', temp('data'), '--out', temp('run'), ...tinyModel, '--epochs', '1'],
  );
  expect(trained.code, trained.stderr).toBe(0);
});

function manifest(name: string, ...lines: string[]): string {
  writeFileSync(temp(name), lines.join('\n'));
  return name;
}

/** What each is, how it is made (giving the command's end), and what the line must hold beside it. */
const refused: [name: string, run: () => ReturnType<typeof runCommand>, parts: () => string[]][] = [
  [
    'an empty folder',
    async () => {
      mkdirSync(temp('emptyFolder'));
      return train('emptyFolder');
    },
    () => [temp('emptyFolder'), 'is empty', 'one sub-folder of recordings per class'],
  ],
  [
    'a folder with one class',
    async () => {
      await writeSounds(temp('oneClass'), { classes: ['sine'], count: 2 });
      return train('oneClass');
    },
    () => [temp('oneClass'), 'one class "sine"', 'at least two class folders'],
  ],
  [
    'a folder whose files are all bad but for one class',
    async () => {
      await writeSounds(temp('oneLeft'), { classes: ['sine'], count: 2 });
      mkdirSync(temp('oneLeft', 'noise'));
      writeFileSync(temp('oneLeft', 'noise', 'a.wav'), '');
      return train('oneLeft');
    },
    () => [temp('oneLeft', 'noise', 'a.wav'), '2 usable clips of 1 tag are left', 'empty'],
  ],
  ['a missing folder', () => train('nowhere'), () => [temp('nowhere'), 'expected']],
  [
    'a manifest with a missing column',
    () => train(manifest('noTags.csv', 'path,label', 'data/sine/0.wav,sine')),
    () => [`${temp('noTags.csv')} line 1`, 'no column "tags"', 'path,tags'],
  ],
  [
    'a manifest with an unknown tag',
    () => evaluate(manifest('unknownTag.csv', 'path,tags', 'data/sine/0.wav,sin', 'data/noise/0.wav,noise')),
    () => [
      `${temp('unknownTag.csv')} line 2`,
      'unknown tag "sin"',
      'clicks, noise, sine',
      'did you mean "sine"?',
    ],
  ],
  [
    'a manifest whose paths are all missing',
    () => train(manifest('noPaths.csv', 'path,tags', 'a.wav,sine', 'b.wav,noise')),
    () => [temp('noPaths.csv'), temp('a.wav'), 'relative to the folder of the CSV'],
  ],
  [
    'a manifest with a duplicate path',
    () => train(manifest('twice.csv', 'path,tags', 'data/sine/0.wav,sine', './data/sine/0.wav,noise')),
    () => [temp('twice.csv'), 'line 2', 'line 3', 'data/sine/0.wav', 'keep one'],
  ],
  [
    'a manifest without a clip to train on',
    () =>
      train(
        manifest(
          'allTest.csv',
          'path,tags,split',
          'data/sine/0.wav,sine,test',
          'data/noise/0.wav,noise,test',
        ),
      ),
    () => ['allTest', 'none of its 2 usable clips is to train on', '"split"'],
  ],
  [
    'a model that does not exist',
    () => runCommand('tag', '--model', temp('noModel'), temp('data', 'sine', '0.wav')),
    () => [temp('noModel'), 'no such model', 'sonotag train'],
  ],
  [
    'a run that has not ended',
    () => {
      cpSync(temp('run', 'checkpoint'), temp('unfinished', 'checkpoint'), { recursive: true });
      return runCommand('tag', '--model', temp('unfinished'), temp('data', 'sine', '0.wav'));
    },
    () => [temp('unfinished'), 'training has not ended', '--resume'],
  ],
  [
    'a damaged model',
    () => {
      cpSync(temp('run'), temp('damaged'), { recursive: true });
      truncateSync(temp('damaged', 'model', 'weights.bin'), 100);
      return runCommand('tag', '--model', temp('damaged'), temp('data', 'sine', '0.wav'));
    },
    () => [temp('damaged', 'model', 'weights.bin'), '100 bytes', 'again'],
  ],
  [
    'tag with a model of another sampling rate than expected',
    () => tag('--sample-rate', '16000', temp('data', 'sine', '0.wav')),
    () => [temp('run'), '8000 Hz', '16000 Hz', 'leave the option out'],
  ],
  [
    'evaluate with a model of another sampling rate than expected',
    () => evaluate('data', '--sample-rate', '16000'),
    () => [temp('run'), '8000 Hz', '16000 Hz', 'leave the option out'],
  ],
  ['an unknown option', () => train('data', '--epoch', '3'), () => ["'--epoch'", 'Did you mean --epochs?']],
  [
    'an unknown command',
    () => runCommand('trian'),
    () => ["'trian'", 'Did you mean train?', 'sonotag --help'],
  ],
  [
    'an unknown experiment',
    () => runCommand('experiment', 'quikstart'),
    () => ['Did you mean quickstart?', 'sonotag experiment --help'],
  ],
  [
    "an unknown option of an experiment's",
    () => runCommand('experiment', 'quickstart', '--epoch', '3'),
    () => ['Did you mean --epochs?', 'sonotag experiment quickstart --help'],
  ],
  [
    'an engine that there is none of',
    () => train('data', '--engine', 'nonsense'),
    () => ["'nonsense'", 'auto, tensorflow, webgpu, wasm, cpu'],
  ],
  [
    'a value of the wrong kind',
    () => train('data', '--epochs', '0.5'),
    () => ["'0.5'", 'Expected a whole number >= 1.', 'sonotag train --help'],
  ],
  [
    'train without --data',
    () => runCommand('train', '--out', 'x'),
    () => ["'--data <data>'", 'sonotag train --help'],
  ],
  ['tag without a file', () => tag(), () => ["'file'", 'sonotag tag --help']],
  [
    '--resume together with --overwrite',
    () => train('data', '--resume', '--overwrite'),
    () => ["'--resume' cannot be used with option '--overwrite'"],
  ],
  [
    '--out that is a file',
    () => train('data', '--out', manifest('file', '') && temp('file')),
    () => [temp('file'), 'a file is in the way', '--out'],
  ],
  [
    'more --folds than the smallest class has clips',
    () => train('data', '--folds', '4'),
    () => ['--folds 4', '"clicks" has 3', 'Pass --folds 3 or less'],
  ],
  [
    'shares that leave nothing to train on',
    () => train('data', '--valid', '0.9', '--test', '0.5'),
    () => ['--valid 0.9 and --test 0.5', 'less than 1'],
  ],
  [
    'an input shorter than the DFT',
    () => train('data', '--seconds', '0.01'),
    () => ['80', '257 samples', 'longer input'],
  ],
  [
    'a learning rate at which training diverges',
    () => train('data', '--learning-rate', '1e15', '--out', temp('diverged')),
    () => ['in epoch 1', 'smaller --learning-rate than 1000000000000000'],
  ],
];

describe('refused in one line, with the exit code 2:', () => {
  test.each(refused)('%s', async (_name, run, parts) => {
    const line = expectRefusal(await run());
    for (const part of parts()) expect(line).toContain(part);
    expect(existsSync(temp('out', 'config.json')), 'nothing is begun').toBe(false);
  });
});

/** Files that cannot be used, by name: how they are made, and what is said of them. */
const badFiles: Record<string, [make: (path: string) => void | Promise<void>, said: string | RegExp]> = {
  'empty.wav': [(path) => writeFileSync(path, ''), /empty .*Replace it or remove it/],
  'truncated.wav': [
    async (path) => {
      await writeWav(path, renderSound('sine', 1), { sampleRate: soundRate });
      truncateSync(path, 3000);
    },
    /truncated.*Copy or download it again/,
  ],
  'silent.wav': [
    (path) => writeWav(path, new Float32Array(soundRate), { sampleRate: soundRate }),
    /silent.*Remove it/,
  ],
  'short.wav': [
    (path) => writeWav(path, renderSound('sine', 1).subarray(0, 400), { sampleRate: soundRate }),
    /too short: 0\.050 s; expected at least 0\.1 s\. Remove it or record more/,
  ],
  'text.mp3': [
    (path) => writeFileSync(path, 'This is not a song.'),
    /not an audio file .*Convert it or remove it/,
  ],
  'nan.wav': [
    (path) => {
      const samples = renderSound('sine', 1);
      samples[2000] = NaN;
      const data = Array.from(new Uint8Array(samples.buffer));
      writeFileSync(path, buildWav({ tag: 3, bits: 32, sampleRate: soundRate, data }));
    },
    /0\.250 s is NaN.*Export it again/,
  ],
};

describe('a file that cannot be used', () => {
  beforeAll(async () => {
    await writeSounds(temp('mixed'), { count: 4 });
    for (const [name, [make]] of Object.entries(badFiles)) {
      await make(temp(name));
      cpSync(temp(name), temp('mixed', 'sine', name));
    }
  });

  test.each(Object.entries(badFiles))('alone is refused by tag: %s', async (name, [, said]) => {
    const line = expectRefusal(await tag(temp(name)));
    expect(line).toContain(`sonotag: ${temp(name)}: `);
    expect(line).toMatch(said);
  });

  test('that is not there, or is a folder, is refused by tag', async () => {
    expect(expectRefusal(await tag(temp('nowhere.wav')))).toContain(temp('nowhere.wav'));
    expect(expectRefusal(await tag(temp('data')))).toContain('Name the files inside it.');
  });

  test.skipIf(process.getuid?.() === 0)('that may not be read is refused by tag', async () => {
    await writeWav(temp('secret.wav'), renderSound('sine', 1), { sampleRate: soundRate });
    chmodSync(temp('secret.wav'), 0);
    expect(expectRefusal(await tag(temp('secret.wav')))).toContain(temp('secret.wav'));
  });

  test('among good ones is skipped by train, each with its path and reason, and training ends with 1', async () => {
    const { code, stdout, stderr } = await train(
      'mixed',
      '--out',
      temp('mixedRun'),
      '--epochs',
      '1',
      '--json',
    );
    expect(code, stderr).toBe(1);
    const { skipped } = JSON.parse(stdout) as { skipped: { path: string; reason: string }[] };
    expect(skipped.map(({ path }) => path).sort()).toEqual(
      Object.keys(badFiles)
        .map((name) => `sine/${name}`)
        .sort(),
    );
    for (const [name, [, said]] of Object.entries(badFiles)) {
      const told = stderr.split('\n').filter((line) => line.includes(temp('mixed', 'sine', name)));
      expect(told, name).toHaveLength(1);
      expect(told[0]).toMatch(said);
    }
    expect(existsSync(temp('mixedRun', 'report.html'))).toBe(true);
  });

  test('a path of a manifest that is not there is skipped with its line', async () => {
    const rows = ['sine', 'noise'].flatMap((sound) =>
      [0, 1, 2].map((i) => `data/${sound}/${i}.wav,${sound}`),
    );
    const data = manifest('onePathMissing.csv', 'path,tags', 'gone.wav,sine', ...rows);
    const { code, stderr } = await train(data, '--out', temp('oneMissing'), '--epochs', '1');
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(`Skipped 1:\n  ${temp('gone.wav')}: file not found (${temp(data)} line 2)`);
  });
});

test('the library refuses a waveform at another rate than the model’s', async () => {
  const tagger = await loadTagger(temp('run'));
  const waveform = { samples: renderSound('sine', 1), sampleRate: 44_100 };
  await expect(tagWaveform(tagger, waveform)).rejects.toThrow(/44100 Hz.*8000 Hz/);
  tagger.model.dispose();
});

test('a run folder with a config.json that is none says what to do', async () => {
  mkdirSync(temp('odd'));
  for (const content of ['', 'null', '[]']) {
    writeFileSync(temp('odd', 'config.json'), content);
    const line = expectRefusal(await train('data', '--out', temp('odd'), '--resume'));
    expect(line).toContain(`${temp('odd', 'config.json')}: not a run's configuration. Pass --overwrite`);
  }
});

test('the program itself ends with 2 and one line, and shows help and version with 0', async () => {
  const [refusal, help, version, none] = await Promise.all(
    [['train', '--data', temp('nowhere'), '--out', temp('out')], ['tag', '--help'], ['--version'], []].map(
      (args) => startProgram(args).ended,
    ),
  );
  expect(expectRefusal(refusal)).toContain(temp('nowhere'));
  expect([help.code, version.code, none.code]).toEqual([0, 0, 2]);
  expect(help.stdout).toContain('--over-time');
  const { version: expected } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  expect(version.stdout).toBe(`${expected}\n`);
  expect(none.stderr).toContain('Usage: sonotag');
});
