/** Random masks on a time-frequency map as a layer: at work in training only. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger } from './dsp/checks.ts';
import { randomNumbers, type RandomNumbers } from './dsp/randomNumbers.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface SpecAugmentArgs extends LayerArgs {
  /** Widest frequency mask, bins, >= 0. */
  freqMaskParam: number;
  /** Widest time mask, frames, >= 0. */
  timeMaskParam: number;
  /** Masks along frequency. Default 1. */
  nFreqMasks?: number;
  /** Masks along time. Default 1. */
  nTimeMasks?: number;
  /** What stands in a mask, in units of the input. Default 0. */
  maskValue?: number;
  /** Of the masks, a 32-bit integer. Default 1. */
  seed?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/** What a caller may pass to `apply` beside the input. */
interface SpecAugmentKwargs {
  training?: boolean;
  /** Names the draw: the same seed and step give the same masks. Default: the number of calls before. */
  step?: number;
}

/**
 * SpecAugment (Park et al. 2019, arXiv:1904.08779) without time warping: in training, each clip has its own
 * `nFreqMasks` bands of bins and `nTimeMasks` runs of frames set to `maskValue`, on all channels alike. A width is
 * drawn from 0 … its parameter, both included, then a place from all where the mask fits. Otherwise the input passes.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second. Parameters as in Kapre 0.4, whose masks are
 * from 1 wide, never empty, and which takes one channel only.
 *
 * @throws RangeError if an option is out of range, or a parameter is larger than its axis.
 * @example new SpecAugment({ freqMaskParam: 24, timeMaskParam: 30, seed: 7 }).apply(decibels, { training: true })
 */
export class SpecAugment extends tf.layers.Layer {
  static className = 'SpecAugment';
  private readonly options: Required<Omit<SpecAugmentArgs, keyof LayerArgs>>;
  private calls = 0;

  constructor(args: SpecAugmentArgs) {
    const {
      freqMaskParam,
      timeMaskParam,
      nFreqMasks = 1,
      nTimeMasks = 1,
      maskValue = 0,
      seed = 1,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireInteger('SpecAugment: freqMaskParam', freqMaskParam, 0, 'bins');
    requireInteger('SpecAugment: timeMaskParam', timeMaskParam, 0, 'frames');
    requireInteger('SpecAugment: nFreqMasks', nFreqMasks, 0);
    requireInteger('SpecAugment: nTimeMasks', nTimeMasks, 0);
    requireInteger('SpecAugment: seed', seed, -(2 ** 31));
    requireDataFormat('SpecAugment: dataFormat', dataFormat);
    this.options = { freqMaskParam, timeMaskParam, nFreqMasks, nTimeMasks, maskValue, seed, dataFormat };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const { frames, bins } = this.axes();
    this.requireFit('timeMaskParam', shape[frames]);
    this.requireFit('freqMaskParam', shape[bins]);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: SpecAugmentKwargs = {}): tf.Tensor {
    const x = only(inputs);
    if (kwargs.training !== true) return x;
    return tf.tidy(() => {
      const { freqMaskParam, timeMaskParam, nFreqMasks, nTimeMasks, maskValue, seed } = this.options;
      const { frames, bins } = this.axes();
      const random = randomNumbers(seed, kwargs.step ?? this.calls++);
      const batch = x.shape[0];
      const keepFrames = drawMasks(random, batch, x.shape[frames], nTimeMasks, timeMaskParam);
      const keepBins = drawMasks(random, batch, x.shape[bins], nFreqMasks, freqMaskParam);
      const along = (axis: number) => x.shape.map((size, at) => (at === 0 || at === axis ? size : 1));
      const keep = tf.mul(tf.tensor(keepFrames, along(frames)), tf.tensor(keepBins, along(bins)));
      const kept = tf.mul(x, keep);
      return maskValue === 0 ? kept : tf.add(kept, tf.mul(tf.sub(1, keep), maskValue));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  private axes(): { frames: number; bins: number } {
    return this.options.dataFormat === 'channelsLast' ? { frames: 1, bins: 2 } : { frames: 2, bins: 3 };
  }

  private requireFit(name: 'timeMaskParam' | 'freqMaskParam', size: number | null): void {
    const widest = this.options[name];
    if (size !== null && widest > size) {
      throw new RangeError(
        `SpecAugment: ${name} must be at most the axis's ${size}; got ${widest}. Lower it.`,
      );
    }
  }
}
tf.serialization.registerClass(SpecAugment, 'sonotag');

/** 0 where a mask lies and 1 elsewhere, `[batch, size]`. */
function drawMasks(
  random: RandomNumbers,
  batch: number,
  size: number,
  count: number,
  widest: number,
): Float32Array {
  const keep = new Float32Array(batch * size).fill(1);
  for (let clip = 0; clip < batch; clip++) {
    for (let mask = 0; mask < count; mask++) {
      const width = random.integer(0, widest);
      const start = clip * size + random.integer(0, size - width);
      keep.fill(0, start, start + width);
    }
  }
  return keep;
}
