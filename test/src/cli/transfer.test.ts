import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { writeNpy } from '../../../src/files/npy.ts';
import type { TransferResult } from '../../../src/transfer/transferResult.ts';
import { expectRefusal, runCommand, startProgram } from '../../support/runCommand.ts';
import { writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const named = (...options: string[]) => [
  ...[
    'transfer',
    '--features',
    temp('features'),
    '--labels',
    temp('labels'),
    '--task-name',
    'gtzan_speechmusic',
  ],
  ...['--folds', '4', '--threads', '1', ...options],
];
const result = (stdout: string) => JSON.parse(stdout) as TransferResult;

beforeAll(async () => {
  mkdirSync(temp('features'));
  mkdirSync(temp('labels'));
  const random = createRandom(5);
  const rows = 40;
  const labels = Array.from({ length: rows }, (_, row) => row % 2);
  for (const [name, spread] of Object.entries({ layer_0: 2.5, layer_1: 1.2, mfcc: 4 })) {
    const values = Float32Array.from(
      { length: 3 * rows },
      (_, i) => labels[Math.floor(i / 3)] + spread * random.uniform(-1, 1),
    );
    await writeNpy(temp('features', `gtzan_speechmusic_${name}.npy`), { shape: [rows, 3], values });
  }
  const table = labels.map((label, row) => `${row},clip${row},x.wav,${label}`);
  writeFileSync(temp('labels', 'gtzan_speechmusic.csv'), [',id,filepath,label', ...table].join('\n'));
  writeFileSync(
    temp('paper-results.json'),
    '{"gtzan_speechmusic": {"mine_0": 0.5, "mine_01": 0.75, "mfcc_4": 0.25}}',
  );

  await writeSounds(temp('sounds'), { count: 6 });
  for (const run of ['run', 'other']) {
    const seed = run === 'run' ? '1' : '2';
    const options = [
      '--data',
      temp('sounds'),
      '--out',
      temp(run),
      ...tinyModel,
      '--epochs',
      '1',
      '--seed',
      seed,
    ];
    const trained = await runCommand('train', ...options, '--test', '0');
    expect(trained.code, trained.stderr).toBe(0);
  }
  const made = await runCommand(
    ...[
      'features',
      '--model',
      temp('run'),
      '--data',
      temp('sounds'),
      '--out',
      temp('f.h5'),
      '--engine',
      'wasm',
    ],
  );
  expect(made.code, made.stderr).toBe(0);
});

test('a named task finds its files and the published scores beside them; --json has a row a subset', async () => {
  const { code, stdout, stderr } = await runCommand(...named('--json'));
  expect(code, stderr).toBe(0);
  const { task, kind, rows } = result(stdout);
  expect([task, kind]).toEqual(['gtzan_speechmusic', 'classification']);
  expect(rows.map(({ subset, published }) => [subset, published])).toEqual([
    [[0, 1], 0.75],
    [[0], 0.5],
    [[1], null],
    [['mfcc'], 0.25],
    [['mfcc', 0, 1], null],
  ]);
  for (const { score, nestedScore, classifier } of rows) {
    expect(score).toBeGreaterThanOrEqual(nestedScore!);
    expect(classifier.classifier).toBe('svm');
  }
  expect(stderr).toContain('40 clips; layer0 3, layer1 3, mfcc 3');
  expect(stderr).toContain('2 classes; 4 stratified folds, unshuffled');
});

test('for people there is a table of ours, published and difference', async () => {
  const { stdout } = await runCommand(...named('--subsets', '1,0'));
  expect(stdout).toMatch(
    /layers +published +ours +difference +nested +whole grid +nested \[95 % interval\]\n/,
  );
  expect(stdout).toMatch(
    /\n {2}01 +0\.750000 +[01]\.\d{6} +[+-]?0\.\d{6} +[01]\.\d{3} +[01]\.\d{3} +[01]\.\d{3} \[0\.\d{3}, [01]\.\d{3}\]\n/,
  );
});

test.each(['knn', 'linear'])('--classifier %s, one subset, without nested scores', async (classifier) => {
  const { stdout } = await runCommand(
    ...named('--classifier', classifier, '--subsets', 'mfcc,1', '--no-nested', '--json'),
  );
  const [row] = result(stdout).rows;
  expect([row.subset, row.nestedScore, row.published, row.classifier.classifier]).toEqual([
    ['mfcc', 1],
    null,
    null,
    classifier,
  ]);
});

test('killed with SIGKILL and resumed, the result is that of a run without interruption', async () => {
  const whole = await runCommand(...named('--json'));
  const { child } = startProgram(named('--out', temp('killed')));
  while (!existsSync(temp('killed', 'subsets')) || readdirSync(temp('killed', 'subsets')).length === 0)
    await sleep(5);
  child.kill('SIGKILL');
  await once(child, 'close');
  const refused = await runCommand(...named('--out', temp('killed')));
  expect(expectRefusal(refused)).toContain('Pass --resume');
  const resumed = await runCommand(...named('--out', temp('killed'), '--resume', '--json'));
  expect(resumed.code, resumed.stderr).toBe(0);
  expect({ ...result(resumed.stdout), seconds: 0 }).toEqual({ ...result(whole.stdout), seconds: 0 });
  const files = readdirSync(temp('killed')).filter((name) => !name.startsWith('.'));
  expect(files.sort()).toEqual(['config.json', 'pipeline.json', 'report.html', 'result.json', 'subsets']);
  expect(JSON.parse(readFileSync(temp('killed', 'result.json'), 'utf8'))).toEqual(result(resumed.stdout));
});

test('a feature file of sounds goes from features to a pipeline that tells sounds that it has not heard', async () => {
  const { code, stderr } = await runCommand(
    ...[
      'transfer',
      '--features',
      temp('f.h5'),
      '--folds',
      '3',
      '--subsets',
      '0,1',
      '--threads',
      '1',
      '--out',
      temp('sound-run'),
    ],
  );
  expect(code, stderr).toBe(0);
  await writeSounds(temp('unheard'), { first: 60, count: 1 });
  const files = ['sine', 'noise', 'clicks'].map((name) => temp('unheard', name, '0.wav'));
  const predict = ['transfer', 'predict', '--pipeline', temp('sound-run'), '--engine', 'wasm'];
  const predicted = await runCommand(...predict, '--model', temp('run'), '--json', ...files);
  expect(predicted.code, predicted.stderr).toBe(0);
  const told = JSON.parse(predicted.stdout) as {
    path: string;
    label: string;
    scores: { label: string; score: number }[];
  }[];
  expect(told.map(({ path, label }) => [path, label])).toEqual(
    files.map((path, i) => [path, ['sine', 'noise', 'clicks'][i]]),
  );
  expect(told[0].scores.map(({ label }) => label).sort()).toEqual(['clicks', 'noise', 'sine']);

  const missing = await runCommand(...predict, '--model', temp('run'), files[0], temp('gone.wav'));
  expect(missing.code).toBe(1);
  expect(missing.stdout).toMatch(/0\.wav {2}sine {2}\(sine [01]\.\d\d, /);
  expect(missing.stderr).toContain('gone.wav');

  const other = expectRefusal(await runCommand(...predict, '--model', temp('other'), files[0]));
  const hashes = ['run', 'other'].map((run) => {
    const json = JSON.parse(readFileSync(temp(run, 'model', 'model.json'), 'utf8')) as {
      userDefinedMetadata: { weightsHash: string };
    };
    return json.userDefinedMetadata.weightsHash;
  });
  expect(other).toContain(hashes[0]);
  expect(other).toContain(hashes[1]);
});

test('a pipeline of MFCC and layers makes both of new sounds; of MFCC alone, it needs no model', async () => {
  const made = await runCommand(
    ...['features', '--mfcc', '--data', temp('sounds'), '--out', temp('mfcc.h5'), '--engine', 'wasm'],
  );
  expect(made.code, made.stderr).toBe(0);
  const fit = (subsets: string, out: string) =>
    runCommand(
      ...[
        'transfer',
        '--features',
        temp('f.h5'),
        '--mfcc',
        temp('mfcc.h5'),
        '--folds',
        '3',
        '--threads',
        '1',
      ],
      ...['--subsets', subsets, '--no-nested', '--out', temp(out)],
    );
  await writeSounds(temp('new'), { first: 80, count: 1 });
  const files = ['sine', 'noise', 'clicks'].map((name) => temp('new', name, '0.wav'));
  const predict = async (pipeline: string, ...model: string[]) => {
    const args = ['--pipeline', temp(pipeline), '--engine', 'wasm', '--json', ...model, ...files];
    return runCommand('transfer', 'predict', ...args);
  };
  const labels = (stdout: string) => (JSON.parse(stdout) as { label: string }[]).map(({ label }) => label);

  expect((await fit('mfcc,0,1', 'both-run')).code).toBe(0);
  const both = await predict('both-run', '--model', temp('run'));
  expect(both.code, both.stderr).toBe(0);
  expect(labels(both.stdout)).toEqual(['sine', 'noise', 'clicks']);
  expect(expectRefusal(await predict('both-run'))).toContain('Pass --model');

  expect((await fit('mfcc', 'mfcc-run')).code).toBe(0);
  const alone = await predict('mfcc-run');
  expect(alone.code, alone.stderr).toBe(0);
  expect(labels(alone.stdout)).toEqual(['sine', 'noise', 'clicks']);
});

test('features of random weights come beside the layers, matched by id', async () => {
  const made = await runCommand(
    ...[
      'features',
      '--model',
      temp('other'),
      '--data',
      temp('sounds'),
      '--out',
      temp('g.h5'),
      '--engine',
      'wasm',
    ],
  );
  expect(made.code, made.stderr).toBe(0);
  const { stdout } = await runCommand(
    ...['transfer', '--features', temp('f.h5'), '--random-features', temp('g.h5'), '--threads', '1'],
    ...['--folds', '3', '--subsets', '0', '--no-nested', '--json'],
  );
  expect(result(stdout).random.map(({ subset }) => subset)).toEqual([[0]]);
});

test('MFCC of a file of their own are used with the layers; a file of other clips is refused', async () => {
  const ids = ['clicks', 'noise', 'sine'].flatMap((sound) =>
    [0, 1, 2, 3, 4, 5].map((i) => `${sound}/${i}.wav`),
  );
  const write = (name: string, rows: string[]) => writeFileSync(temp(name), ['id,a,b', ...rows].join('\n'));
  write(
    'mfcc.csv',
    [...ids]
      .reverse()
      .map((id) => `${id},${id.startsWith('noise') ? 1 : 0},${id.startsWith('sine') ? 1 : 0}`),
  );
  write('less.csv', ['clicks/0.wav,1,2']);
  const transfer = (mfcc: string) =>
    runCommand(
      ...['transfer', '--features', temp('f.h5'), '--mfcc', temp(mfcc), '--threads', '1'],
      ...['--folds', '3', '--subsets', 'mfcc', '--no-nested', '--json'],
    );
  const [row] = result((await transfer('mfcc.csv')).stdout).rows;
  expect([row.subset, row.features, row.score]).toEqual([['mfcc'], 2, 1]);
  expect(expectRefusal(await transfer('less.csv'))).toContain('has no features of "clicks/1.wav"');
});

test('a pipeline on features of no known model cannot be used on audio, and a damaged one is named', async () => {
  await runCommand(...named('--subsets', '1', '--no-nested', '--out', temp('npy-run')));
  const predict = (pipeline: string) =>
    runCommand(
      ...['transfer', 'predict', '--pipeline', pipeline, '--model', temp('run'), '--engine', 'wasm', 'x.wav'],
    );
  expect(expectRefusal(await predict(temp('npy-run')))).toContain('does not say which model');
  writeFileSync(temp('npy-run', 'pipeline.json'), '{"format": "sonotag transfer pipeline"}');
  expect(expectRefusal(await predict(temp('npy-run')))).toContain('not a pipeline of this version');
  writeFileSync(temp('npy-run', 'pipeline.json'), '{');
  expect(expectRefusal(await predict(temp('npy-run')))).toContain('damaged');
  expect(expectRefusal(await predict(temp('nowhere')))).toContain('no such pipeline');
});

test.each<[string, string[], string]>([
  ['no features', ['transfer'], 'pass --features'],
  ['an unknown task', ['transfer', '--features', '.', '--task-name', 'gtzan'], 'no such task'],
  ['a subset that is no list', ['transfer', '--features', '.', '--subsets', '0;1'], 'Expected "all", "best"'],
  ['a layer twice', ['transfer', '--features', '.', '--subsets', '1,1'], 'each once'],
  [
    'an unknown classifier',
    ['transfer', '--features', '.', '--classifier', 'forest'],
    'Allowed choices are svm, knn, linear',
  ],
  [
    'no files to predict',
    ['transfer', 'predict', '--pipeline', 'x', '--model', 'y'],
    "missing required argument 'file'",
  ],
])('%s: one line and exit code 2', async (_, args, part) => {
  expect(expectRefusal(await runCommand(...args))).toContain(part);
});
