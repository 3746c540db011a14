/** A waveform cut into frames as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, fromChannelsFirst, type DataFormat } from './dataFormat.ts';
import { requireInteger } from './dsp/checks.ts';
import { countPaddedFrames, type PaddedFraming } from './dsp/paddedFraming.ts';
import { frameSignal } from './kernels/melSpectrogram/frameSignal.ts';
import type { LayerArgs } from './layerArgs.ts';
import { readWaveformShape, toRows } from './waveform.ts';

export interface FrameArgs extends LayerArgs {
  /** Samples in a frame, >= 1. */
  frameLength: number;
  /** Distance of frames, samples, >= 1. */
  hopLength: number;
  /** Whether every hop that starts within the signal has a frame, filled up at the end. Default false. */
  padEnd?: boolean;
  /** What it is filled up with, in units of the input. Default 0. */
  padValue?: number;
  /** Channels last or second, in input and output. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Overlapping frames of a waveform, or, where `hopLength` is larger than `frameLength`, frames with gaps between.
 *
 * Input: `[batch, samples]`, `[batch, samples, channels]` or `[batch, channels, samples]`. Output:
 * `[batch, frames, frameLength, channels]` or `[batch, channels, frames, frameLength]`. Same numbers as Kapre 0.4.1
 * `Frame`, which refuses gaps, and as librosa 0.11 `util.frame`.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new Frame({ frameLength: 400, hopLength: 160 }).apply(tf.zeros([1, 16000])) // [1, 98, 400, 1]
 */
export class Frame extends tf.layers.Layer {
  static className = 'Frame';
  private readonly options: Required<Omit<FrameArgs, keyof LayerArgs>>;

  constructor(args: FrameArgs) {
    const {
      frameLength,
      hopLength,
      padEnd = false,
      padValue = 0,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireFraming('Frame', { frameLength, hopLength, padValue, dataFormat });
    this.options = { frameLength, hopLength, padEnd, padValue, dataFormat };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const { frameLength, dataFormat } = this.options;
    const { samples, channels } = readWaveformShape('Frame', shape, dataFormat);
    const nFrames = samples == null ? null : countPaddedFrames(samples, this.options);
    return dataFormat === 'channelsLast'
      ? [shape[0], nFrames, frameLength, channels]
      : [shape[0], channels, nFrames, frameLength];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const { dataFormat, frameLength } = this.options;
      const { channels } = readWaveformShape('Frame', x.shape, dataFormat);
      const frames = framesOf(toRows(x, dataFormat), this.options);
      const shape: [number, number, number, number] = [x.shape[0], channels!, frames.shape[1], frameLength];
      return fromChannelsFirst(tf.reshape(frames, shape), dataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(Frame, 'sonotag');

/** Frames of `[rows, samples]` as `[rows, frames, frameLength]`, filled up with `padValue` where `padEnd` asks for it. */
export function framesOf(rows: tf.Tensor2D, framing: PaddedFraming & { padValue: number }): tf.Tensor3D {
  const { frameLength, hopLength, padValue } = framing;
  const samples = rows.shape[1];
  const nFrames = countPaddedFrames(samples, framing);
  const lacking = Math.max(0, (nFrames - 1) * hopLength + frameLength - samples);
  const filled = lacking === 0 ? rows : tf.pad(rows, [[0, 0], [0, lacking]], padValue); // prettier-ignore
  return frameSignal(filled, { nFrames, frameLength, hopLength });
}

/** @throws RangeError if an option is out of range; `name` is the layer's. */
export function requireFraming(
  name: string,
  options: Required<Pick<FrameArgs, 'frameLength' | 'hopLength' | 'padValue' | 'dataFormat'>>,
): void {
  requireInteger(`${name}: frameLength`, options.frameLength, 1, 'sample');
  requireInteger(`${name}: hopLength`, options.hopLength, 1, 'sample');
  requireDataFormat(`${name}: dataFormat`, options.dataFormat);
  if (!Number.isFinite(options.padValue)) {
    throw new RangeError(`${name}: padValue must be a finite number; got ${options.padValue}. Use 0.`);
  }
}
