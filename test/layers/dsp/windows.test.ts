import { expect, test } from 'vitest';
import { centeredWindow, getWindow } from '../../../layers/dsp/windows.ts';
import { expectClose } from '../../support/expectClose.ts';
import { librosa } from '../../support/librosaFixture.ts';

test('every window equals SciPy, periodic and symmetric, at lengths 1, 8 and 9', () => {
  for (const { name, length, periodic, values } of librosa.windows) {
    expectClose(getWindow(name, length, { periodic }), values, { atol: 1e-8 });
  }
});

test('a window shorter than the frame stands in its middle', () => {
  expectClose(centeredWindow('boxcar', 3, 8), [0, 0, 1, 1, 1, 0, 0, 0], { atol: 0 });
});

test('a window longer than the frame, an unknown name and a length of 0 are refused', () => {
  expect(() => centeredWindow('hann', 9, 8)).toThrow('winLength must be at most nFft = 8 samples; got 9');
  expect(() => getWindow('hanning' as 'hann', 8)).toThrow('window must be one of hann, hamming');
  expect(() => getWindow('hann', 0)).toThrow('window length must be an integer >= 1 sample; got 0');
});
