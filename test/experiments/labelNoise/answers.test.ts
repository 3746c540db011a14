import { expect, test } from 'vitest';
import type { RemedySetting, TaskAnalysis } from '../../../experiments/labelNoise/analysis.ts';
import { answersOf, judgeFall, judgeShift } from '../../../experiments/labelNoise/answers.ts';
import type { MeanInterval } from '../../../src/metrics/studentInterval.ts';

const around = (mean: number, halfWidth = 0.005): MeanInterval => ({
  mean,
  interval: [mean - halfWidth, mean + halfWidth],
});
const one: MeanInterval = { mean: 1, interval: [1, 1] };

/** Two kinds at 20 and 40 %; figures that are not given are without fault. */
function analysisOf(falls: [number, number][], options: Partial<TaskAnalysis> = {}): TaskAnalysis {
  const kinds = ['symmetric', 'missing'] as const;
  const ranking = { tau: one, tauSpread: [1, 1] as [number, number], spearman: one, bestFound: 1, regret: around(0) }; // prettier-ignore
  const rates = [0.2, 0.4];
  const point = (rate: number, change: MeanInterval) => ({
    ...{ rate, precision: 1, recall: 1, onTrue: one, onNoisy: one, change, misjudged: around(0) },
  });
  return {
    effects: kinds.map((kind, k) => ({
      kind,
      points: [point(0, around(0, 0)), ...rates.map((rate, i) => point(rate, around(falls[k][i])))],
    })),
    redrawn: ranking,
    rankings: kinds.map((kind) => ({
      kind,
      points: rates.map((rate) => ({ rate, ...ranking, change: around(0) })),
    })),
    remedies: [],
    ...options,
  };
}

test.each([
  { mean: 0, says: 'alright' },
  { mean: -0.014, says: 'alright' }, // reaches −0.019
  { mean: -0.016, says: 'open' },
  { mean: -0.024, says: 'open' },
  { mean: -0.026, says: 'not alright' }, // ends at −0.021
])('a change of $mean ± 0.005 where a fall of 0.02 is tolerated: $says', ({ mean, says }) => {
  expect(judgeFall(around(mean), 0.02)).toBe(says);
});

test('a rise is no fall, but it is a shift; one seed tells nothing', () => {
  expect(judgeFall(around(0.1), 0.02)).toBe('alright');
  expect(judgeShift(around(0.1), 0.02)).toBe('not alright');
  expect(judgeShift(around(-0.1), 0.02)).toBe('not alright');
  expect(judgeShift(around(0.018), 0.02)).toBe('open');
  expect(judgeShift(around(0.01), 0.02)).toBe('alright');
  expect(judgeFall({ mean: 0, interval: null }, 0.02)).toBe('open');
});

test.each<{ falls: [number, number][]; verdict: string }>([
  { falls: [[0, 0], [0, 0]], verdict: 'Yes, at all rates up to 40 %.' }, // prettier-ignore
  {
    falls: [[0, 0], [0, -0.1]], // prettier-ignore
    verdict:
      'Yes up to 20 %, whatever the kind of noise. Certainly not with missing positives (first at 40 %).',
  },
  {
    falls: [[-0.1, -0.1], [0, -0.1]], // prettier-ignore
    verdict:
      'No, not with every kind of noise even at 20 %. Certainly not with labels replaced by a coin toss (first at 20 %) and missing positives (first at 40 %).',
  },
  {
    falls: [[-0.02, -0.02], [0, 0]], // prettier-ignore
    verdict:
      'Not for certain, not with every kind of noise even at 20 %. Nowhere that was tried is it certainly not.',
  },
])('falls of $falls: $verdict', ({ falls, verdict }) => {
  const [training, figures, ranking] = answersOf(analysisOf(falls), 5);
  expect(training.verdict).toBe(verdict);
  for (const other of [figures, ranking]) expect(other.verdict).toBe('Yes, at all rates up to 40 %.');
});

test('a sentence a kind says where it is alright, where not, and with which figures', () => {
  const [{ details }] = answersOf(analysisOf([[-0.02, -0.02], [0, -0.1]]), 5); // prettier-ignore
  expect(details).toEqual([
    'Labels replaced by a coin toss: not to be told with 5 seeds at 20 % (−0.020 [−0.025, −0.015]) and 40 % (−0.020 [−0.025, −0.015]).',
    'Missing positives: alright at 20 % (+0.000 [−0.005, +0.005]); not alright at 40 % (−0.100 [−0.105, −0.095]).',
  ]);
});

test('remedies are better, worse or not to be told from none, and the best one’s share of the loss is named', () => {
  const setting: RemedySetting = {
    noise: { kind: 'missing', rate: 0.6 },
    clean: around(0.8),
    rows: [
      { remedy: 'none', onTrue: around(0.7), gain: around(0, 0) },
      { remedy: 'more data', onTrue: around(0.75), gain: around(0.05) },
      { remedy: 'co-teaching', onTrue: around(0.66), gain: around(-0.04) },
      { remedy: 'label smoothing', onTrue: around(0.701), gain: around(0.001) },
    ],
    tau: around(0.5),
  };
  const [, , , { verdict, details }] = answersOf(analysisOf([[0, 0], [0, 0]], { remedies: [setting] }), 5); // prettier-ignore
  expect(verdict).toBe('Certainly better than no remedy with the noise tried: more data.');
  expect(details[0]).toContain('0.700 without a remedy, 0.800 with true labels. Better than none: more data');
  expect(details[0]).toContain('worse than none: co-teaching −0.040 [−0.045, −0.035]');
  expect(details[0]).toContain('not to be told from none: label smoothing');
  expect(details[0]).toContain('more data, brings back 50 % of what the noise took');
});
