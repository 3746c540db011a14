/** A random gain in training, as a layer. */
import * as tf from '@tensorflow/tfjs';
import {
  Augmentation,
  drawPerClip,
  requireRange,
  type AugmentationArgs,
  type Range,
} from './augmentation.ts';
import { requireOneOf } from './dsp/checks.ts';
import { mapUnits, type MapUnit } from './dsp/mapUnits.ts';
import type { RandomNumbers } from './dsp/randomNumbers.ts';

export interface GainArgs extends AugmentationArgs {
  /** The gain of each clip is drawn evenly from this range, dB. Default [-6, 6]. */
  rangeDb?: Range;
  /**
   * What the input holds: a waveform or magnitudes are multiplied by `10 ** (gain / 20)`, power by `10 ** (gain / 10)`;
   * to decibels the gain is added. Default `'magnitude'`.
   */
  unit?: MapUnit;
}

/**
 * Makes each clip louder or softer in training, by a gain of its own, the same for all samples and channels.
 *
 * Input and output: a waveform `[batch, samples]` or `[batch, samples, channels]`, a map, or any shape with the clip
 * first. Nothing is clipped. A front end with `ref: 'max'` takes the gain away again.
 *
 * @throws RangeError if an option is out of range.
 * @example new Gain({ rangeDb: [-12, 0] }).apply(waveform, { training: true })
 */
export class Gain extends Augmentation {
  static className = 'Gain';
  private readonly options: { rangeDb: Range; unit: MapUnit };

  constructor({ rangeDb = [-6, 6], unit = 'magnitude', ...augmentationArgs }: GainArgs = {}) {
    super(augmentationArgs);
    requireRange('Gain: rangeDb', rangeDb, 'dB');
    requireOneOf('Gain: unit', unit, mapUnits);
    this.options = { rangeDb, unit };
  }

  protected override augment(x: tf.Tensor, random: RandomNumbers): tf.Tensor {
    const [low, high] = this.options.rangeDb;
    if (this.options.unit === 'decibel')
      return tf.add(
        x,
        drawPerClip(x, () => random.uniform(low, high)),
      );
    const perDecade = this.options.unit === 'power' ? 10 : 20;
    return tf.mul(
      x,
      drawPerClip(x, () => 10 ** (random.uniform(low, high) / perDecade)),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { rangeDb, unit } = this.options;
    return { ...super.getConfig(), rangeDb: [...rangeDb], unit };
  }
}
tf.serialization.registerClass(Gain, 'sonotag');
