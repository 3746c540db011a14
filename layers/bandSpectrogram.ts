/** What spectrograms in bands share: power summed by a frozen filterbank, in one pass where there is a kernel for it. */
import type * as tf from '@tensorflow/tfjs';
import { nonZeroSpans } from './dsp/mel.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { melSpectrogram } from './kernels/melSpectrogram/index.ts';
import type { DecibelShape } from './kernels/melSpectrogram/shape.ts';
import { Spectrogram } from './spectrogram.ts';

export abstract class BandSpectrogram extends Spectrogram {
  private frozen?: FrozenMatrix;
  private spans?: Int32Array;

  /** To be called by `build`. @param values `[bins, nBands]`, row-major. */
  protected freezeFilterbank(values: Float32Array, nBands: number): void {
    this.spans = nonZeroSpans(values, nBands);
    this.frozen = new FrozenMatrix(() => values, [this.countBins(), nBands]);
  }

  /** `[bins, bands]`. */
  protected filterbank(): tf.Tensor2D {
    return this.frozen!.tensor() as tf.Tensor2D;
  }

  /**
   * @param x Waveform `[batch, samples, channels]`.
   * @returns Bands of power, or decibels of them, `[batch, frames, bands, channels]`.
   */
  protected sumBands(x: tf.Tensor3D, decibel: DecibelShape | null): tf.Tensor4D {
    return melSpectrogram(x, this.readWindow(), this.filterbank(), {
      ...this.stftShape(),
      decibel,
      bands: this.spans,
    });
  }

  protected override disposeWeights(): number {
    this.frozen?.dispose();
    return super.disposeWeights();
  }
}
