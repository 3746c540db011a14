import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { createRandom } from '../../datasets/random.ts';

const take = (n: number, next: () => number): number[] => Array.from({ length: n }, next);

test('the same names give the same stream, any other name another', () => {
  const draw = (...names: [number, number?, number?]): number[] => take(8, createRandom(...names).noise);
  expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
  const streams = [draw(1), draw(2), draw(1, 1), draw(2, 1), draw(1, 0, 1), draw(-1)].map(String);
  expect(new Set(streams).size).toBe(streams.length);
});

test('the stream is xoroshiro128+ from the finalized names, after sixteen steps', () => {
  // MurmurHash3 fmix32 of 0x2545f491 ^ 1, 0x6c078965 ^ 2 and 3, computed with 64-bit integers.
  const fmix32 = (value: number): number => {
    let h = BigInt(value >>> 0);
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & 0xffffffffn;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & 0xffffffffn;
    return Number(h ^ (h >> 16n)) | 0;
  };
  const generator = xoroshiro128plusFromState([
    fmix32(0x2545f491 ^ 1),
    fmix32(0x6c078965 ^ 2),
    fmix32(3),
    0x9e3779b9 | 0,
  ]);
  take(16, () => generator.next());
  expect(take(4, createRandom(1, 2, 3).seed)).toEqual(take(4, () => generator.next()));
});

test('neighbouring seeds are not alike: their first draws spread evenly', () => {
  const firsts = Array.from({ length: 4000 }, (_, i) => createRandom(1, i).uniform(0, 1));
  const mean = firsts.reduce((a, b) => a + b) / 4000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 4000)); // four standard errors
  let product = 0;
  for (let i = 1; i < 4000; i++) product += (firsts[i] - 0.5) * (firsts[i - 1] - 0.5);
  expect(Math.abs(product / 4000 / (1 / 12))).toBeLessThan(4 / Math.sqrt(4000));
});

test('draws keep within their bounds, ends included where said', () => {
  const random = createRandom(5);
  expect(new Set(take(300, () => random.integer(-1, 2)))).toEqual(new Set([-1, 0, 1, 2]));
  for (const value of take(300, () => random.uniform(3, 4))) expect(value >= 3 && value < 4).toBe(true);
  for (const value of take(300, random.noise)) expect(Math.abs(value)).toBeLessThanOrEqual(1);
  expect(take(300, () => Number(random.chance(0.2))).reduce((a, b) => a + b)).toBeGreaterThan(30);
  expect(random.chance(0)).toBe(false);
});

test('shuffle returns every item once and leaves its argument alone', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = createRandom(2).shuffle(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(shuffled).not.toEqual(items);
  expect([...shuffled].sort()).toEqual(items);
});

test('a seed that is no 32-bit integer is refused', () => {
  expect(() => createRandom(1.5)).toThrow('seed must be an integer in [-2^31, 2^32); got 1.5');
  expect(() => createRandom(2 ** 32)).toThrow(RangeError);
});
