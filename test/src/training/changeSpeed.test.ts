import { expect, test } from 'vitest';
import { changeSpeed, neededSamples } from '../../../src/training/changeSpeed.ts';
import { expectClose } from '../../support/expectClose.ts';

test('a straight line is read exactly between its samples', () => {
  const line = Float32Array.from({ length: 12 }, (_, n) => n);
  // the sample before the first is taken equal to it, which bends the first piece
  expectClose(changeSpeed(line, 6, 1.5).subarray(1), [1.5, 3, 4.5, 6, 7.5], { atol: 1e-6 });
  expectClose(changeSpeed(line, 8, 0.75).subarray(2), [1.5, 2.25, 3, 3.75, 4.5, 5.25], { atol: 1e-6 });
});

test('speed 1 gives the samples themselves', () => {
  const source = Float32Array.of(3, -1, 4, 1, -5, 9, 2);
  expectClose(changeSpeed(source, 5, 1), [3, -1, 4, 1, -5], { atol: 0 });
});

test('a tone played 1.2 times as fast is 1.2 times as high, and as loud', () => {
  const tone = (frequency: number, length: number) =>
    Float32Array.from({ length }, (_, n) => Math.sin(2 * Math.PI * frequency * n));
  const faster = changeSpeed(tone(0.02, neededSamples(400, 1.2)), 400, 1.2);
  expectClose(faster.subarray(1), tone(0.024, 400).subarray(1), { atol: 2e-3 });
});

test('it reads no further than it says, and refuses less', () => {
  for (const [length, speed] of [
    [1, 1],
    [10, 0.9],
    [10, 1.1],
    [7, 3],
  ]) {
    const needed = neededSamples(length, speed);
    expect(changeSpeed(new Float32Array(needed).fill(1), length, speed)).toEqual(
      new Float32Array(length).fill(1),
    );
    expect(() => changeSpeed(new Float32Array(needed - 1), length, speed)).toThrow(`needs ${needed} samples`);
  }
  expect(() => changeSpeed(new Float32Array(9), 3, 0)).toThrow('speed must be > 0; got 0');
});
