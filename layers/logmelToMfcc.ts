/** Mel frequency cepstral coefficients of a logarithmic mel spectrogram as a layer. */
import * as tf from '@tensorflow/tfjs';
import {
  fromChannelsFirst,
  only,
  onlyShape,
  requireDataFormat,
  toChannelsFirst,
  type DataFormat,
} from './dataFormat.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { dctMatrix, dctNorms, type DctNorm } from './dsp/dct.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface LogmelToMFCCArgs extends LayerArgs {
  /** Coefficients kept, at most as many as mel bands. Default 20. */
  nMfccs?: number;
  /**
   * Scale of coefficient 0: `'ortho'` as librosa; `'htk'` as HTK, TensorFlow and Kapre, √2 times as large.
   * Default `'ortho'`.
   */
  norm?: DctNorm;
  /** `[batch, frames, mels, channels]` or `[batch, channels, frames, mels]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Discrete cosine transform (DCT-II) along the mel axis.
 *
 * Input: `[batch, frames, mels, channels]`, decibels or logarithms. Output: `[batch, frames, nMfccs, channels]`, or
 * channels second in both. Same numbers as librosa 0.11 `feature.mfcc(S=...)`; with `norm: 'htk'` as Kapre 0.4.1
 * `LogmelToMFCC`.
 *
 * @throws RangeError if an option is out of range, or there are fewer mel bands than coefficients.
 * @example new LogmelToMFCC({ nMfccs: 13 }).apply(logMel)
 */
export class LogmelToMFCC extends tf.layers.Layer {
  static className = 'LogmelToMFCC';
  private readonly options: Required<Omit<LogmelToMFCCArgs, keyof LayerArgs>>;
  private matrix?: FrozenMatrix;

  constructor(args: LogmelToMFCCArgs = {}) {
    const { nMfccs = 20, norm = 'ortho', dataFormat = 'channelsLast', ...layerArgs } = args;
    super(layerArgs);
    requireInteger('LogmelToMFCC: nMfccs', nMfccs, 1);
    requireOneOf('LogmelToMFCC: norm', norm, dctNorms);
    requireDataFormat('LogmelToMFCC: dataFormat', dataFormat);
    this.options = { nMfccs, norm, dataFormat };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const nMels = this.countMels(onlyShape(inputShape));
    const { nMfccs, norm } = this.options;
    this.matrix = new FrozenMatrix(() => dctMatrix(nMels, nMfccs, norm), [nMels, nMfccs]);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = [...onlyShape(inputShape)];
    this.countMels(shape);
    shape[this.melAxis()] = this.options.nMfccs;
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { nMfccs, dataFormat } = this.options;
      const x = toChannelsFirst(only(inputs) as tf.Tensor4D, dataFormat);
      const [batch, channels, nFrames, nMels] = x.shape;
      const flat = tf.reshape(x, [batch * channels * nFrames, nMels]) as tf.Tensor2D;
      const mfccs = tf.matMul(flat, this.matrix!.tensor() as tf.Tensor2D);
      return fromChannelsFirst(tf.reshape(mfccs, [batch, channels, nFrames, nMfccs]), dataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.matrix?.dispose();
    return super.disposeWeights();
  }

  private melAxis(): 2 | 3 {
    return this.options.dataFormat === 'channelsLast' ? 2 : 3;
  }

  private countMels(shape: tf.Shape): number {
    const nMels = shape[this.melAxis()];
    const { nMfccs } = this.options;
    if (shape.length !== 4 || nMels == null || nMels < nMfccs) {
      throw new RangeError(
        `LogmelToMFCC needs a map [batch, frames, mels, channels] of known mels >= nMfccs=${nMfccs}; ` +
          `got [${shape.join(', ')}]. Lower nMfccs or raise nMels.`,
      );
    }
    return nMels;
  }
}
tf.serialization.registerClass(LogmelToMFCC, 'sonotag');
