import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import {
  injectNoise,
  noiseKinds,
  tagRates,
  type InjectNoiseOptions,
} from '../../../src/noise/injectNoise.ts';

/** 20,000 clips of four tags, each on a clip with probability 0.3. */
const random = createRandom(5);
const labels = Float32Array.from({ length: 80_000 }, () => Number(random.chance(0.3)));
const inject = (options: Partial<InjectNoiseOptions>) =>
  injectNoise(labels, { nTags: 4, kind: 'missing', rate: 0.5, seed: 1, ...options });

/** Share of the places with this true label, of one tag or all, where the noisy label is wrong. */
function wrongShare(noisy: Float32Array, label: 0 | 1, tag?: number): number {
  const own = [...labels.keys()].filter(
    (at) => labels[at] === label && (tag === undefined || at % 4 === tag),
  );
  return own.filter((at) => noisy[at] !== label).length / own.length;
}

test.each(noiseKinds)('%s: rate 0 changes nothing, and the labels given are not written to', (kind) => {
  const given = labels.slice(0, 400);
  const before = given.slice();
  expect(injectNoise(given, { nTags: 4, kind, rate: 0, seed: 1 })).toEqual(before);
  expect(injectNoise(given, { nTags: 4, kind, rate: 0.7, seed: 1 })).not.toEqual(before);
  expect(given).toEqual(before);
});

test.each(noiseKinds)('%s: one seed and stream, one result; another stream or seed, another', (kind) => {
  const given = labels.subarray(0, 400);
  const make = (seed: number, stream: number) =>
    injectNoise(given, { nTags: 4, kind, rate: 0.5, seed, stream });
  expect(make(1, 0)).toEqual(make(1, 0));
  expect(make(1, 1)).not.toEqual(make(1, 0));
  expect(make(2, 0)).not.toEqual(make(1, 0));
});

// About 56,000 absent and 24,000 present labels: five standard deviations of a share are below 0.016.
test('symmetric at 0.6 turns over 30 % of the absent and 30 % of the present labels', () => {
  const noisy = inject({ kind: 'symmetric', rate: 0.6 });
  expect(Math.abs(wrongShare(noisy, 0) - 0.3)).toBeLessThan(0.016);
  expect(Math.abs(wrongShare(noisy, 1) - 0.3)).toBeLessThan(0.016);
});

test('missing at 0.4 leaves out 40 % of the present labels and gives no absent one', () => {
  const noisy = inject({ rate: 0.4 });
  expect(Math.abs(wrongShare(noisy, 1) - 0.4)).toBeLessThan(0.016);
  expect(wrongShare(noisy, 0)).toBe(0);
});

test.each([
  { rate: 0.2, rates: [0, 0.1, 0.2, 0.3, 0.4] },
  { rate: 0.8, rates: [0.6, 0.7, 0.8, 0.9, 1] },
])('rates of the tags at $rate lie evenly on $rates, in an order that the seed draws', ({ rate, rates }) => {
  const drawn = [1, 2, 3, 4].map((seed) => tagRates(5, rate, seed));
  for (const own of drawn) {
    own.toSorted((a, b) => a - b).forEach((value, i) => expect(value).toBeCloseTo(rates[i], 12));
  }
  expect(new Set(drawn.map(String)).size).toBeGreaterThan(1);
});

test('a single tag has the rate itself', () => {
  expect(tagRates(1, 0.3, 1)).toEqual([0.3]);
});

test.each([0, 3])('tag-dependent, stream %i: each tag loses the share that the seed gave it', (stream) => {
  const noisy = inject({ kind: 'tagDependent', seed: 7, stream });
  tagRates(4, 0.5, 7).forEach((rate, tag) => {
    expect(Math.abs(wrongShare(noisy, 1, tag) - rate)).toBeLessThan(0.033); // about 6,000 labels a tag
  });
  expect(wrongShare(noisy, 0)).toBe(0);
});

test('co-occurrence moves labels in proportion to how often the tags go together', () => {
  // tag 0 goes with tag 1 three times as often as with tag 2, and never with tag 3
  const reference = [[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]].flat(); // prettier-ignore
  const alone = Array.from({ length: 10_000 }, () => [1, 0, 0, 0]).flat();
  const noisy = injectNoise(alone, { nTags: 4, kind: 'coOccurrence', rate: 0.8, seed: 1, reference });
  const counts = [0, 1, 2, 3].map((tag) => noisy.filter((label, at) => at % 4 === tag && label === 1).length);
  expect(counts.reduce((sum, count) => sum + count)).toBe(10_000); // one tag a clip, as before
  expect(Math.abs(counts[0] / 10_000 - 0.2)).toBeLessThan(0.02);
  expect(Math.abs(counts[1] / 10_000 - 0.6)).toBeLessThan(0.025); // 0.8 · 3 / 4
  expect(counts[3]).toBe(0);
});

test.each([
  { why: 'goes only with a tag that the clip carries', clip: [1, 1, 0] },
  { why: 'goes with none', clip: [0, 0, 1] },
])('co-occurrence leaves out a label that $why', ({ clip }) => {
  const reference = [1, 1, 0, 0, 0, 1];
  expect(injectNoise(clip, { nTags: 3, kind: 'coOccurrence', rate: 1, seed: 1, reference })).toEqual(
    Float32Array.of(0, 0, 0),
  );
});

test.each([
  { given: [1, 0, 1], rate: 0.5, says: 'labels must be [clips, 2]; got 3' },
  { given: [], rate: 0.5, says: 'got 0 of them' },
  { given: [1, 0.5], rate: 0.5, says: 'labels must be 0 or 1; got 0.5 at 1' },
  { given: [1, 0], rate: 40, says: 'Pass 0.4 for 40 %' },
])('$says', ({ given, rate, says }) => {
  expect(() => injectNoise(given, { nTags: 2, kind: 'missing', rate, seed: 1 })).toThrow(says);
});

test('classes that exclude each other have no co-occurrence to follow', () => {
  expect(() => injectNoise([1, 0, 0, 1], { nTags: 2, kind: 'coOccurrence', rate: 0.5, seed: 1 })).toThrow(
    'no two tags ever go together',
  );
});
