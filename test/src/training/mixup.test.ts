import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../../datasets/random.ts';
import { mixup } from '../../../src/training/mixup.ts';
import { expectClose } from '../../support/expectClose.ts';

/** Swaps the two rows; uniform draws follow the list. */
function scripted(draws: number[]): Random {
  const next = draws.values();
  const uniform = () => next.next().value!;
  return { ...createRandom(1), uniform, shuffle: <T>(items: readonly T[]) => [...items].reverse() };
}

const batch = () => ({
  waveforms: Float32Array.of(2, -2, 0.5, 0.5), // root mean square 2 and 0.5
  targets: Float32Array.of(1, 0, 0, 1),
  size: 2,
});

test('crops of equal root mean square and their targets are blended by the drawn share', () => {
  // alpha 1: x / (x + y) of the uniform draws; shares 0.6 / 0.8 = 0.75 and 0.1 / 0.5 = 0.2
  const mixed = mixup(batch(), 1, scripted([0.6, 0.2, 0.1, 0.4]));
  expectClose(mixed.waveforms, [0.75 + 0.25, -0.75 + 0.25, 0.2 + 0.8, 0.2 - 0.8], { atol: 1e-6 });
  expectClose(mixed.targets, [0.75, 0.25, 0.8, 0.2], { atol: 1e-6 });
});

test('a pair of draws outside the triangle is drawn again', () => {
  const mixed = mixup(batch(), 1, scripted([0.9, 0.8, 0.6, 0.2, 0.1, 0.4]));
  expectClose(mixed.targets, [0.75, 0.25, 0.8, 0.2], { atol: 1e-6 });
});

test('shares follow Beta(0.3, 0.3): mean 1/2, variance 1/(4 (2·0.3 + 1)) = 0.15625', () => {
  const size = 2000;
  const targets = Float32Array.from({ length: size }, (_, i) => i % 2);
  const random = createRandom(4);
  // with a partner of the other class always, the share can be read off the target
  const alternating = { ...random, shuffle: <T>(items: readonly T[]) => [...items.slice(1), items[0]] };
  const mixed = mixup({ waveforms: new Float32Array(size).fill(1), targets, size }, 0.3, alternating);
  const shares = Array.from(mixed.targets, (value, i) => (i % 2 === 1 ? value : 1 - value));
  const mean = shares.reduce((sum, share) => sum + share, 0) / size;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / size;
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(0.15625 / size));
  expect(Math.abs(variance - 0.15625)).toBeLessThan(0.01);
});

test('silence stays silent, the batch itself is not written to, a bad parameter is refused', () => {
  const silent = { waveforms: new Float32Array(4), targets: Float32Array.of(1, 0), size: 2 };
  expectClose(mixup(silent, 0.5, createRandom(1)).waveforms, [0, 0, 0, 0], { atol: 0 });
  const given = batch();
  mixup(given, 0.5, createRandom(1));
  expect(given).toEqual(batch());
  for (const alpha of [0, -1, 2, NaN]) {
    expect(() => mixup(given, alpha, createRandom(1))).toThrow(`alpha must be in (0, 1]; got ${alpha}`);
  }
});

test('what is unknown of one of two crops is unknown of their blend', () => {
  const targets = Float32Array.of(1, NaN, 0, 0);
  const { targets: mixed } = mixup(
    { waveforms: new Float32Array(8).fill(1), targets, size: 2 },
    1,
    createRandom(3),
  );
  const swapped = { ...createRandom(3), shuffle: <T>(items: readonly T[]) => [...items].reverse() };
  const blended = mixup({ waveforms: new Float32Array(8).fill(1), targets, size: 2 }, 1, swapped).targets;
  expect([blended[1], blended[3]]).toEqual([NaN, NaN]);
  expect(Number.isNaN(blended[0]) || Number.isNaN(blended[2])).toBe(false);
  expect(Number.isNaN(mixed[0]) || Number.isNaN(mixed[2])).toBe(false);
});
