import { expect, test } from 'vitest';
import { hzToMel, melFilterbank, melFrequencies, melToHz, nonZeroSpans } from '../../../layers/dsp/mel.ts';
import { expectClose } from '../../support/expectClose.ts';
import { librosa } from '../../support/librosaFixture.ts';

test('the filterbank equals librosa on both scales, both norms and odd DFT lengths', () => {
  for (const { options, matrix } of librosa.mels) {
    const ours = melFilterbank({
      sampleRate: librosa.sample_rate,
      nFft: options.n_fft,
      nMels: options.n_mels,
      fMin: options.fmin,
      fMax: options.fmax,
      melScale: options.htk ? 'htk' : 'slaney',
      norm: options.norm,
    });
    expectClose(ours, matrix, { rtol: 2e-7, atol: 1e-9 });
  }
});

test('mel frequencies equal librosa on both scales', () => {
  for (const { htk, values } of librosa.mel_frequencies) {
    expectClose(melFrequencies(9, 50, 7000, htk ? 'htk' : 'slaney'), values, { rtol: 1e-7 });
  }
});

test('1000 Hz is 15 Slaney mel and 999.99 HTK mel, and back', () => {
  expect(hzToMel(1000)).toBeCloseTo(15, 12);
  expect(hzToMel(1000, 'htk')).toBeCloseTo(2595 * Math.log10(1 + 10 / 7), 9);
  for (const scale of ['slaney', 'htk'] as const) {
    for (const hz of [0, 440, 5000]) expect(melToHz(hzToMel(hz, scale), scale)).toBeCloseTo(hz, 8);
  }
});

test('a frequency range outside the spectrum is refused, with a guess at a slip of units', () => {
  const options = { sampleRate: 16000, nFft: 512 };
  expect(() => melFilterbank({ ...options, fMax: 9000 })).toThrow('fMax <= 8000 Hz');
  expect(() => melFilterbank({ ...options, fMax: 8 })).toThrow('Was the frequency given in kHz?');
  expect(() => melFilterbank({ ...options, fMin: 4000, fMax: 3000 })).toThrow('fMin < fMax');
  expect(() => melFilterbank({ ...options, nMels: 0 })).toThrow('nMels must be an integer >= 1');
});

test('nonZeroSpans says where each column is not zero', () => {
  // columns: 0 2 3 0, 1 0 4 0, nothing
  const matrix = Float32Array.of(0, 1, 0, 2, 0, 0, 3, 4, 0, 0, 0, 0);
  expect(Array.from(nonZeroSpans(matrix, 3))).toEqual([1, 3, 0, 3, 0, 0]);
});
