/** One subset of the blocks through the protocol: the paper's score, and an honest one beside it. */
import type { HeldOutJob } from './heldOutJob.ts';
import type { SettingPredictions } from './predictSettings.ts';
import { indexOfHighest, scorePart, weightedMean } from './scores.ts';
import type { Setting } from './settings.ts';
import type { FoldPlan, Targets } from './transferTask.ts';

export interface SubsetScores {
  /** By the settings on features as they are: what the published code comes to, whose scaler is never switched on. */
  paper: Selection;
  /** By all settings. */
  whole: Selection;
  /** Fits, of all, that ended without having converged. */
  unconverged: number;
}

/** What some settings come to, the best of them chosen. */
export interface Selection {
  /** Place of the setting with the best mean score over the tested parts. */
  best: number;
  /** That mean, which is too good, since the setting was chosen by it. */
  score: number;
  /** Of `best`, one a tested part. */
  partScores: number[];
  /** One a tested part; null where no nested cross-validation was asked for. */
  nested: NestedPart[] | null;
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
  const counts = plan.outer.map((part) => rowsOfPart(part).length);
  // [tested parts][settings]
  const partScores = outer.map((predictions, place) => scoreAll(predictions, trueValues(plan.outer[place])));
  // [tested parts][settings]: what is left of the plan without the part
  const innerMeans = nested
    ? plan.outer.map((left, place) => {
        const inner = plan.inner[place].map((part) => innerScores(left, part));
        return meanOfSettings(inner, plan.inner[place].map((part) => rowsOfPart(part).length)); // prettier-ignore
      })
    : null;
  const everyPlace = [...settings.keys()];
  const asTheyAre = everyPlace.filter((place) => !settings[place].standardise);
  return { paper: select(asTheyAre), whole: select(everyPlace), unconverged };

  function select(allowed: number[]): Selection {
    const choose = (means: number[]) => allowed[indexOfHighest(allowed.map((place) => means[place]))];
    const means = meanOfSettings(partScores, counts);
    const best = choose(means);
    const toPart = (chosenBy: number[], place: number): NestedPart => {
      const setting = choose(chosenBy);
      const predicted = Array.from(outer[place][setting]);
      return { setting, chosenBy: chosenBy[setting], score: partScores[place][setting], predicted };
    };
    return {
      ...{ best, score: means[best], partScores: partScores.map((scores) => scores[best]) },
      nested: innerMeans && innerMeans.map(toPart),
    };
  }

  /** `[settings]` of part `part`, of what was trained without it and without `left`. */
  function innerScores(left: number, part: number): number[] {
    const { held, predictions } = pairs.find(
      ({ held: [a, b] }) => (a === left && b === part) || (a === part && b === left),
    )!;
    const rows = [...plan.parts.keys()].filter((row) => held.includes(plan.parts[row]));
    const places = [...rows.keys()].filter((i) => plan.parts[rows[i]] === part);
    const ofPart = predictions.map((predicted) => Float64Array.from(places, (place) => predicted[place]));
    return scoreAll(ofPart, trueValues(part));
  }

  function scoreAll(predictions: Float64Array[], values: Float64Array): number[] {
    return predictions.map((predicted) => scorePart(targets.kind, { trueValues: values, predicted }));
  }

  /** @param scores `[parts][settings]` */
  function meanOfSettings(scores: number[][], rows: number[]): number[] {
    return settings.map((_, setting) => weightedMean(scores.map((ofPart) => ofPart[setting]), rows)); // prettier-ignore
  }
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
