import * as tf from '@tensorflow/tfjs';
import { ChromaCQT } from '../../../layers/chromaCQT.ts';
import { ChromaSTFT } from '../../../layers/chromaSTFT.ts';
import { CQT } from '../../../layers/cqt.ts';
import { LearnedChroma } from '../../../layers/learnedChroma.ts';
import { Spectrogram } from '../../../layers/spectrogram.ts';
import { chromaFixture, chromaOptions } from '../../support/chromaFixture.ts';
import { decodeArray, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

const signal = decodeArray(chromaFixture.signal).values;
const run = (layer: tf.layers.Layer) => layer.apply(tf.tensor2d(signal, [1, signal.length])) as tf.Tensor;

function expected(array: PeerArray): GoldenCase['expected'] {
  const { shape, values } = decodeArray(array);
  return { shape: [1, ...shape, 1], values };
}

export const chromaCases: GoldenCase[] = [
  ...chromaFixture.stft.map(({ options, values }): GoldenCase => ({
    layer: 'ChromaSTFT',
    peer: 'librosa 0.11.0 feature.chroma_stft',
    title: JSON.stringify(options),
    unit: 'of the peak',
    tolerance: 1e-5,
    actual: () =>
      run(
        new ChromaSTFT({
          ...chromaOptions(options),
          nFft: options.n_fft,
          hopLength: options.hop_length,
          ctroct: options.ctroct,
          octwidth: options.octwidth,
          center: options.center,
          window: options.window,
          padMode: options.pad_mode ?? 'constant',
        }),
      ),
    expected: expected(values),
  })),
  ...chromaFixture.cqt.map(({ options, values }): GoldenCase => ({
    layer: 'ChromaCQT',
    peer: 'librosa 0.11.0 feature.chroma_cqt, sparsity=0',
    title: JSON.stringify(options),
    unit: 'of the peak',
    tolerance: 1e-3, // frames near the silent ends hold little but what the resampler left
    actual: () =>
      run(
        new ChromaCQT({
          ...chromaOptions(options),
          hopLength: options.hop_length,
          nOctaves: options.n_octaves,
          threshold: options.threshold,
        }),
      ),
    expected: expected(values),
  })),
  // at the start, behind the transform that the fixed layer holds
  ...chromaFixture.stft.map(({ options, values }): GoldenCase => ({
    layer: 'LearnedChroma',
    peer: 'librosa 0.11.0 feature.chroma_stft',
    title: JSON.stringify(options),
    unit: 'of the peak',
    tolerance: 1e-5,
    actual: () => {
      const { sampleRate, tuning, baseC, nChroma, norm = 'inf' } = chromaOptions(options);
      const { n_fft: nFft, hop_length: hopLength, center, window, ctroct, octwidth } = options;
      const start = { scale: 'linear', sampleRate, tuning, baseC, ctroct, octwidth } as const;
      return tf.tidy(() => {
        const padMode = options.pad_mode ?? 'constant';
        const power = run(new Spectrogram({ nFft, hopLength, center, window, padMode }));
        return new LearnedChroma({ start, nChroma, norm }).apply(power) as tf.Tensor;
      });
    },
    expected: expected(values),
  })),
  ...chromaFixture.cqt
    .filter(({ options: { threshold = 0 } }) => threshold === 0)
    .map(({ options, values }): GoldenCase => ({
      layer: 'LearnedChroma',
      peer: 'librosa 0.11.0 feature.chroma_cqt, sparsity=0',
      title: JSON.stringify(options),
      unit: 'of the peak',
      tolerance: 1e-3, // as ChromaCQT
      actual: () => {
        const { sampleRate, fMin, binsPerOctave = 36, tuning, baseC, nChroma, norm = 'inf' } = chromaOptions(options); // prettier-ignore
        const { hop_length: hopLength, n_octaves: nOctaves = 7 } = options;
        const nBins = nOctaves * binsPerOctave;
        return tf.tidy(() => {
          const cqt = run(new CQT({ sampleRate, hopLength, fMin, binsPerOctave, tuning, nBins }));
          const start = { scale: 'log', binsPerOctave, fMin, baseC } as const;
          return new LearnedChroma({ start, nChroma, norm }).apply(cqt) as tf.Tensor;
        });
      },
      expected: expected(values),
    })),
];
