import { expect, test } from 'vitest';
import { dftKernels } from '../../../layers/dsp/dft.ts';
import { countFrames, padSignal } from '../../../layers/dsp/framing.ts';
import { stft } from '../../../layers/dsp/stft.ts';
import { expectClose } from '../../support/expectClose.ts';
import { librosa, stftOptions } from '../../support/librosaFixture.ts';

test('the plain STFT equals librosa for every window, hop, padding and DFT length of the fixture', () => {
  for (const { options, shape, real, imag } of librosa.stfts) {
    const ours = stft(librosa.signal, stftOptions(options));
    expect([ours.nFrames, ours.nBins]).toEqual(shape);
    expectClose(ours.real, real, { atol: 1e-6 });
    expectClose(ours.imag, imag, { atol: 1e-6 });
  }
});

test('29 s at 12 kHz with hop 256 are 1360 frames', () => {
  expect(countFrames(348000, { nFft: 512, hopLength: 256, center: true })).toBe(1360);
});

test('without padding a frame must be whole', () => {
  expect(countFrames(8, { nFft: 8, hopLength: 4, center: false })).toBe(1);
  expect(() => countFrames(7, { nFft: 8, hopLength: 4, center: false })).toThrow(
    '7 samples holds no frame of nFft=8',
  );
});

test('reflection leaves the edge sample out and needs enough signal', () => {
  const framing = { nFft: 4, hopLength: 1, center: true };
  expectClose(padSignal([1, 2, 3], framing, 'reflect'), [3, 2, 1, 2, 3, 2, 1], { atol: 0 });
  expectClose(padSignal([1, 2, 3], framing, 'constant'), [0, 0, 1, 2, 3, 0, 0], { atol: 0 });
  expect(() => padSignal([1, 2], framing, 'reflect')).toThrow('needs more than 2 samples');
});

test('DFT kernels of length 4 are the cosine and the negative sine', () => {
  const columns = [
    [1, 1, 1, 0, 0, 0],
    [1, 0, -1, 0, -1, 0],
    [1, -1, 1, 0, 0, 0],
    [1, 0, -1, 0, 1, 0],
  ];
  expectClose(dftKernels(Float64Array.of(1, 1, 1, 1)), columns.flat(), { atol: 1e-7 });
});
