/** Slower or faster in training, as a layer on spectrograms. */
import * as tf from '@tensorflow/tfjs';
import { Augmentation, requireRange, type AugmentationArgs, type Range } from './augmentation.ts';
import { requireDataFormat, type DataFormat } from './dataFormat.ts';
import type { RandomNumbers } from './dsp/randomNumbers.ts';

export interface TimeStretchArgs extends AugmentationArgs {
  /** The speed of each clip is drawn evenly from this range, > 0; above 1 is faster. Default [0.8, 1.25]. */
  rate?: Range;
  /** What follows where a faster clip has ended: its start again (`'wrap'`), or this value. Default `'wrap'`. */
  fill?: 'wrap' | number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Stretches or squeezes the frames of each clip in training, pitches staying: output frame t is what stands at
 * `t * rate`, between two frames by linear interpolation. The number of frames stays, so a slower clip loses its end.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second.
 *
 * On magnitudes, with `fill: 0`, the same numbers as `abs(librosa.phase_vocoder(stft, rate))` (librosa 0.11): a phase
 * vocoder interpolates magnitudes just so, and phases are no part of a spectrogram. On power or decibels the
 * interpolation is of those.
 *
 * @throws RangeError if an option is out of range.
 * @example new TimeStretch({ rate: [0.9, 1.1], seed: 5 }).apply(magnitudes, { training: true })
 */
export class TimeStretch extends Augmentation {
  static className = 'TimeStretch';
  private readonly options: { rate: Range; fill: 'wrap' | number; dataFormat: DataFormat };

  constructor(args: TimeStretchArgs = {}) {
    const { rate = [0.8, 1.25], fill = 'wrap', dataFormat = 'channelsLast', ...augmentationArgs } = args;
    super(augmentationArgs);
    requireRange('TimeStretch: rate', rate, 'parts of the speed', Number.MIN_VALUE);
    if (fill !== 'wrap' && !Number.isFinite(fill)) {
      throw new RangeError(`TimeStretch: fill must be 'wrap' or a finite number; got ${fill}.`);
    }
    requireDataFormat('TimeStretch: dataFormat', dataFormat);
    this.options = { rate, fill, dataFormat };
  }

  protected override augment(x: tf.Tensor, random: RandomNumbers): tf.Tensor {
    const { rate, fill, dataFormat } = this.options;
    const [clips] = x.shape;
    const nFrames = x.shape[dataFormat === 'channelsLast' ? 1 : 2]!;
    const rowsPerFrame = dataFormat === 'channelsLast' ? 1 : x.shape[1]!;
    const rates = Array.from({ length: clips }, () => random.uniform(rate[0], rate[1]));
    const nRows = clips * rowsPerFrame * nFrames;
    const before = new Int32Array(nRows);
    const after = new Int32Array(nRows);
    const share = new Float32Array(nRows);
    for (let row = 0; row < nRows; row++) {
      const t = row % nFrames;
      const at = t * rates[Math.floor(row / (rowsPerFrame * nFrames))];
      const rowOf = (frame: number) =>
        fill === 'wrap' ? row - t + (frame % nFrames) : frame < nFrames ? row - t + frame : nRows;
      before[row] = rowOf(Math.floor(at));
      after[row] = rowOf(Math.floor(at) + 1);
      share[row] = at - Math.floor(at);
    }
    const width = x.size / nRows;
    const frames = tf.reshape(x, [nRows, width]);
    const source = fill === 'wrap' ? frames : tf.concat([frames, tf.fill([1, width], fill)]);
    const take = (rows: Int32Array, weights: Float32Array) =>
      tf.mul(tf.gather(source, tf.tensor1d(rows, 'int32')), tf.tensor2d(weights, [nRows, 1]));
    const mixed = tf.add(
      take(
        before,
        share.map((value) => 1 - value),
      ),
      take(after, share),
    );
    return tf.reshape(mixed, x.shape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { rate, ...others } = this.options;
    return { ...super.getConfig(), ...others, rate: [...rate] };
  }
}
tf.serialization.registerClass(TimeStretch, 'sonotag');
