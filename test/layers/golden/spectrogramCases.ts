import * as tf from '@tensorflow/tfjs';
import { Spectrogram } from '../../../layers/spectrogram.ts';
import { librosa, stftOptions } from '../../support/librosaFixture.ts';
import type { GoldenCase } from './goldenCase.ts';

export const spectrogramCases: GoldenCase[] = librosa.stfts.map(({ options, shape, real, imag }) => ({
  layer: 'Spectrogram',
  peer: 'librosa 0.11.0 stft',
  title: JSON.stringify(options),
  unit: 'of the peak',
  tolerance: 1e-6,
  actual: () => new Spectrogram(stftOptions(options)).apply(tf.tensor2d([librosa.signal])) as tf.Tensor,
  expected: { shape: [1, ...shape, 1], values: real.map((re, i) => re * re + imag[i] * imag[i]) },
}));
