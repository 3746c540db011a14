import { expect, test } from 'vitest';
import { complexDftKernels, inverseDftKernels } from '../../../layers/dsp/complexDft.ts';
import { dctMatrix } from '../../../layers/dsp/dct.ts';
import { inverseWindow, overlappedSquares } from '../../../layers/dsp/overlap.ts';
import { countPaddedFrames } from '../../../layers/dsp/paddedFraming.ts';
import { expectClose } from '../../support/expectClose.ts';

test('the inverse kernels undo the kernels, for even and odd lengths', () => {
  for (const nFft of [2, 7, 12]) {
    const ones = new Float64Array(nFft).fill(1);
    const [there, back] = [complexDftKernels(ones, nFft), inverseDftKernels(ones, nFft)];
    const parts = there.length / nFft;
    const product = Array.from({ length: nFft * nFft }, (_, i) => {
      const [row, column] = [Math.floor(i / nFft), i % nFft];
      let sum = 0;
      for (let part = 0; part < parts; part++) sum += there[row * parts + part] * back[part * nFft + column];
      return sum;
    });
    expectClose(product, product.map((_, i) => (i % (nFft + 1) === 0 ? 1 : 0)), { atol: 1e-6 }); // prettier-ignore
  }
});

test('a short window stands for one with zeros behind', () => {
  const short = complexDftKernels(Float64Array.of(1, 2), 4);
  expectClose(short, Array.from(complexDftKernels(Float64Array.of(1, 2, 0, 0), 4).slice(0, short.length)), {
    atol: 0,
  });
});

test('examples of the documentation hold', () => {
  expectClose(complexDftKernels(Float64Array.of(1, 1), 2), [1, 0, 1, 0, 1, 0, -1, 0], { atol: 1e-7 });
  expectClose(inverseDftKernels(Float64Array.of(1, 1), 2), [0.5, 0.5, 0, 0, 0.5, -0.5, 0, 0], { atol: 1e-7 });
  expectClose(dctMatrix(2, 1, 'ortho'), [Math.SQRT1_2, Math.SQRT1_2], { atol: 1e-7 });
  expectClose(overlappedSquares(Float64Array.of(1, 2), 3, 1), [1, 5, 5, 4], { atol: 0 });
  expectClose(inverseWindow(Float64Array.of(1, 2), 1), [0.2, 0.4], { atol: 1e-15 });
  expect(countPaddedFrames(10, { frameLength: 4, hopLength: 3, padEnd: true })).toBe(4);
});

test('an inverse window is 0 where all windows are', () => {
  expectClose(inverseWindow(Float64Array.of(0, 2, 0, 2), 2), [0, 0.25, 0, 0.25], { atol: 0 });
});
