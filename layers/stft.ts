/** The short-time Fourier transform as a layer: waveform in, complex spectrogram out. */
import * as tf from '@tensorflow/tfjs';
import { complexFromChannelsFirst } from './complexSpectrogram.ts';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { complexDftKernels } from './dsp/complexDft.ts';
import { countFrames, padLength, padModes } from './dsp/framing.ts';
import { countPaddedFrames } from './dsp/paddedFraming.ts';
import { centeredWindow, getWindow } from './dsp/windows.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { frameSignal, padEnds } from './kernels/melSpectrogram/frameSignal.ts';
import type { LayerArgs } from './layerArgs.ts';
import type { SpectrogramArgs } from './spectrogram.ts';
import { readWaveformShape, toRows } from './waveform.ts';

export const windowPositions = ['center', 'start'] as const;
export type WindowPosition = (typeof windowPositions)[number];

export interface STFTArgs extends Omit<
  SpectrogramArgs,
  'power' | 'center' | 'trainableWindow' | 'outputDataFormat'
> {
  /** Pad both ends by half a frame, so that frame t is centred on sample `t * hopLength`. Default true. */
  center?: boolean;
  /**
   * Where a window shorter than `nFft` stands: `'center'`, in the middle of frames of `nFft` samples, as in librosa;
   * `'start'`, frames being `winLength` long with zeros behind, as in Kapre. `'start'` needs `center: false`.
   * Default `'center'`.
   */
  windowPosition?: WindowPosition;
  /** Put `nFft - hopLength` zeros before the waveform, as Kapre does. Needs `center: false`. Default false. */
  padBegin?: boolean;
  /** Fill up with zeros so that every hop has a frame, as Kapre does. Needs `center: false`. Default false. */
  padEnd?: boolean;
  /** `[batch, frames, bins, channels, 2]` or `[batch, channels, frames, bins, 2]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/** Framing as Kapre 0.4 has it; of no effect on the padding at the ends: `new STFT({ ...kapreFraming, padEnd: true })`. */
export const kapreFraming = { center: false, windowPosition: 'start' } as const;

/**
 * Short-time Fourier transform. What is complex is carried as two real parts on a last axis, real then imaginary.
 *
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, bins, channels, 2]` with `bins = 1 + floor(nFft / 2)`, or channels second. Real arithmetic only, by a
 * matrix product with windowed DFT kernels, so it runs and differentiates on every engine; where magnitude or power is
 * all that is wanted, `Spectrogram` is faster.
 *
 * Same numbers as librosa 0.11 `stft` with `pad_mode` set alike; with {@link kapreFraming} as Kapre 0.4.1 `STFT`, but
 * for windows of odd length, which are symmetric there (TensorFlow) and periodic here (SciPy). Trainable kernels after
 * Choi, Joo & Kim 2017, arXiv:1706.05781; they are `[frame length, 2 * bins]`, parts side by side.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new STFT({ nFft: 512, hopLength: 256 }).apply(tf.zeros([1, 16000])) // [1, 63, 257, 1, 2]
 */
export class STFT extends tf.layers.Layer {
  static className = 'STFT';
  private readonly options: Required<Omit<STFTArgs, keyof LayerArgs>>;
  private readonly taper: Float64Array;
  private frozen?: FrozenMatrix;
  private trained?: tf.LayerVariable;

  constructor(args: STFTArgs = {}) {
    const {
      nFft = 2048,
      winLength = nFft,
      hopLength = Math.floor(winLength / 4),
      window = 'hann',
      windowPosition = 'center',
      center = true,
      padMode = 'reflect',
      padBegin = false,
      padEnd = false,
      trainableKernels = false,
      inputDataFormat = 'channelsLast',
      outputDataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    this.taper = requireStft('STFT', { nFft, winLength, hopLength, window, windowPosition, center });
    requireOneOf('STFT: padMode', padMode, padModes);
    if (center && (padBegin || padEnd)) {
      throw new RangeError('STFT: center pads both ends already; padBegin and padEnd need center: false.');
    }
    if (padBegin && hopLength > nFft) {
      throw new RangeError(`STFT: padBegin needs hopLength <= nFft = ${nFft}; got ${hopLength}. Lower it.`);
    }
    requireDataFormat('STFT: inputDataFormat', inputDataFormat);
    requireDataFormat('STFT: outputDataFormat', outputDataFormat);
    this.options = {
      nFft,
      winLength,
      hopLength,
      window,
      windowPosition,
      center,
      padMode,
      padBegin,
      padEnd,
      trainableKernels,
      inputDataFormat,
      outputDataFormat,
    };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { nFft, inputDataFormat } = this.options;
    readWaveformShape('STFT', onlyShape(inputShape), inputDataFormat);
    const kernels = () => complexDftKernels(this.taper, nFft);
    const matrix = new FrozenMatrix(kernels, [this.taper.length, 2 * this.countBins()]);
    if (this.options.trainableKernels) {
      this.trained = this.addWeight('dftKernels', matrix.shape, 'float32', tf.initializers.zeros());
      this.trained.write(matrix.tensor());
      matrix.dispose();
    } else {
      this.frozen = matrix;
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const { inputDataFormat, outputDataFormat } = this.options;
    const { samples, channels } = readWaveformShape('STFT', shape, inputDataFormat);
    const nFrames = samples == null ? null : this.countFrames(samples);
    const [batch, nBins] = [shape[0], this.countBins()];
    return outputDataFormat === 'channelsLast'
      ? [batch, nFrames, nBins, channels, 2]
      : [batch, channels, nFrames, nBins, 2];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const waveform = only(inputs);
      const { hopLength, inputDataFormat, outputDataFormat } = this.options;
      const { samples, channels } = readWaveformShape('STFT', waveform.shape, inputDataFormat);
      const cut = { nFrames: this.countFrames(samples!), frameLength: this.taper.length, hopLength };
      const frames = frameSignal(this.pad(toRows(waveform, inputDataFormat)), cut);
      const kernels = (this.trained?.read() ?? this.frozen!.tensor()) as tf.Tensor2D;
      const flat = tf.reshape(frames, [-1, cut.frameLength]) as tf.Tensor2D;
      const spectrum = tf.matMul(flat, kernels);
      const [batch, nBins] = [waveform.shape[0], this.countBins()];
      const complex = tf.reshape(spectrum, [batch, channels!, cut.nFrames, nBins, 2]) as tf.Tensor5D;
      return complexFromChannelsFirst(complex, outputDataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.frozen?.dispose();
    return super.disposeWeights();
  }

  private countBins(): number {
    return 1 + Math.floor(this.options.nFft / 2);
  }

  private countFrames(samples: number): number {
    const { center, padEnd, hopLength } = this.options;
    if (center) return countFrames(samples, this.options);
    const framing = { frameLength: this.taper.length, hopLength, padEnd };
    return countPaddedFrames(samples + this.countBefore(), framing);
  }

  /** Zeros before the waveform. */
  private countBefore(): number {
    return this.options.padBegin ? this.options.nFft - this.options.hopLength : 0;
  }

  private pad(rows: tf.Tensor2D): tf.Tensor2D {
    if (this.options.center) return padEnds(rows, padLength(this.options), this.options.padMode);
    if (this.countBefore() === 0) return rows; // what lies behind the end is zero anyway
    return tf.pad(rows, [[0, 0], [this.countBefore(), 0]]); // prettier-ignore
  }
}
tf.serialization.registerClass(STFT, 'sonotag');

/**
 * Checks what a transform and its inverse have in common and gives the window, as long as a frame.
 *
 * @throws RangeError if an option is out of range; `name` is the layer's.
 */
export function requireStft(
  name: string,
  options: Required<
    Pick<STFTArgs, 'nFft' | 'winLength' | 'hopLength' | 'window' | 'windowPosition' | 'center'>
  >,
): Float64Array {
  const { nFft, winLength, hopLength, window, windowPosition, center } = options;
  requireInteger(`${name}: nFft`, nFft, 2, 'samples');
  requireInteger(`${name}: winLength`, winLength, 1, 'sample');
  requireInteger(`${name}: hopLength`, hopLength, 1, 'sample');
  requireOneOf(`${name}: windowPosition`, windowPosition, windowPositions);
  const centered = centeredWindow(window, winLength, nFft); // refuses a window longer than nFft
  if (windowPosition === 'center') return centered;
  if (center) {
    throw new RangeError(`${name}: windowPosition 'start' is Kapre's framing, which needs center: false.`);
  }
  return getWindow(window, winLength);
}
