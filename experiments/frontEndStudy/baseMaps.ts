/** Magnitudes of a clip on the three frequency scales, all of one size: what the 24 front ends are made from. */
import * as tf from '@tensorflow/tfjs';
import { ApplyFilterbank, CQT, Spectrogram } from '../../layers/index.ts';
import { melFrequencies } from '../../layers/dsp/mel.ts';
import { cut } from '../../src/models/windows.ts';
import { averagingMatrix } from '../shared/averagingMatrix.ts';
import { mapOptions, type Scale } from './design.ts';

const { sampleRate, seconds, nFft, hopLength, fMin, nFrames, nBands } = mapOptions;
const nBins = 1 + nFft / 2;

/** Magnitudes, row-major `[nFrames, nBands]`. */
export type BaseMaps = Record<Scale, Float32Array>;

/** Computes the maps of one clip after another; disposed when all are done. */
export class BaseMapMaker {
  private readonly spectrogram = new Spectrogram({ nFft, hopLength, power: 1 });
  private readonly mel = new ApplyFilterbank({ sampleRate, nMels: nBands });
  private readonly cqt = new CQT({ sampleRate, hopLength, fMin, nBins: nBands, padMode: 'reflect' });

  /** @param samples at `mapOptions.sampleRate`, of any length >= 1 */
  async maps(samples: Float32Array): Promise<BaseMaps> {
    const tensors = tf.tidy(() => {
      const length = Math.round(seconds * sampleRate);
      const waveform = tf.tensor2d(cut(samples, 0, length), [1, length]);
      const magnitude = this.spectrogram.apply(waveform) as tf.Tensor4D;
      return {
        spectrogram: toCommonSize(magnitude),
        mel: toCommonSize(this.mel.apply(magnitude) as tf.Tensor4D),
        CQT: toCommonSize(this.cqt.apply(waveform) as tf.Tensor4D),
      };
    });
    try {
      const [spectrogram, mel, CQT] = await Promise.all(
        [tensors.spectrogram, tensors.mel, tensors.CQT].map(
          async (map) => (await map.data()) as Float32Array,
        ),
      );
      return { spectrogram, mel, CQT };
    } finally {
      tf.dispose(tensors);
    }
  }

  dispose(): void {
    for (const layer of [this.spectrogram, this.mel, this.cqt]) layer.dispose();
  }
}

/** Centre of each band of a map, Hz. */
export function bandCentres(scale: Scale): number[] {
  if (scale === 'mel') return Array.from(melFrequencies(nBands + 2, 0, sampleRate / 2).slice(1, -1));
  if (scale === 'CQT') return Array.from({ length: nBands }, (_, band) => fMin * 2 ** (band / 12));
  const matrix = averagingMatrix(nBins, nBands);
  return Array.from({ length: nBands }, (_, band) => {
    let centre = 0;
    for (let bin = 0; bin < nBins; bin++) centre += matrix[bin * nBands + band] * bin * (sampleRate / nFft);
    return centre;
  });
}

/** `[1, frames, bins, 1]` to `[nFrames, nBands]` by the mean of neighbours. */
function toCommonSize(map: tf.Tensor4D): tf.Tensor2D {
  const [, frames, bins] = map.shape;
  const overFrames = tf.tensor2d(averagingMatrix(frames, nFrames), [frames, nFrames]);
  const averaged = tf.matMul(overFrames, tf.reshape(map, [frames, bins]) as tf.Tensor2D, true);
  if (bins === nBands) return averaged as tf.Tensor2D;
  return tf.matMul(averaged, tf.tensor2d(averagingMatrix(bins, nBands), [bins, nBands])) as tf.Tensor2D;
}
