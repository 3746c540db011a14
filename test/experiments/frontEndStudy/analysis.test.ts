import { expect, test } from 'vitest';
import { analyse } from '../../../experiments/frontEndStudy/analysis.ts';
import { answer } from '../../../experiments/frontEndStudy/describe.ts';
import { frontEnds, shares, type Cell, type ScoredCell } from '../../../experiments/frontEndStudy/design.ts';

/** A study of three seeds in which every score follows from a formula. */
function study(score: (cell: Cell) => number): ScoredCell[] {
  return frontEnds.flatMap((frontEnd) =>
    shares.flatMap((share) =>
      [1, 2, 3].map((seed) => {
        const cell: Cell = { task: 'generated', frontEnd, share, seed };
        return { ...cell, score: score(cell), trainClips: 10, testClips: 10, seconds: 1 };
      }),
    ),
  );
}

const isLog = ({ frontEnd }: Cell) => Number(frontEnd.amplitude === 'log');
/** Differs between seeds and clips alike on both sides, so that a paired comparison does not see it. */
const common = ({ seed, frontEnd }: Cell) => 0.1 * seed + 0.05 * Number(frontEnd.whitening);
const difference = (cells: ScoredCell[], log: number, linear: number) =>
  analyse(cells).halving.all.find((each) => each.log === log && each.linear === linear)!;

test('there are 24 front ends, each once', () => {
  expect(frontEnds).toHaveLength(24);
  expect(new Set(frontEnds.map((frontEnd) => JSON.stringify(frontEnd))).size).toBe(24);
});

test('a front end at a share is the mean of its seeds, with Student’s interval', () => {
  const { cells } = analyse(study((cell) => cell.seed + isLog(cell)));
  expect(cells).toHaveLength(72);
  const linear = cells.find(({ frontEnd }) => frontEnd.amplitude === 'linear')!;
  expect(linear.scores).toEqual([1, 2, 3]);
  expect(linear.mean).toBe(2);
  expect(linear.interval![0]).toBeCloseTo(-0.484138, 6); // scipy 1.17.1, as for 1, 2, 3
});

test('what both sides share cancels: log two hundredths ahead is 0.02 with an interval of no width', () => {
  const { mean, interval, pairs, wins } = difference(
    study((cell) => common(cell) + 0.02 * isLog(cell)),
    1,
    1,
  );
  expect(mean).toBeCloseTo(0.02, 10);
  expect(interval![1] - interval![0]).toBeCloseTo(0, 10);
  expect([pairs, wins]).toEqual([36, 36]); // 3 scales × 2 × 2 × 3 seeds
});

test('log at half the data is held against linear at all of them', () => {
  // the score grows by 0.1 from 50 to 100 % of the data, and log adds 0.03
  const cells = study((cell) => common(cell) + 0.2 * cell.share + 0.03 * isLog(cell));
  expect(difference(cells, 0.5, 1).mean).toBeCloseTo(0.03 - 0.1, 10);
  expect(difference(cells, 0.25, 0.5).mean).toBeCloseTo(0.03 - 0.05, 10);
  expect(difference(cells, 0.25, 1).wins).toBe(0);
});

// 50 % more data are worth 0.1, 25 % more 0.05, as far as linear and log alike go.
test.each([
  {
    gain: 0.2,
    verdict: 'yes',
    says: 'log with 50 % is better than linear with 100 %, +0.100 [+0.100, +0.100]',
  },
  { gain: 0.07, verdict: 'in part', says: 'log with 25 % is better than linear with 50 %, +0.020' },
  { gain: 0.07, verdict: 'in part', says: 'log with 50 % is worse than linear with 100 %, −0.030' },
  { gain: 0.01, verdict: 'no', says: 'generated, mean ROC-AUC: no, log does not halve the data needed. ' },
])('a log worth $gain: $verdict, $says', ({ gain, verdict, says }) => {
  const analysis = analyse(study((cell) => common(cell) + 0.2 * cell.share + gain * isLog(cell)));
  expect(analysis.verdict).toBe(verdict);
  expect(answer({ name: 'generated', metric: 'mean ROC-AUC', analysis })).toContain(says);
});

test('seeds that disagree cannot tell, and the answer says so', () => {
  const noise = [0, 0.3, -0.1, -0.2];
  const analysis = analyse(study((cell) => noise[cell.seed] * isLog(cell)));
  expect(analysis.verdict).toBe('as far as can be told');
  expect(answer({ name: 'instruments', metric: 'accuracy', analysis })).toContain('not to be told from');
});

test('one scale’s figures do not mix with another’s, and effects are of all data', () => {
  const worth = { spectrogram: 0, mel: 0.1, CQT: 0.3 };
  const cells = study(
    (cell) => isLog(cell) * worth[cell.frontEnd.scale] + (cell.share === 1 ? 0 : 5 * isLog(cell)),
  );
  const analysis = analyse(cells);
  expect(analysis.halving.CQT.find(({ log, linear }) => log === 1 && linear === 1)!.mean).toBeCloseTo(
    0.3,
    10,
  );
  const effect = (name: string) => analysis.effects.find((each) => each.name === name)!;
  expect(effect('log − linear').mean).toBeCloseTo(0.4 / 3, 10);
  expect(effect('CQT − mel').mean).toBeCloseTo(0.1, 10); // half of the pairs are linear, without a difference
  expect(effect('log: whitened − not').mean).toBeCloseTo(0, 10);
  expect(effect('log: whitened − not').pairs).toBe(18); // 3 scales × weighted or not × 3 seeds
  const { points } = analysis.curves.mel.find(({ amplitude }) => amplitude === 'log')!;
  [5.1, 5.1, 0.1].forEach((mean, share) => expect(points[share].mean).toBeCloseTo(mean, 10));
});
