import { expect, test } from 'vitest';
import { auditTag, type AuditStratum } from '../../../src/noise/auditTag.ts';
import { simulateAudits } from '../../../src/noise/simulateAudits.ts';
import { betaQuantile } from '../../../src/metrics/incompleteBeta.ts';
import { clopperPearsonInterval } from '../../../src/metrics/clopperPearsonInterval.ts';
import { drawBinomial } from '../../../src/noise/variates.ts';
import { createRandom } from '../../../datasets/random.ts';

const tagged = { given: 1, size: 500, audited: 50, positives: 40 } as const;
const untagged = { given: 0, size: 9500, audited: 50, positives: 5 } as const;

test('the measures are those of the whole data set, by hand', () => {
  // true positives 500 · 0.8 = 400, missed 9500 · 0.1 = 950
  const { precision, recall, f, positiveError, negativeError, prevalence } = auditTag([tagged, untagged]);
  expect(precision.value).toBeCloseTo(0.8, 12);
  expect(recall.value).toBeCloseTo(400 / 1350, 12);
  expect(f.value).toBeCloseTo(800 / 1850, 12);
  expect(positiveError.value).toBeCloseTo(0.2, 12);
  expect(negativeError.value).toBeCloseTo(0.1, 12);
  expect(prevalence.value).toBeCloseTo(0.135, 12);
});

test('strata are weighed by their sizes, not by how much of them was audited', () => {
  const whole = { given: 1, size: 10, audited: 10, positives: 2 } as const;
  // (2 + 490 · 40 / 50) / 500
  expect(auditTag([whole, { ...tagged, size: 490 }]).precision.value).toBeCloseTo((2 + 392) / 500, 12);
});

test('of a large stratum, the Jeffreys interval has the quantiles of Beta(k + ½, n - k + ½)', () => {
  const { interval } = auditTag([{ ...tagged, size: 10_000_000 }], { draws: 100_000 }).precision;
  expect(interval![0]).toBeCloseTo(betaQuantile(0.025, 40.5, 10.5), 2);
  expect(interval![1]).toBeCloseTo(betaQuantile(0.975, 40.5, 10.5), 2);
});

test('a stratum audited whole leaves nothing open, and half of it less than a tenth', () => {
  for (const intervals of ['jeffreys', 'exact'] as const) {
    const whole = auditTag([{ ...tagged, size: 50 }], { intervals }).precision.interval!;
    expect(whole[0]).toBeCloseTo(0.8, 12);
    expect(whole[1]).toBeCloseTo(0.8, 12);
  }
  const width = (stratum: AuditStratum) => {
    const [low, high] = auditTag([stratum]).precision.interval!;
    return high - low;
  };
  // the finite population factor: √(1 - 50/100) against √(1 - 50/500)
  expect(width({ ...tagged, size: 100 }) / width(tagged)).toBeCloseTo(Math.sqrt(0.5 / 0.9), 1);
});

test('exact intervals are Clopper and Pearson’s for a share, and their corners for recall', () => {
  const result = auditTag([tagged, untagged], { intervals: 'exact', level: 0.9 });
  const precision = clopperPearsonInterval(40, 50, 0.9);
  expect(result.precision.interval![0]).toBeCloseTo(precision[0], 9);
  expect(result.precision.interval![1]).toBeCloseTo(precision[1], 9);
  const [p, q] = [
    clopperPearsonInterval(40, 50, Math.sqrt(0.9)),
    clopperPearsonInterval(5, 50, Math.sqrt(0.9)),
  ];
  const recall = (ofTagged: number, missed: number) => (500 * ofTagged) / (500 * ofTagged + 9500 * missed);
  expect(result.recall.interval![0]).toBeCloseTo(recall(p[0], q[1]), 9);
  expect(result.recall.interval![1]).toBeCloseTo(recall(p[1], q[0]), 9);
});

test('where nothing speaks against 0 or 1, the interval reaches it', () => {
  const perfect = auditTag([
    { ...tagged, positives: 50 },
    { ...untagged, positives: 0 },
  ]);
  expect([perfect.precision.interval![1], perfect.recall.interval![1], perfect.f.interval![1]]).toEqual([
    1, 1, 1,
  ]);
  expect([perfect.negativeError.interval![0], perfect.positiveError.interval![0]]).toEqual([0, 0]);
  expect(perfect.recall.interval![0]).toBeLessThan(0.9);
  const wrong = auditTag([{ ...tagged, positives: 0 }, untagged], { intervals: 'exact' });
  expect([wrong.precision.interval![0], wrong.recall.interval![0]]).toEqual([0, 0]);
});

test('tagged clips alone tell nothing of recall, nor does a stratum without answers', () => {
  for (const strata of [[tagged], [tagged, { ...untagged, audited: 0, positives: 0 }]]) {
    const { precision, recall, f, negativeError } = auditTag(strata);
    expect(precision.value).toBeCloseTo(0.8, 12);
    for (const { value, interval } of [recall, f, negativeError])
      expect([value, interval]).toEqual([null, null]);
  }
});

test('a tag that no clip carries has recall 0 and no precision', () => {
  const { precision, recall } = auditTag([{ given: 1, size: 0, audited: 0, positives: 0 }, untagged]);
  expect(precision.value).toBeNull();
  expect(recall.value).toBe(0);
});

test('the same seed gives the same interval, another a different one', () => {
  const ends = (seed: number) => auditTag([tagged, untagged], { seed, draws: 500 }).recall.interval;
  expect(ends(4)).toEqual(ends(4));
  expect(ends(4)).not.toEqual(ends(5));
});

test('counts that do not fit and levels out of range are refused', () => {
  expect(() => auditTag([])).toThrow('at least one stratum');
  expect(() => auditTag([{ ...tagged, positives: 51 }])).toThrow('got 51, 50 and 500');
  expect(() => auditTag([tagged], { level: 95 })).toThrow('Pass 0.95 for 95 %');
});

test.each([
  [10, 0.3],
  [40_000, 0.02],
  [7, 0.999],
])('binomial draws of %d and %d have the mean np and the variance np(1 - p)', (n, p) => {
  const random = createRandom(3);
  const draws = Array.from({ length: 20_000 }, () => drawBinomial(random, n, p));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
  const sd = Math.sqrt(n * p * (1 - p));
  expect(Math.abs(mean - n * p) / (sd / Math.sqrt(20_000))).toBeLessThan(4);
  expect(variance / sd ** 2).toBeGreaterThan(0.9);
  expect(variance / sd ** 2).toBeLessThan(1.1);
});

// The 10,000 repetitions are the experiment auditCoverage; here 2000, so 93 to 97 % and three standard errors.
const truth = { tagged: 1000, truePositives: 700, untagged: 9000, missed: 1350 };
test.each([
  { name: 'tagged', clips: 60 },
  { name: 'random', clips: 400 },
  { name: 'stratified', clips: 160 },
  { name: 'informative', clips: 160 },
] as const)(
  'in simulated audits of $clips $name clips intervals hold the truth, and shares are unbiased',
  (design) => {
    const result = simulateAudits(() => truth, design, { repetitions: 2000, seed: 2, draws: 400 });
    const measures = design.name === 'tagged' ? ['precision'] : ['precision', 'recall', 'f', 'negativeError'];
    expect(Object.keys(result)).toEqual(expect.arrayContaining(measures));
    for (const [measure, { coverage, bias, standardError }] of Object.entries(result)) {
      expect(coverage, measure).toBeGreaterThan(0.93 - 0.017);
      expect(coverage, measure).toBeLessThan(0.97 + 0.012);
      if (measure !== 'recall' && measure !== 'f')
        expect(Math.abs(bias) / standardError, measure).toBeLessThan(4);
    }
  },
);
