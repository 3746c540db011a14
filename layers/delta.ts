/** Slopes along time as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireOneOf } from './dsp/checks.ts';
import type { LayerArgs } from './layerArgs.ts';

export const deltaModes = ['symmetric', 'reflect', 'constant'] as const;
export type DeltaMode = (typeof deltaModes)[number];

export interface DeltaArgs extends LayerArgs {
  /** Frames that a slope is fitted to, odd, >= 3. Default 5. */
  winLength?: number;
  /**
   * What stands beyond the ends: `'symmetric'`, the mirror image; `'reflect'`, that without the frame at the edge;
   * `'constant'`, zeros. Default `'symmetric'`.
   */
  mode?: DeltaMode;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Slope of each bin along time, of the straight line nearest to `winLength` frames:
 * `Σ n·x[t + n] / Σ n²` over n from -h to h with `h = (winLength - 1) / 2`. Any number of channels.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second; units of the input per frame. Same numbers
 * as Kapre 0.4.1 `Delta`, which takes one channel only.
 *
 * @throws RangeError if an option is out of range, or there are too few frames to be mirrored.
 * @example new Delta({ winLength: 9 }).apply(logMel)
 */
export class Delta extends tf.layers.Layer {
  static className = 'Delta';
  private readonly options: Required<Omit<DeltaArgs, keyof LayerArgs>>;

  constructor(args: DeltaArgs = {}) {
    const { winLength = 5, mode = 'symmetric', dataFormat = 'channelsLast', ...layerArgs } = args;
    super(layerArgs);
    if (!(Number.isInteger(winLength) && winLength >= 3 && winLength % 2 === 1)) {
      throw new RangeError(
        `Delta: winLength must be odd and >= 3 frames; got ${winLength}. Use 3, 5, 7, ...`,
      );
    }
    requireOneOf('Delta: mode', mode, deltaModes);
    requireDataFormat('Delta: dataFormat', dataFormat);
    this.options = { winLength, mode, dataFormat };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const axis = this.options.dataFormat === 'channelsLast' ? 1 : 2;
      const half = (this.options.winLength - 1) / 2;
      const padded = this.pad(x, axis, half);
      const from = (frame: number) => sliceAxis(padded, axis, frame, x.shape[axis]!);
      let sum: tf.Tensor | undefined;
      let squares = 0;
      for (let n = 1; n <= half; n++) {
        const rise = tf.mul(tf.sub(from(half + n), from(half - n)), n);
        sum = sum === undefined ? rise : tf.add(sum, rise);
        squares += 2 * n * n;
      }
      return tf.div(sum!, squares);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  /** `half` frames more at both ends. TF.js 4.22 has no gradient for `mirrorPad`. */
  private pad(x: tf.Tensor, axis: number, half: number): tf.Tensor {
    const { mode, winLength } = this.options;
    if (mode === 'constant') {
      return tf.pad(x, x.shape.map((_, at): [number, number] => (at === axis ? [half, half] : [0, 0]))); // prettier-ignore
    }
    const nFrames = x.shape[axis];
    const edge = mode === 'reflect' ? 1 : 0;
    if (nFrames < half + edge) {
      throw new RangeError(
        `Delta: winLength=${winLength} with mode '${mode}' needs at least ${half + edge} frames; got ${nFrames}. ` +
          "Give more frames, a smaller winLength, or mode: 'constant'.",
      );
    }
    const mirrored = (begin: number) => tf.reverse(sliceAxis(x, axis, begin, half), axis);
    return tf.concat([mirrored(edge), x, mirrored(nFrames - edge - half)], axis);
  }
}
tf.serialization.registerClass(Delta, 'sonotag');

function sliceAxis(x: tf.Tensor, axis: number, begin: number, size: number): tf.Tensor {
  return tf.slice(
    x,
    x.shape.map((_, at) => (at === axis ? begin : 0)),
    x.shape.map((whole, at) => (at === axis ? size : whole)),
  );
}
