/** Energy over time as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, type DataFormat } from './dataFormat.ts';
import { requirePositive } from './dsp/checks.ts';
import { countPaddedFrames } from './dsp/paddedFraming.ts';
import { framesOf, requireFraming, type FrameArgs } from './frame.ts';
import type { LayerArgs } from './layerArgs.ts';
import { fromRows, readWaveformShape, toRows } from './waveform.ts';

export interface EnergyArgs extends LayerArgs, Pick<FrameArgs, 'padEnd' | 'padValue'> {
  /** Hz. */
  sampleRate: number;
  /** Energies are given as for this long, so that they do not depend on `frameLength`; seconds, > 0. Default 0.1. */
  refDurationSeconds?: number;
  /** Samples in a frame. Default `round(0.1 * sampleRate)`. */
  frameLength?: number;
  /** Distance of frames, samples. Default `floor(frameLength / 2)`. */
  hopLength?: number;
  /** Channels last or second, in input and output. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Sum of squares of each frame, times `refDurationSeconds` over the frame's duration.
 *
 * Input: `[batch, samples]`, `[batch, samples, channels]` or `[batch, channels, samples]`. Output:
 * `[batch, frames, channels]` or `[batch, channels, frames]`, >= 0. Same numbers as Kapre 0.4.1 `Energy`, whose default
 * sizes are these at 22050 Hz.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new Energy({ sampleRate: 16000 }).apply(tf.ones([1, 16000])) // [1, 19, 1], each 1600
 */
export class Energy extends tf.layers.Layer {
  static className = 'Energy';
  private readonly options: Required<Omit<EnergyArgs, keyof LayerArgs>>;

  constructor(args: EnergyArgs) {
    const {
      sampleRate,
      refDurationSeconds = 0.1,
      frameLength = Math.round(0.1 * sampleRate),
      hopLength = Math.floor(frameLength / 2),
      padEnd = false,
      padValue = 0,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requirePositive('Energy: sampleRate', sampleRate);
    requirePositive('Energy: refDurationSeconds', refDurationSeconds);
    requireFraming('Energy', { frameLength, hopLength, padValue, dataFormat });
    this.options = { sampleRate, refDurationSeconds, frameLength, hopLength, padEnd, padValue, dataFormat };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const { dataFormat } = this.options;
    const { samples, channels } = readWaveformShape('Energy', shape, dataFormat);
    const nFrames = samples == null ? null : countPaddedFrames(samples, this.options);
    return dataFormat === 'channelsLast' ? [shape[0], nFrames, channels] : [shape[0], channels, nFrames];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const { sampleRate, refDurationSeconds, frameLength, dataFormat } = this.options;
      const { channels } = readWaveformShape('Energy', x.shape, dataFormat);
      const squares = tf.square(framesOf(toRows(x, dataFormat), this.options));
      const gain = (refDurationSeconds * sampleRate) / frameLength;
      return fromRows(tf.mul(tf.sum(squares, 2), gain) as tf.Tensor2D, channels!, dataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(Energy, 'sonotag');
