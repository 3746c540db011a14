/** From trials to figures with intervals, and to the answer. */
import { bootstrapInterval } from '../../src/metrics/bootstrapInterval.ts';
import { armName, arms, type Arm, type Condition } from './design.ts';
import type { Trial } from './trialStore.ts';

/** A figure on the test clips, with its 95 % bootstrap interval over the clips. */
export interface Figure {
  value: number;
  interval: [number, number] | null;
}

/** One condition, or all distorted ones together. */
export type Group = Condition | 'distorted';

export interface ArmSummary {
  arm: Arm;
  /** Number of the trial that is best on the validation part. */
  best: number;
  /** Its recall there, mean over the conditions. */
  valid: number;
  recalls: Partial<Record<Group, Figure>>;
  /** Less those of fixed chroma on the same clips; 0 for itself. */
  gains: Partial<Record<Group, Figure>>;
}

/** One choice less another, the best trials of two arms. */
export interface Effect {
  name: string;
  /** What it is about, and its name among others of the topic. */
  topic: 'regularisation' | 'distortions' | 'one distortion' | 'depth';
  short: string;
  clean: Figure;
  distorted: Figure;
}

/** `'overlap'`: the difference clears 0, but the two intervals overlap. */
export type Outcome = 'better' | 'overlap' | 'same' | 'worse';

export interface StudyAnalysis {
  arms: ArmSummary[];
  /** Name of the learned arm that is best on the validation part. */
  chosen: string;
  /** Of the chosen one against fixed chroma. */
  outcomes: Partial<Record<Group, Outcome>>;
  effects: Effect[];
}

export function analyse(trials: readonly Trial[], conditions: readonly Condition[]): StudyAnalysis {
  const bestOf = (arm: Arm) => best(trials.filter((trial) => armName(trial.arm) === armName(arm)));
  const groups: Group[] = [...conditions, 'distorted'];
  const members = (group: Group) =>
    group === 'distorted' ? conditions.filter((condition) => condition !== 'clean') : [group];
  const fixed = bestOf(arms[0]);
  const perGroup = <T>(make: (members: Condition[]) => T) =>
    Object.fromEntries(groups.map((group) => [group, make(members(group))])) as Partial<Record<Group, T>>;
  const summaries = arms.map((arm): ArmSummary => {
    const trial = bestOf(arm);
    return {
      arm,
      best: trial.trial,
      valid: trial.valid,
      recalls: perGroup((own) => recallOf(trial, own)),
      gains: perGroup((own) => differenceOf(trial, fixed, own)),
    };
  });
  const chosen = summaries.slice(1).reduce((first, second) => (second.valid > first.valid ? second : first));
  const outcomes = Object.fromEntries(
    groups.map((group) => [
      group,
      judge(chosen.recalls[group]!, summaries[0].recalls[group]!, chosen.gains[group]!),
    ]),
  );
  const effects = comparisons.map(({ first, second, ...named }) => {
    const pair = [bestOf(first), bestOf(second)] as const;
    return {
      ...named,
      clean: differenceOf(...pair, members('clean')),
      distorted: differenceOf(...pair, members('distorted')),
    };
  });
  return { arms: summaries, chosen: armName(chosen.arm), outcomes, effects };
}

/** Right seconds by counted seconds over test clips and conditions. */
export function testRecall(trial: Trial, conditions: readonly Condition[]): number {
  const { right, seconds } = secondsOf(trial, conditions);
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  return total(right) / total(seconds);
}

/** The one that does best on the validation part. */
function best(trials: readonly Trial[]): Trial {
  return trials.reduce((first, second) => (second.valid > first.valid ? second : first));
}

/** Of each clip, over the conditions. */
function secondsOf(
  trial: Trial,
  conditions: readonly Condition[],
): { right: Float64Array; seconds: Float64Array } {
  const nClips = trial.test[conditions[0]]!.length;
  const right = new Float64Array(nClips);
  const seconds = new Float64Array(nClips);
  for (const condition of conditions) {
    trial.test[condition]!.forEach((clip, i) => {
      right[i] += (clip.recall ?? 0) * clip.seconds;
      seconds[i] += clip.seconds;
    });
  }
  return { right, seconds };
}

function recallOf(trial: Trial, conditions: readonly Condition[]): Figure {
  const { right, seconds } = secondsOf(trial, conditions);
  return figureOf(right, seconds);
}

/** Paired: the same clips in every resample. */
function differenceOf(first: Trial, second: Trial, conditions: readonly Condition[]): Figure {
  const [a, b] = [secondsOf(first, conditions), secondsOf(second, conditions)];
  return figureOf(a.right.map((right, i) => right - b.right[i]), a.seconds); // prettier-ignore
}

function figureOf(right: Float64Array, seconds: Float64Array): Figure {
  const ratio = (clips: ArrayLike<number>) => {
    let [numerator, denominator] = [0, 0];
    for (let i = 0; i < clips.length; i++) {
      numerator += right[clips[i]];
      denominator += seconds[clips[i]];
    }
    return numerator / denominator;
  };
  const { interval } = bootstrapInterval(right.length, ratio, { seed: 1 });
  return { value: ratio(right.map((_, i) => i)), interval };
}

function judge(learned: Figure, fixed: Figure, gain: Figure): Outcome {
  if (gain.interval === null || (gain.interval[0] <= 0 && gain.interval[1] >= 0)) return 'same';
  if (gain.interval[1] < 0) return 'worse';
  return learned.interval![0] > fixed.interval![1] ? 'better' : 'overlap';
}

interface Comparison extends Pick<Effect, 'name' | 'topic' | 'short'> {
  first: Arm;
  second: Arm;
}

const comparisons: Comparison[] = compareArms();

function compareArms(): Comparison[] {
  const all = arms.find(({ training }) => training.length > 1)!.training;
  const arm = (layers: Arm['layers'], regularised: boolean, training = all): Arm => ({
    ...{ layers, regularised, training },
  });
  const kindOf = (regularised: boolean) => (regularised ? 'regularised' : 'free');
  const layerNames = ['', '1 layer', '2 layers', '3 layers'];
  const depths = [1, 2, 3] as const;
  const single = arms.filter(({ training }) => training.length === 1);
  return [
    ...depths.map((layers): Comparison => ({
      name: `${layerNames[layers]}: regularised − free`,
      topic: 'regularisation',
      short: layerNames[layers],
      first: arm(layers, true),
      second: arm(layers, false),
    })),
    ...[true, false].flatMap((regularised) =>
      depths.map((layers): Comparison => ({
        name: `${layerNames[layers]}, ${kindOf(regularised)}: all distortions − none`,
        topic: 'distortions',
        short: `${layerNames[layers]}, ${kindOf(regularised)}`,
        first: arm(layers, regularised),
        second: arm(layers, regularised, []),
      })),
    ),
    ...single.map((first): Comparison => ({
      name: `1 layer, regularised: ${first.training[0]} − none`,
      topic: 'one distortion',
      short: first.training[0],
      first,
      second: arm(1, true, []),
    })),
    ...[true, false].flatMap((regularised) =>
      ([2, 3] as const).map((layers): Comparison => ({
        name: `${kindOf(regularised)}: ${layerNames[layers]} − ${layerNames[layers - 1]}`,
        topic: 'depth',
        short: `${kindOf(regularised)}, ${layers} against ${layers - 1}`,
        first: arm(layers, regularised),
        second: arm((layers - 1) as 1 | 2, regularised),
      })),
    ),
  ];
}
