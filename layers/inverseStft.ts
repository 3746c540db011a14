/** The inverse short-time Fourier transform as a layer: complex spectrogram in, waveform out. */
import * as tf from '@tensorflow/tfjs';
import { complexToChannelsFirst, requireComplex } from './complexSpectrogram.ts';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { inverseDftKernels } from './dsp/complexDft.ts';
import { inverseWindow, overlappedSquares } from './dsp/overlap.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';
import { overlapAdd } from './overlapAdd.ts';
import { requireStft, type STFTArgs } from './stft.ts';
import { fromRows } from './waveform.ts';

export const inverseNormalizations = ['actual', 'periodic'] as const;
export type InverseNormalization = (typeof inverseNormalizations)[number];

export interface InverseSTFTArgs
  extends LayerArgs, Pick<STFTArgs, 'nFft' | 'winLength' | 'hopLength' | 'window' | 'windowPosition'> {
  /** Take `floor(nFft / 2)` samples away at both ends, which `STFT` added. Default true. */
  center?: boolean;
  /** Take the first `nFft - hopLength` samples away, which `STFT` added. Needs `center: false`. Default false. */
  padBegin?: boolean;
  /** Samples of the waveform: what is behind is cut off, what lacks is zero. Default null: all that the frames hold. */
  length?: number | null;
  /**
   * What the overlapping windows are divided by: `'actual'`, the sum of those that really meet at a sample, so that the
   * ends come out right too, as in librosa; `'periodic'`, the sum in an endless row of frames, as in Kapre.
   * Default `'actual'`.
   */
  normalization?: InverseNormalization;
  /** `[batch, frames, bins, channels, 2]` or `[batch, channels, frames, bins, 2]`. Default `'channelsLast'`. */
  inputDataFormat?: DataFormat;
  /** `[batch, samples, channels]` or `[batch, channels, samples]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/**
 * Waveform of a complex spectrogram: each frame is transformed back, windowed again, and added where frames overlap,
 * which gives the waveform whose transform is nearest (Griffin & Lim 1984). Undoes `STFT` with the same options.
 *
 * Input: `[batch, frames, 1 + floor(nFft / 2), channels, 2]`, real and imaginary part last, or channels second.
 * Output: `[batch, samples, channels]`, or channels second. Samples that no window reaches are 0.
 *
 * Same numbers as librosa 0.11 `istft`; with `normalization: 'periodic'` and `kapreFraming` as Kapre 0.4.1
 * `InverseSTFT`, which leaves the padding for the caller to cut off.
 *
 * @throws RangeError if an option is out of range, the bins are not those of `nFft`, or no sample is left.
 * @example new InverseSTFT({ nFft: 512, hopLength: 256 }).apply(tf.zeros([1, 63, 257, 1, 2])) // [1, 15872, 1]
 */
export class InverseSTFT extends tf.layers.Layer {
  static className = 'InverseSTFT';
  private readonly options: Required<Omit<InverseSTFTArgs, keyof LayerArgs>>;
  private readonly taper: Float64Array;
  private kernels?: FrozenMatrix;
  /** By the number of frames met last. */
  private gain?: { nFrames: number; matrix: FrozenMatrix };

  constructor(args: InverseSTFTArgs = {}) {
    const {
      nFft = 2048,
      winLength = nFft,
      hopLength = Math.floor(winLength / 4),
      window = 'hann',
      windowPosition = 'center',
      center = true,
      padBegin = false,
      length = null,
      normalization = 'actual',
      inputDataFormat = 'channelsLast',
      outputDataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    this.taper = requireStft('InverseSTFT', { nFft, winLength, hopLength, window, windowPosition, center });
    if (length !== null) requireInteger('InverseSTFT: length, unless null,', length, 1, 'sample');
    if (padBegin && (center || hopLength > nFft)) {
      throw new RangeError(
        'InverseSTFT: padBegin undoes that of STFT, which needs center: false and hopLength <= nFft; ' +
          `got center: ${center}, hopLength ${hopLength}.`,
      );
    }
    requireOneOf('InverseSTFT: normalization', normalization, inverseNormalizations);
    requireDataFormat('InverseSTFT: inputDataFormat', inputDataFormat);
    requireDataFormat('InverseSTFT: outputDataFormat', outputDataFormat);
    this.options = {
      nFft,
      winLength,
      hopLength,
      window,
      windowPosition,
      center,
      padBegin,
      length,
      normalization,
      inputDataFormat,
      outputDataFormat,
    };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.readShape(onlyShape(inputShape));
    const { nFft, hopLength, normalization } = this.options;
    const window = normalization === 'actual' ? this.taper : inverseWindow(this.taper, hopLength);
    const nBins = 1 + Math.floor(nFft / 2);
    this.kernels = new FrozenMatrix(() => inverseDftKernels(window, nFft), [2 * nBins, window.length]);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { batch, nFrames, channels } = this.readShape(onlyShape(inputShape));
    const samples = nFrames == null ? this.options.length : this.countSamples(nFrames);
    return this.options.outputDataFormat === 'channelsLast'
      ? [batch, samples, channels]
      : [batch, channels, samples];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { hopLength, normalization, inputDataFormat, outputDataFormat } = this.options;
      const x = complexToChannelsFirst(only(inputs), inputDataFormat);
      const [batch, channels, nFrames, nBins] = x.shape;
      const kernels = this.kernels!.tensor() as tf.Tensor2D;
      const flat = tf.reshape(x, [batch * channels * nFrames, 2 * nBins]) as tf.Tensor2D;
      const frames = tf.reshape(tf.matMul(flat, kernels), [batch * channels, nFrames, this.taper.length]);
      const rows = this.cut(overlapAdd(frames as tf.Tensor3D, hopLength), nFrames);
      const waveform = normalization === 'actual' ? tf.mul(rows, this.readGain(nFrames)) : rows;
      return fromRows(waveform as tf.Tensor2D, channels, outputDataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.kernels?.dispose();
    this.gain?.matrix.dispose();
    return super.disposeWeights();
  }

  private readShape(shape: tf.Shape): Record<'batch' | 'nFrames' | 'channels', number | null> {
    requireComplex('InverseSTFT', shape);
    const last = this.options.inputDataFormat === 'channelsLast';
    const [batch, nFrames, bins, channels] = last ? shape : [shape[0], shape[2], shape[3], shape[1]];
    const nBins = 1 + Math.floor(this.options.nFft / 2);
    if (shape.length !== 5 || bins !== nBins) {
      throw new RangeError(
        `InverseSTFT: nFft=${this.options.nFft} needs ${nBins} bins, ` +
          `[batch, ${last ? 'frames, bins, channels' : 'channels, frames, bins'}, 2]; got [${shape.join(', ')}]. ` +
          'Give it the nFft of the STFT.',
      );
    }
    return { batch, nFrames, channels };
  }

  /** Samples that the frames hold before the waveform. */
  private countBefore(): number {
    const { nFft, hopLength, center, padBegin } = this.options;
    if (center) return Math.floor(nFft / 2);
    return padBegin ? nFft - hopLength : 0;
  }

  private countSamples(nFrames: number): number {
    const { nFft, hopLength, center, length } = this.options;
    if (length !== null) return length;
    const held = this.taper.length + hopLength * (nFrames - 1);
    const samples = held - this.countBefore() - (center ? Math.floor(nFft / 2) : 0);
    if (samples < 1) {
      throw new RangeError(
        `InverseSTFT: ${nFrames} frames hold no sample beside the padding. Give more frames, or length.`,
      );
    }
    return samples;
  }

  /** The waveform's samples of what was added up. */
  private cut(added: tf.Tensor2D, nFrames: number): tf.Tensor2D {
    const [before, samples] = [this.countBefore(), this.countSamples(nFrames)];
    const there = Math.max(0, Math.min(samples, added.shape[1] - before));
    const held = tf.slice(added, [0, before], [-1, there]);
    return there === samples ? held : tf.pad(held, [[0, 0], [0, samples - there]]); // prettier-ignore
  }

  /** One over what the windows sum to at each sample, 0 where none reaches. */
  private readGain(nFrames: number): tf.Tensor {
    if (this.gain?.nFrames !== nFrames) {
      this.gain?.matrix.dispose();
      const before = this.countBefore();
      const samples = this.countSamples(nFrames);
      const compute = () => {
        const sums = overlappedSquares(this.taper, nFrames, this.options.hopLength);
        return Float32Array.from({ length: samples }, (_, i) =>
          sums[before + i] > smallestSum ? 1 / sums[before + i] : 0,
        );
      };
      this.gain = { nFrames, matrix: new FrozenMatrix(compute, [1, samples]) };
    }
    return this.gain.matrix.tensor();
  }
}
tf.serialization.registerClass(InverseSTFT, 'sonotag');

/** The smallest normal float32, below which librosa leaves sums alone; windows are below 1e-19 there. */
const smallestSum = 2 ** -126;
