/** Power to decibels as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from './dataFormat.ts';
import { toDecibel } from './kernels/melSpectrogram/decibel.ts';
import { requireDecibel, type DecibelShape } from './kernels/melSpectrogram/shape.ts';
import { decibelOfBatch } from './kapre2017.ts';
import type { LayerArgs } from './layerArgs.ts';

export type DecibelRef = number | 'max' | 'batchMax';

export interface PowerToDecibelArgs extends LayerArgs {
  /**
   * Power that maps to 0 dB, > 0; `'max'` takes each clip's own peak. `'batchMax'` takes the peak of the whole batch,
   * from which `topDb` then hangs too, as Kapre did in 2017: a clip then depends on its neighbours. Default 1.
   */
  ref?: DecibelRef;
  /** Smallest power let through to the logarithm, > 0. Default 1e-10. */
  amin?: number;
  /** Depth kept below each clip's own peak, in dB; null keeps everything. Default 80. */
  topDb?: number | null;
}

/**
 * Turns a power spectrogram into decibels: `10 * log10(power / ref)`.
 *
 * The floor hangs from the peak of each clip, so a clip comes out the same whatever it is batched with (but for `ref:
 * 'batchMax'`). Input: `[batch, frames, bins, channels]` or any shape with the clip first, power, >= 0. Output: same shape, dB.
 *
 * Same numbers as librosa 0.11 `power_to_db` on one clip. On logs for tagging: Choi et al., "A Comparison of Audio
 * Signal Preprocessing Methods for Deep Neural Networks on Music Tagging", arXiv:1709.01922.
 *
 * @throws RangeError if `ref` or `amin` is not > 0, or `topDb` is < 0.
 * @example new PowerToDecibel({ topDb: 60 }).apply(powerSpectrogram)
 */
export class PowerToDecibel extends tf.layers.Layer {
  static className = 'PowerToDecibel';
  private readonly options: DecibelOptions;

  constructor({ ref = 1, amin = 1e-10, topDb = 80, ...layerArgs }: PowerToDecibelArgs = {}) {
    super(layerArgs);
    requireDecibel('PowerToDecibel', { ref: ref === 'batchMax' ? 'max' : ref, amin, topDb });
    this.options = { ref, amin, topDb };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return decibelOf(only(inputs), this.options);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(PowerToDecibel, 'sonotag');

export type DecibelOptions = Omit<DecibelShape, 'ref'> & { ref: DecibelRef };

/** What the layer computes. */
export function decibelOf(power: tf.Tensor, { ref, amin, topDb }: DecibelOptions): tf.Tensor {
  return ref === 'batchMax' ? decibelOfBatch(power, { amin, topDb }) : toDecibel(power, { ref, amin, topDb });
}
