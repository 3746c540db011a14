/** White noise added in training, as a layer. */
import * as tf from '@tensorflow/tfjs';
import {
  Augmentation,
  drawPerClip,
  requireRange,
  type AugmentationArgs,
  type Range,
} from './augmentation.ts';
import { requirePositive } from './dsp/checks.ts';
import type { RandomNumbers } from './dsp/randomNumbers.ts';

export interface AdditiveNoiseArgs extends AugmentationArgs {
  /** Standard deviation of the noise, in units of the input, > 0. Not together with `snrDb`. Default 0.1. */
  power?: number;
  /** Draw each clip's deviation evenly from 0 … `power`. Default false. */
  randomGain?: boolean;
  /**
   * Instead of `power`: how far each clip's noise lies below that clip, drawn evenly from this range in dB of mean
   * power, over all samples and channels. Silence stays silent. Default null.
   */
  snrDb?: Range | null;
}

/**
 * Adds Gaussian white noise in training, of other numbers for every clip, sample and channel.
 *
 * Input and output: a waveform `[batch, samples]` or `[batch, samples, channels]`, a map, or any shape with the clip
 * first.
 *
 * Kapre's layer of 2017 (arXiv:1706.05781) with its names: `power` is the deviation, as it was there. Its random gain
 * was drawn once for the life of the layer; here it is drawn for each clip.
 *
 * @throws RangeError if an option is out of range, or both `power` and `snrDb` are given.
 * @example new AdditiveNoise({ snrDb: [10, 40], seed: 3 }).apply(waveform, { training: true })
 */
export class AdditiveNoise extends Augmentation {
  static className = 'AdditiveNoise';
  private readonly options: { power: number | null; randomGain: boolean; snrDb: Range | null };

  constructor(args: AdditiveNoiseArgs = {}) {
    const { snrDb = null, power, randomGain = false, ...augmentationArgs } = args;
    super(augmentationArgs);
    if (snrDb !== null) {
      requireRange('AdditiveNoise: snrDb', snrDb, 'dB');
      if (power != null || randomGain) {
        throw new RangeError(
          'AdditiveNoise: snrDb sets the level of the noise by itself; leave power and randomGain away.',
        );
      }
    }
    this.options = { power: snrDb === null ? (power ?? 0.1) : null, randomGain, snrDb };
    if (this.options.power !== null) requirePositive('AdditiveNoise: power', this.options.power);
  }

  protected override augment(x: tf.Tensor, random: RandomNumbers): tf.Tensor {
    const { power, randomGain, snrDb } = this.options;
    if (power !== null) {
      const gains = drawPerClip(x, () => (randomGain ? random.uniform(0, power) : power));
      return tf.add(x, tf.mul(tf.tensor(random.normals(x.size), x.shape), gains));
    }
    const ratios = drawPerClip(x, () => 10 ** (-random.uniform(...(snrDb as [number, number])) / 20));
    const noise = tf.tensor(random.normals(x.size), x.shape);
    const loudness = tf.div(rootMeanSquare(x), rootMeanSquare(noise));
    return tf.add(x, tf.mul(noise, tf.mul(loudness, ratios)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { snrDb, ...others } = this.options;
    return { ...super.getConfig(), ...others, snrDb: snrDb && [...snrDb] };
  }
}
tf.serialization.registerClass(AdditiveNoise, 'sonotag');

/** Of each clip. */
function rootMeanSquare(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(1);
  // the square root's gradient is infinite at 0: below 1e-15 reads as 1e-15
  return tf.sqrt(tf.maximum(tf.mean(tf.square(x), axes, true), 1e-30));
}
