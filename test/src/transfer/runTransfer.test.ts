import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planFolds, planFromColumn } from '../../../src/transfer/foldPlan.ts';
import { readPublishedScores } from '../../../src/transfer/publishedScores.ts';
import { readFeatures } from '../../../src/transfer/readFeatures.ts';
import { readTask } from '../../../src/transfer/readTask.ts';
import { runTransfer, type TransferOptions } from '../../../src/transfer/runTransfer.ts';
import { nameSubset } from '../../../src/transfer/subsets.ts';
import type { FeatureBlock, FeatureSet, Targets, TaskKind } from '../../../src/transfer/transferTask.ts';
import { silentReporter } from '../../../src/reporter.ts';
import { tempFolder } from '../../support/tempFolder.ts';

interface Scores {
  score: number;
  nestedScore: number;
}

interface Case {
  blocks: Record<string, number[][]>;
  targets: number[];
  rows: Record<string, Scores & { whole: Scores }>;
}

/** The protocol in scikit-learn; test/fixtures/transfer/make.py makes it. */
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/transfer/protocol.json', import.meta.url), 'utf8'),
) as Record<TaskKind, Case> & { folds: number };
const temp = tempFolder();

function taskOf(kind: TaskKind): { task: string; features: FeatureSet; targets: Targets } {
  const { blocks, targets } = fixture[kind];
  const features: FeatureSet = {
    rows: targets.length,
    blocks: Object.entries(blocks).map(([name, rows]): FeatureBlock => {
      return { name, columns: rows[0].length, values: Float64Array.from(rows.flat()) };
    }),
    ...{ ids: null, labels: null, provenance: {} },
  };
  const classes = kind === 'classification' ? ['0', '1', '2', '3', '4'] : [];
  return { task: kind, features, targets: { kind, values: Float64Array.from(targets), classes } };
}

function optionsOf(kind: TaskKind): TransferOptions {
  const task = taskOf(kind);
  return { ...task, plan: planFolds(task.targets, fixture.folds), threads: 1 };
}

test.each<TaskKind>(['classification', 'regression'])(
  '%s: every score and nested score is what scikit-learn gets for the same protocol',
  async (kind) => {
    const { rows, unconverged } = await runTransfer({ ...optionsOf(kind), maxIterations: 10_000_000 });
    expect(rows.map(({ subset }) => nameSubset(subset))).toEqual(['01', '0', '1']);
    expect(unconverged).toBe(0);
    for (const row of rows) {
      const expected = fixture[kind].rows[nameSubset(row.subset)];
      for (const [ours, theirs] of [
        [row, expected],
        [row.whole, expected.whole],
      ] as const) {
        expect(ours.score).toBeCloseTo(theirs.score, kind === 'classification' ? 12 : 6);
        expect(ours.nestedScore).toBeCloseTo(theirs.nestedScore, kind === 'classification' ? 12 : 6);
        expect(ours.nestedInterval![0]).toBeLessThan(ours.nestedScore!);
        expect(ours.nestedInterval![1]).toBeGreaterThan(ours.nestedScore!);
        expect(ours.partScores).toHaveLength(fixture.folds);
      }
      expect(row.classifier.standardise).toBe(false);
    }
  },
);

test('worker threads give what one thread gives', async () => {
  const one = await runTransfer(optionsOf('classification'));
  const two = await runTransfer({ ...optionsOf('classification'), threads: 2 });
  expect({ ...two, seconds: 0 }).toEqual({ ...one, seconds: 0 });
});

test('"best" gives all scores, and the nested score of the best row alone', async () => {
  const all = await runTransfer(optionsOf('classification'));
  const best = await runTransfer({ ...optionsOf('classification'), subsets: 'best' });
  expect(best.rows.map(({ score }) => score)).toEqual(all.rows.map(({ score }) => score));
  expect(all.rows[0].whole.score).toBe(Math.max(...all.rows.map(({ whole }) => whole.score)));
  expect(best.rows[0]).toEqual(all.rows[0]);
  expect(best.rows.slice(1).map(({ whole }) => whole.nestedScore)).toEqual([null, null]);
  expect(best.honestBest).toBeNull();
});

test('layers and setting chosen without the part tested: as many subsets as parts, each one of the rows', async () => {
  const { honestBest, rows } = await runTransfer(optionsOf('classification'));
  expect(honestBest!.subsets).toHaveLength(fixture.folds);
  for (const subset of honestBest!.subsets) expect(rows.map((row) => row.subset)).toContainEqual(subset);
  expect(honestBest!.score).toBeLessThanOrEqual(Math.max(...rows.map(({ whole }) => whole.score)));
});

test('MFCC and random weights come as rows of their own; published scores beside those that have one', async () => {
  const options = optionsOf('classification');
  const [layer0, layer1] = options.features.blocks;
  const features = { ...options.features, blocks: [layer0, { ...layer1, name: 'mfcc' }] };
  const random = [{ ...layer1, name: 'layer0' }];
  const published = new Map([['0', 0.5]]);
  const result = await runTransfer({ ...options, features, random, published, nested: false });
  expect(result.rows.map(({ subset }) => subset)).toEqual([[0], ['mfcc'], ['mfcc', 0]]);
  expect(result.random.map(({ subset }) => subset)).toEqual([[0]]);
  const { rows } = fixture.classification;
  expect(result.rows.map(({ score }) => score)).toEqual([
    rows['0'].score,
    rows['1'].score,
    expect.closeTo(rows['01'].score),
  ]);
  expect(result.random[0].score).toBe(rows['1'].score);
  expect(result.rows.map((row) => row.published)).toEqual([0.5, null, null]);
  expect(result.rows[0].difference).toBeCloseTo(rows['0'].score - 0.5, 12);
});

test.each(['knn', 'linear'] as const)('%s goes through the same protocol', async (classifier) => {
  const { rows } = await runTransfer({ ...optionsOf('classification'), classifier, subsets: [[0, 1]] });
  expect(rows[0].classifier.classifier).toBe(classifier);
  expect(rows[0].score).toBeGreaterThan(0.5);
});

test('a fixed split fits on train and valid, and chooses the nested setting on valid alone', async () => {
  const { task, features, targets } = taskOf('classification');
  const column = Array.from({ length: 90 }, (_, row) => (row < 45 ? 'train' : row < 65 ? 'valid' : 'test'));
  const plan = planFromColumn(column, targets, 'here');
  expect(plan).toMatchObject({
    description: 'fixed split: 45 train, 20 valid, 25 test',
    outer: [0],
    inner: [[1]],
  });
  const { rows } = await runTransfer({ task, features, targets, plan, threads: 1, subsets: [[0, 1]] });
  expect(rows[0].partScores).toEqual([rows[0].score]);
  expect(rows[0].nestedScore! * 25).toBeCloseTo(Math.round(rows[0].nestedScore! * 25), 9);
  expect(rows[0].nestedScore).toBeLessThanOrEqual(rows[0].score);
  expect(rows[0].whole.score).toBeGreaterThanOrEqual(rows[0].score);
});

test('folds of a column go by number; without valid rows the setting is chosen on ten folds of train', () => {
  const { targets } = taskOf('classification');
  const folds = Array.from({ length: 90 }, (_, row) => String(1 + (row % 10)));
  const plan = planFromColumn(folds, targets, 'here');
  expect(plan.description).toBe('10 predefined folds');
  expect(Array.from(plan.parts.slice(0, 11))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
  const split = planFromColumn(
    folds.map((fold) => (fold === '1' ? 'test' : 'train')),
    targets,
    'here',
  );
  expect(split).toMatchObject({ outer: [0], inner: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] });
  expect(new Set(split.parts).size).toBe(11);
  expect(() =>
    planFromColumn(
      folds.map(() => '1'),
      targets,
      'L.csv',
    ),
  ).toThrow('L.csv: is "1" in all rows');
  expect(() =>
    planFromColumn(
      folds.map((fold) => (fold === '1' ? '' : fold)),
      targets,
      'L.csv',
    ),
  ).toThrow('is empty');
  expect(() =>
    planFromColumn(
      folds.map((fold) => (fold === '1' ? 'test' : 'rest')),
      targets,
      'L.csv',
    ),
  ).toThrow('has "rest"');
  expect(() =>
    planFromColumn(
      folds.map(() => 'train'),
      targets,
      'L.csv',
    ),
  ).toThrow('has train alone');
});

test('a run that was ended goes on: finished subsets are read, and the result is the same', async () => {
  const options = { ...optionsOf('classification'), out: temp('run') };
  const whole = await runTransfer(options);
  expect(readdirSync(temp('run', 'subsets')).sort()).toEqual([
    'layers0.json',
    'layers01.json',
    'layers1.json',
  ]);
  rmSync(temp('run', 'subsets', 'layers0.json'));
  let jobs = 0;
  const reporter = {
    ...silentReporter,
    bar: () => ({ update: () => void jobs++, skip: () => undefined, done: () => undefined }),
  };
  const resumed = await runTransfer({ ...options, whenExists: 'resume', reporter });
  expect({ ...resumed, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
  expect(jobs).toBe(4 + 6); // of one subset: four folds, and their pairs
  expect(existsSync(temp('run', 'subsets', 'layers0.json'))).toBe(true);
});

test('a run folder is not mixed with another run, and a damaged file is named', async () => {
  const options = { ...optionsOf('classification'), out: temp('other'), subsets: [[0]] };
  await runTransfer(options);
  await expect(runTransfer(options)).rejects.toThrow('Pass --resume to go on');
  const knn = { ...options, classifier: 'knn', whenExists: 'resume' } as const;
  await expect(runTransfer(knn)).rejects.toThrow('started with other features, labels, folds or options');
  writeFileSync(temp('other', 'subsets', 'layers0.json'), '{"configHash"');
  await expect(runTransfer({ ...options, whenExists: 'resume' })).rejects.toThrow(
    'layers0.json: damaged. Remove it',
  );
  const { rows } = await runTransfer({ ...knn, whenExists: 'overwrite' });
  expect(rows[0].classifier.classifier).toBe('knn');
});

test('features that are not finite, or not one row a label, are refused', async () => {
  const options = optionsOf('classification');
  const [layer0, layer1] = options.features.blocks;
  const bad = Float64Array.from(layer0.values, (value, i) => (i === 7 ? NaN : value));
  const withBlocks = (blocks: FeatureBlock[]) => ({ ...options, features: { ...options.features, blocks } });
  await expect(runTransfer(withBlocks([{ ...layer0, values: bad }]))).rejects.toThrow(
    'layer0: row 2, column 1 is NaN',
  );
  const short = { ...layer1, values: layer1.values.subarray(3) };
  await expect(runTransfer(withBlocks([layer0, short]))).rejects.toThrow(
    'layer1: has 89 rows, the others 90',
  );
  await expect(runTransfer({ ...options, subsets: [[3]] })).rejects.toThrow('there is no layer3');
});

const shared = new URL('../../../../shared/data/transfer/', import.meta.url);
const paper = new URL('paper-results.json', shared).pathname;
test.skipIf(!existsSync(paper))(
  "the paper's features of GTZAN speech/music give its scores for layer 0, and 1 and 2 (skipped without ../shared/data)",
  async () => {
    const read = await readFeatures(new URL('features', shared).pathname, 'gtzan_speechmusic');
    const labels = new URL('labels', shared).pathname;
    const named = { labels, name: 'gtzan_speechmusic', labelColumn: 'label', folds: 10 };
    const task = await readTask(read, { ...named, kind: 'classification' });
    const published = await readPublishedScores(paper, 'gtzan_speechmusic');
    const { rows } = await runTransfer({
      ...{ task: 'gtzan_speechmusic', ...task, published, nested: false, threads: 1 },
      subsets: [[0], [1, 2]],
    });
    expect(rows.map(({ difference }) => Number(difference!.toFixed(6)))).toEqual(
      [0, 0].map((zero) => expect.closeTo(zero, 6)),
    );
  },
);
