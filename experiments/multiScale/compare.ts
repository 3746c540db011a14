/** Which levels and scales tell the classes, and whether all of them tell more than the best single scale. */
import type { ProgressBar } from '../../src/reporter.ts';
import { bootstrapInterval } from '../../src/metrics/bootstrapInterval.ts';
import { indexOfHighest, scoreInterval } from '../../src/transfer/scores.ts';
import { countJobs, scoreSubset, type NestedPart } from '../../src/transfer/scoreSubset.ts';
import type { Setting } from '../../src/transfer/settings.ts';
import { TransferPool } from '../../src/transfer/transferPool.ts';
import type { FeatureBlock, FoldPlan, Targets } from '../../src/transfer/transferTask.ts';
import { poolings, type LevelBlock, type MapPooling } from './scaleFeatures.ts';

export type Levels = 'last level' | 'all levels';
export type Pooling = MapPooling | 'both';
export const allPoolings: Pooling[] = [...poolings, 'both'];

/** What a row of the table is made of. */
export interface Combination {
  /** Name of a scale; null for all of them. */
  scale: string | null;
  levels: Levels;
  pooling: Pooling;
}

export interface ScoredCombination extends Combination {
  /** Numbers a clip. */
  features: number;
  /** Of the nested cross-validation, with Wilson's 95 % interval over the clips. */
  accuracy: number;
  interval: [number, number];
}

/** All scales with all levels, against the single scale that is best without the part tested. */
export interface Comparison {
  pooling: Pooling;
  /** Of the single scale. */
  levels: Levels;
  /** How often each scale was the best, over the tested parts. */
  chosen: { scale: string; parts: number }[];
  singleAccuracy: number;
  /** Accuracy of all scales and levels less that of the single one, with the 95 % bootstrap interval over clips. */
  difference: number;
  interval: [number, number];
  /** Clips that only all scales and levels tell rightly, and that only the single scale does. */
  onlyAll: number;
  onlySingle: number;
}

export interface ScaleBlocks {
  name: string;
  /** Rows are the same clips in the same order for all scales. */
  blocks: LevelBlock[];
}

export interface CompareOptions {
  scales: ScaleBlocks[];
  targets: Targets;
  plan: FoldPlan;
  seed: number;
  threads?: number;
  bar(total: number): ProgressBar;
}

export interface ScaleComparison {
  rows: ScoredCombination[];
  comparisons: Comparison[];
  /** Fits that ended at the bound of steps. */
  unconverged: number;
}

/** Fixed before any result was seen: few, since a nested cross-validation tries each 55 times a row. */
const penalties = [0.01, 0.1, 1];
const settings: Setting[] = penalties.flatMap((c) =>
  [true, false].map((standardise): Setting => ({ classifier: 'svm', kernel: 'linear', c, standardise })),
);
const maxIterations = 100_000;

export const classifierDescription =
  'linear support vector machine, C 0.01, 0.1 or 1, features standardised or not, chosen without the fold tested';

/** What a combination gets: of every tested part, and of every clip. */
interface Outcome extends ScoredCombination {
  parts: NestedPart[];
  /** 1 where the clip's class is told rightly, `[clips]`. */
  hits: Uint8Array;
}

export async function compareScales(options: CompareOptions): Promise<ScaleComparison> {
  const { scales, targets, plan, seed, threads, bar: makeBar } = options;
  const blocks = scales.flatMap(({ name, blocks: own }) => own.map((block) => ({ scale: name, ...block })));
  const named = blocks.map((block): FeatureBlock => ({
    ...{
      name: `${block.scale} ${block.level} ${block.pooling}`,
      columns: block.columns,
      values: block.values,
    },
  }));
  const pool = new TransferPool(
    { kind: targets.kind, blocks: named, targets: targets.values, parts: plan.parts },
    threads,
  );
  const combinations = listCombinations(scales.map(({ name }) => name));
  const bar = makeBar(combinations.length * countJobs(plan, true));
  const outcomes: Outcome[] = [];
  let [done, unconverged] = [0, 0];
  try {
    for (const combination of combinations) {
      const places = placesOf(combination, blocks);
      const scores = await scoreSubset({
        ...{ blocks: places, settings, targets, plan, nested: true, maxIterations },
        run: (job) => pool.run(job),
        onJob: () => bar.update(++done, nameCombination(combination)),
      });
      unconverged += scores.unconverged;
      const features = places.reduce((sum, place) => sum + blocks[place].columns, 0);
      outcomes.push({ ...combination, features, ...outcomeOf(scores.whole.nested!) });
    }
  } finally {
    bar.done();
    await pool.close();
  }
  return {
    rows: outcomes.map(({ scale, levels, pooling, features, accuracy, interval }) => ({
      ...{ scale, levels, pooling, features, accuracy, interval },
    })),
    comparisons: allPoolings.flatMap((pooling) =>
      (['last level', 'all levels'] as const).map((levels) => compare(outcomes, pooling, levels, seed)),
    ),
    unconverged,
  };

  function outcomeOf(parts: NestedPart[]): Pick<Outcome, 'accuracy' | 'interval' | 'parts' | 'hits'> {
    const hits = new Uint8Array(targets.values.length);
    const predictions = parts.map(({ predicted }, place) => {
      const rows = rowsOf(plan, plan.outer[place]);
      rows.forEach((row, i) => (hits[row] = Number(predicted[i] === targets.values[row])));
      return {
        trueValues: Float64Array.from(rows, (row) => targets.values[row]),
        predicted: Float64Array.from(predicted),
      };
    });
    const interval = scoreInterval(targets.kind, predictions, seed)!;
    return { accuracy: mean(hits), interval, parts, hits };
  }

  function compare(all: Outcome[], pooling: Pooling, levels: Levels, ofSeed: number): Comparison {
    const everything = all.find((row) => row.scale === null && row.levels === 'all levels' && row.pooling === pooling)!; // prettier-ignore
    const singles = all.filter((row) => row.scale !== null && row.levels === levels && row.pooling === pooling); // prettier-ignore
    const hits = new Uint8Array(everything.hits.length);
    const best = plan.outer.map(
      (_, place) => singles[indexOfHighest(singles.map(({ parts }) => parts[place].chosenBy))],
    );
    best.forEach((single, place) => {
      for (const row of rowsOf(plan, plan.outer[place])) hits[row] = single.hits[row];
    });
    const differences = Float64Array.from(hits, (hit, row) => everything.hits[row] - hit);
    const { interval } = bootstrapInterval(
      differences.length,
      (drawn) => drawn.reduce((sum, row) => sum + differences[row], 0) / drawn.length,
      { seed: ofSeed },
    );
    return {
      ...{ pooling, levels, singleAccuracy: mean(hits), difference: mean(differences), interval: interval! },
      chosen: singles
        .map((single) => ({ scale: single.scale!, parts: best.filter((each) => each === single).length }))
        .filter(({ parts }) => parts > 0),
      onlyAll: differences.filter((difference) => difference > 0).length,
      onlySingle: differences.filter((difference) => difference < 0).length,
    };
  }
}

/** Each scale and all of them, with the last level and with all, each pooling. */
function listCombinations(scales: string[]): Combination[] {
  return allPoolings.flatMap((pooling) =>
    [...scales, null].flatMap((scale) =>
      (['last level', 'all levels'] as const).map((levels) => ({ scale, levels, pooling })),
    ),
  );
}

/** Places of the blocks that a combination takes; the last level is each tagger's own. */
function placesOf(
  { scale, levels, pooling }: Combination,
  blocks: readonly (LevelBlock & { scale: string })[],
): number[] {
  const lastOf = (name: string) =>
    Math.max(...blocks.filter((block) => block.scale === name).map(({ level }) => level));
  return [...blocks.keys()].filter((place) => {
    const block = blocks[place];
    const isOfScale = scale === null || block.scale === scale;
    const isOfLevels = levels === 'all levels' || block.level === lastOf(block.scale);
    const isOfPooling = pooling === 'both' ? !block.repeatsMean : block.pooling === pooling;
    return isOfScale && isOfLevels && isOfPooling;
  });
}

/** `1 s, last level`. */
export function nameCombination({ scale, levels }: Pick<Combination, 'scale' | 'levels'>): string {
  return `${scale ?? 'all scales'}, ${levels}`;
}

function rowsOf({ parts }: FoldPlan, part: number): number[] {
  return [...parts.keys()].filter((row) => parts[row] === part);
}

function mean(values: Uint8Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
