/** From scored cells to figures with intervals, and to the answer. */
import { studentInterval, type MeanInterval } from '../../src/metrics/studentInterval.ts';
import {
  amplitudes,
  frontEnds,
  scales,
  shares,
  type Amplitude,
  type FrontEnd,
  type Scale,
  type ScoredCell,
  type Share,
} from './design.ts';

/** A front end at a share: its mean over the seeds. */
export interface CellSummary extends MeanInterval {
  frontEnd: FrontEnd;
  share: Share;
  /** One a seed. */
  scores: number[];
}

/** One side of a comparison less the other. */
export interface Difference extends MeanInterval {
  name: string;
  /** Pairs of cells alike in all but what is compared. */
  pairs: number;
  /** Pairs in which the first is the better one. */
  wins: number;
}

/** Log at a share of the data less linear at a share. */
export interface ShareDifference extends Difference {
  log: Share;
  linear: Share;
}

/** Mean over front ends, seed by seed, at each share. */
export interface LearningCurve {
  amplitude: Amplitude;
  points: MeanInterval[];
}

export interface TaskAnalysis {
  cells: CellSummary[];
  /** Of all front ends, and of those of each scale. */
  curves: Record<'all' | Scale, LearningCurve[]>;
  /** Log less linear, at the same share and with less data. */
  halving: Record<'all' | Scale, ShareDifference[]>;
  /** What each choice does with all data, the others being equal. */
  effects: Difference[];
  /** Does log need half the data? */
  verdict: Verdict;
}

/** `'same'`: no difference that the seeds can tell. */
export type Outcome = 'better' | 'worse' | 'same';

/**
 * Of log with half the data against linear: better in every comparison, never worse, better or the same in one and
 * worse in another, worse in every one.
 */
export type Verdict = 'yes' | 'as far as can be told' | 'in part' | 'no';

export function analyse(cells: ScoredCell[]): TaskAnalysis {
  const groups = ['all', ...scales] as const;
  const ofGroup = (group: 'all' | Scale) =>
    cells.filter(({ frontEnd }) => group === 'all' || frontEnd.scale === group);
  const perGroup = <T>(make: (own: ScoredCell[]) => T) =>
    Object.fromEntries(groups.map((group) => [group, make(ofGroup(group))])) as Record<'all' | Scale, T>;
  const halving = perGroup(halvingOf);
  return {
    cells: frontEnds.flatMap((frontEnd) => shares.map((share) => summarize(cells, frontEnd, share))),
    curves: perGroup(curvesOf),
    halving,
    effects: effectsOf(cells.filter(({ share }) => share === 1)),
    verdict: judge(halving.all.filter(({ log, linear }) => log === linear / 2)),
  };
}

function summarize(cells: ScoredCell[], frontEnd: FrontEnd, share: Share): CellSummary {
  const own = cells.filter((cell) => cell.share === share && keyOf(cell.frontEnd) === keyOf(frontEnd));
  const scores = own.sort((a, b) => a.seed - b.seed).map(({ score }) => score);
  return { frontEnd, share, scores, ...studentInterval(scores) };
}

function curvesOf(cells: ScoredCell[]): LearningCurve[] {
  return amplitudes.map((amplitude) => ({
    amplitude,
    points: shares.map((share) => {
      const own = cells.filter((cell) => cell.share === share && cell.frontEnd.amplitude === amplitude);
      return studentInterval(meanBySeed(own.map(({ seed, score }) => ({ seed, value: score }))));
    }),
  }));
}

/** Log less linear: at each share, with half the data, with a quarter. */
function halvingOf(cells: ScoredCell[]): ShareDifference[] {
  const pairs: [log: Share, linear: Share][] = [
    ...shares.map((share): [Share, Share] => [share, share]),
    [0.5, 1],
    [0.25, 0.5],
    [0.25, 1],
  ];
  return pairs.map(([log, linear]) => ({
    log,
    linear,
    ...compare(
      `log at ${100 * log} % − linear at ${100 * linear} %`,
      cells.filter(({ frontEnd, share }) => frontEnd.amplitude === 'log' && share === log),
      cells.filter(({ frontEnd, share }) => frontEnd.amplitude === 'linear' && share === linear),
      ({ frontEnd: { scale, whitening, weighting } }) => keyOf({ scale, whitening, weighting }),
    ),
  }));
}

function effectsOf(cells: ScoredCell[]): Difference[] {
  const effect = <Key extends keyof FrontEnd>(
    name: string,
    key: Key,
    [first, second]: [FrontEnd[Key], FrontEnd[Key]],
    among = cells,
  ) =>
    compare(
      name,
      among.filter(({ frontEnd }) => frontEnd[key] === first),
      among.filter(({ frontEnd }) => frontEnd[key] === second),
      ({ frontEnd }) => keyOf({ ...frontEnd, [key]: null }),
    );
  const [linear, log] = amplitudes.map((wanted) =>
    cells.filter(({ frontEnd }) => frontEnd.amplitude === wanted),
  );
  return [
    effect('log − linear', 'amplitude', ['log', 'linear']),
    effect('mel − spectrogram', 'scale', ['mel', 'spectrogram']),
    effect('CQT − mel', 'scale', ['CQT', 'mel']),
    effect('linear: whitened − not', 'whitening', [true, false], linear),
    effect('log: whitened − not', 'whitening', [true, false], log),
    effect('linear: A-weighted − not', 'weighting', [true, false], linear),
    effect('log: A-weighted − not', 'weighting', [true, false], log),
  ];
}

/** Pairs cells by seed and by `keyOfCell`; the interval is over the seeds' mean differences. */
function compare(
  name: string,
  first: ScoredCell[],
  second: ScoredCell[],
  keyOfCell: (cell: ScoredCell) => string,
): Difference {
  const pairName = (cell: ScoredCell) => `${cell.seed} ${keyOfCell(cell)}`;
  const scores = new Map(second.map((cell) => [pairName(cell), cell.score]));
  const differences = first.map((cell) => ({
    seed: cell.seed,
    value: cell.score - scores.get(pairName(cell))!,
  }));
  return {
    name,
    ...studentInterval(meanBySeed(differences)),
    pairs: differences.length,
    wins: differences.filter(({ value }) => value > 0).length,
  };
}

function meanBySeed(values: { seed: number; value: number }[]): number[] {
  const seeds = [...new Set(values.map(({ seed }) => seed))];
  return seeds.map((wanted) => {
    const own = values.filter(({ seed }) => seed === wanted);
    return own.reduce((sum, { value }) => sum + value, 0) / own.length;
  });
}

/** By the side of 0 on which the interval lies. */
export function outcomeOf({ interval }: Pick<Difference, 'interval'>): Outcome {
  if (interval === null || (interval[0] <= 0 && interval[1] >= 0)) return 'same';
  return interval[0] > 0 ? 'better' : 'worse';
}

function judge(differences: Difference[]): Verdict {
  const outcomes = differences.map(outcomeOf);
  if (outcomes.every((outcome) => outcome === 'better')) return 'yes';
  if (outcomes.every((outcome) => outcome === 'worse')) return 'no';
  return outcomes.includes('worse') ? 'in part' : 'as far as can be told';
}

function keyOf(values: object): string {
  return JSON.stringify(values);
}
