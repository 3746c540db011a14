/** One subset of the blocks through the protocol: the paper's score, and an honest one beside it. */
import type { HeldOutJob } from './heldOutJob.ts';
import type { SettingPredictions } from './predictSettings.ts';
import { indexOfHighest, scorePart, weightedMean, type PartPredictions } from './scores.ts';
import type { Setting } from './settings.ts';
import type { FoldPlan, Targets } from './transferTask.ts';

export interface SubsetScores {
  /** Place of the setting with the best mean score over the tested parts. */
  best: number;
  /** That mean: the score of the paper, and too good, since the setting was chosen by it. */
  score: number;
  /** Of `best`, one a tested part. */
  partScores: number[];
  /** One a tested part; null where no nested cross-validation was asked for. */
  nested: NestedPart[] | null;
  /** Fits, of all, that ended without having converged. */
  unconverged: number;
}

/** What a tested part gets from the setting that the other parts choose. */
export interface NestedPart {
  setting: number;
  /** Mean score of the setting over the other parts: what it was chosen by. */
  chosenBy: number;
  score: number;
  /** Of the part's rows. */
  predicted: number[];
}

export interface ScoreSubsetOptions {
  blocks: number[];
  settings: Setting[];
  targets: Targets;
  plan: FoldPlan;
  nested: boolean;
  maxIterations: number;
  /** Whoever computes the predictions; several jobs are given at a time. */
  run(job: HeldOutJob): Promise<SettingPredictions>;
  /** Called after every job. */
  onJob(): void;
}

/**
 * Scores all settings on every tested part, and, nested, on what is left of the others. What is trained without parts
 * a and b serves twice, tested on b to choose settings for a, and on a to choose them for b: 45 trainings, not 90, for
 * the settings of ten folds.
 *
 * Nested cross-validation: Varma and Simon, "Bias in error estimation when using cross-validation for model
 * selection", BMC Bioinformatics 7:91, 2006.
 */
export async function scoreSubset(options: ScoreSubsetOptions): Promise<SubsetScores> {
  const { blocks, settings, targets, plan, nested, maxIterations, run, onJob } = options;
  let unconverged = 0;
  const compute = async (held: number[]) => {
    const result = await run({ blocks, held, settings, maxIterations });
    unconverged += result.unconverged;
    onJob();
    return result.predictions;
  };
  const rowsOfPart = (part: number) => [...plan.parts.keys()].filter((row) => plan.parts[row] === part);
  const trueValues = (part: number) => Float64Array.from(rowsOfPart(part), (row) => targets.values[row]);

  const [outer, pairs] = await Promise.all([
    Promise.all(plan.outer.map((part) => compute([part]))),
    nested
      ? Promise.all(heldPairs(plan).map(async (held) => ({ held, predictions: await compute(held) })))
      : [],
  ]);
  const tested: PartPredictions[][] = plan.outer.map((part, place) =>
    outer[place].map((predicted) => ({ trueValues: trueValues(part), predicted })),
  );
  const counts = plan.outer.map((part) => rowsOfPart(part).length);
  const partScores = tested.map((bySetting) => bySetting.map((one) => scorePart(targets.kind, one)));
  const means = settings.map((_, setting) =>
    weightedMean(
      partScores.map((scores) => scores[setting]),
      counts,
    ),
  );
  const best = indexOfHighest(means);
  const result = { best, score: means[best], partScores: partScores.map((scores) => scores[best]) };
  if (!nested) return { ...result, nested: null, unconverged };

  // [settings] scores of part `tested`, of what was trained without it and without `left`
  const innerScores = (left: number, part: number): number[] => {
    const { held, predictions } = pairs.find(
      ({ held: [a, b] }) => (a === left && b === part) || (a === part && b === left),
    )!;
    const rows = [...plan.parts.keys()].filter((row) => held.includes(plan.parts[row]));
    const places = [...rows.keys()].filter((i) => plan.parts[rows[i]] === part);
    const values = trueValues(part);
    return predictions.map((predicted) =>
      scorePart(targets.kind, {
        trueValues: values,
        predicted: Float64Array.from(places, (place) => predicted[place]),
      }),
    );
  };
  return {
    ...result,
    unconverged,
    nested: plan.outer.map((left, place): NestedPart => {
      const inner = plan.inner[place].map((part) => innerScores(left, part));
      const innerCounts = plan.inner[place].map((part) => rowsOfPart(part).length);
      const choice = settings.map((_, setting) =>
        weightedMean(
          inner.map((scores) => scores[setting]),
          innerCounts,
        ),
      );
      const setting = indexOfHighest(choice);
      return {
        setting,
        chosenBy: choice[setting],
        score: partScores[place][setting],
        predicted: Array.from(tested[place][setting].predicted),
      };
    }),
  };
}

/** Jobs that a subset takes. */
export function countJobs(plan: FoldPlan, nested: boolean): number {
  return plan.outer.length + (nested ? heldPairs(plan).length : 0);
}

/** Pairs of parts that are held out together, each once. */
function heldPairs({ outer, inner }: FoldPlan): [number, number][] {
  const pairs = new Map<string, [number, number]>();
  outer.forEach((left, place) => {
    for (const part of inner[place]) {
      const pair: [number, number] = left < part ? [left, part] : [part, left];
      pairs.set(pair.join(), pair);
    }
  });
  return [...pairs.values()];
}
