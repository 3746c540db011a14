/** The spectrogram as a layer: waveform in, magnitude or power of the short-time Fourier transform out. */
import * as tf from '@tensorflow/tfjs';
import { fromChannelsFirst, only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireOneOf } from './dsp/checks.ts';
import { dftKernels } from './dsp/dft.ts';
import { countFrames, countSameFrames, padModes, type PadMode } from './dsp/framing.ts';
import { getWindow, type WindowName } from './dsp/windows.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { spectrogramByKernels } from './kernels/melSpectrogram/composite.ts';
import { spectrogram } from './kernels/melSpectrogram/index.ts';
import type { StftShape } from './kernels/melSpectrogram/shape.ts';
import type { LayerArgs } from './layerArgs.ts';
import { requireStft } from './stft.ts';
import { readWaveformShape, toRows } from './waveform.ts';

export interface SpectrogramArgs extends LayerArgs {
  /** DFT length, samples. Default 2048. */
  nFft?: number;
  /** Window length, samples, at most `nFft`; the window stands in the middle of the frame. Default `nFft`. */
  winLength?: number;
  /** Distance of frames, samples. Default `floor(winLength / 4)`. */
  hopLength?: number;
  /** `'hann'`, `'hamming'`, `'blackman'` or `'boxcar'`, periodic. Default `'hann'`. */
  window?: WindowName;
  /**
   * Pad both ends by `floor(nFft / 2)`, so that frame t is centred at sample `t * hopLength`. `'same'` pads zeros as
   * TensorFlow's convolutions do under that name, to `ceil(samples / hopLength)` frames, as Kapre did in 2017; `padMode`
   * then has no say. Default true.
   */
  center?: boolean | 'same';
  /** What the padding holds: `'reflect'`, or `'constant'` for zeros, librosa's default since 0.10. Default `'reflect'`. */
  padMode?: PadMode;
  /** 1 magnitude, 2 power. Default 2. */
  power?: 1 | 2;
  /** Train the windowed DFT kernels, starting from the exact transform. Default false: frozen, not counted. */
  trainableKernels?: boolean;
  /**
   * Train the window, `winLength` weights that start as `window` and may turn negative. Not together with
   * `trainableKernels`, which hold the window. Default false: frozen, not counted.
   */
  trainableWindow?: boolean;
  /** Of a multichannel waveform: `[batch, samples, channels]` or `[batch, channels, samples]`. Default `'channelsLast'`. */
  inputDataFormat?: DataFormat;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/**
 * Magnitude or power spectrogram: frames times window, transformed.
 *
 * Real arithmetic only, so it runs and differentiates on every engine (TF.js 4.22 has no gradient for its FFT): by an
 * FFT of our own where `prepareKernels` has one for the engine and `nFft` is a power of two up to 4096; otherwise, and
 * for trainable kernels, by a matrix product with windowed DFT kernels, which takes about 30 times as long at nFft 512
 * and 160 times at 2048.
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, bins, channels]` with `bins = 1 + floor(nFft / 2)`, >= 0. Trainable kernels are `[nFft, 2 * bins]`:
 * those of the real parts, then those of the imaginary parts.
 *
 * Same numbers as `abs(librosa.stft(...)) ** power` (librosa 0.11) with `pad_mode` set alike. Trainable kernels after
 * Choi, Joo & Kim 2017, "Kapre: On-GPU Audio Preprocessing Layers", arXiv:1706.05781.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new Spectrogram({ nFft: 512, hopLength: 256 }).apply(tf.zeros([1, 16000])) // [1, 63, 257, 1]
 */
export class Spectrogram extends tf.layers.Layer {
  static className = 'Spectrogram';
  protected readonly stft: Required<Omit<SpectrogramArgs, keyof LayerArgs>>;
  /** The window, as long as a frame. */
  private readonly taper: Float64Array;
  private readonly dft: FrozenMatrix;
  private frozenWindow?: FrozenMatrix;
  private trainedWindow?: tf.LayerVariable;
  private trainedKernels?: tf.LayerVariable;

  constructor(args: SpectrogramArgs = {}) {
    const {
      nFft = 2048,
      winLength = nFft,
      hopLength = Math.floor(winLength / 4),
      window = 'hann',
      center = true,
      padMode = 'reflect',
      power = 2,
      trainableKernels = false,
      trainableWindow = false,
      inputDataFormat = 'channelsLast',
      outputDataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    const name = this.getClassName();
    requireOneOf(`${name}: center`, center, [true, false, 'same']);
    this.taper = requireStft(name, {
      ...{ nFft, winLength, hopLength, window, center: center !== false },
      windowPosition: 'center',
    });
    requireOneOf(`${name}: padMode`, padMode, padModes);
    requireOneOf(`${name}: power`, power, [1, 2]);
    requireDataFormat(`${name}: inputDataFormat`, inputDataFormat);
    requireDataFormat(`${name}: outputDataFormat`, outputDataFormat);
    if (trainableKernels && trainableWindow) {
      throw new RangeError(
        `${name}: trainableKernels hold the window already; leave trainableWindow or trainableKernels away.`,
      );
    }
    this.stft = {
      nFft,
      winLength,
      hopLength,
      window,
      center,
      padMode,
      power,
      trainableKernels,
      trainableWindow,
      inputDataFormat,
      outputDataFormat,
    };
    const unwindowed = () => dftKernels(new Float64Array(nFft).fill(1));
    this.dft = new FrozenMatrix(unwindowed, [nFft, 2 * this.countBins()]);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.readShape(onlyShape(inputShape)); // refuses what is no waveform
    const { nFft, winLength, window, trainableKernels, trainableWindow } = this.stft;
    const start = (name: string, values: Float32Array, of: number[]): tf.LayerVariable => {
      const weight = this.addWeight(name, of, 'float32', tf.initializers.zeros());
      const tensor = tf.tensor(values, of);
      weight.write(tensor);
      tensor.dispose();
      return weight;
    };
    if (trainableKernels) {
      const kernels = dftKernels(this.taper);
      this.trainedKernels = start('dftKernels', kernels, [nFft, 2 * this.countBins()]);
    } else if (trainableWindow) {
      this.trainedWindow = start('window', Float32Array.from(getWindow(window, winLength)), [winLength]);
    } else {
      this.frozenWindow = new FrozenMatrix(() => Float32Array.from(this.taper), [nFft]);
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const { samples, channels } = this.readShape(shape);
    const nFrames = samples == null ? null : this.countFrames(samples);
    return this.stft.outputDataFormat === 'channelsLast'
      ? [shape[0], nFrames, this.countOutputs(), channels]
      : [shape[0], channels, nFrames, this.countOutputs()];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const waveform = only(inputs);
      const { samples, channels } = this.readShape(waveform.shape) as { samples: number; channels: number };
      const rows = toRows(waveform, this.stft.inputDataFormat);
      const x = tf.reshape(rows, [waveform.shape[0], channels, samples]) as tf.Tensor3D;
      return fromChannelsFirst(this.transform(this.padSame(x)), this.stft.outputDataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.stft };
  }

  /** `[clips, channels, samples]` to `[clips, channels, frames, bins]`. */
  protected transform(x: tf.Tensor3D): tf.Tensor4D {
    if (this.stft.trainableKernels) return this.byTrainedKernels(x);
    return spectrogram(x, this.readWindow(), this.stftShape());
  }

  /** The same by the kernels that are trained, where they are. */
  protected byTrainedKernels(x: tf.Tensor3D): tf.Tensor4D {
    return spectrogramByKernels(x, this.trainedKernels!.read() as tf.Tensor2D, this.stftShape());
  }

  /** `[nFft]`. */
  protected readWindow(): tf.Tensor1D {
    if (this.frozenWindow !== undefined) return this.frozenWindow.tensor() as tf.Tensor1D;
    const { nFft, winLength } = this.stft;
    const before = Math.floor((nFft - winLength) / 2); // as centeredWindow
    return tf.pad(this.trainedWindow!.read() as tf.Tensor1D, [[before, nFft - winLength - before]]);
  }

  protected stftShape(): StftShape {
    const { hopLength, center, padMode, power } = this.stft;
    return {
      hopLength,
      center: center === true,
      padMode,
      power,
      dft: () => this.dft.tensor() as tf.Tensor2D,
    };
  }

  /** Length of the output's frequency axis. */
  protected countOutputs(): number {
    return this.countBins();
  }

  protected countBins(): number {
    return 1 + Math.floor(this.stft.nFft / 2);
  }

  protected override disposeWeights(): number {
    this.dft.dispose();
    this.frozenWindow?.dispose();
    return super.disposeWeights();
  }

  private countFrames(samples: number): number {
    const { nFft, hopLength, center } = this.stft;
    if (center === 'same') return countSameFrames(samples, { nFft, hopLength }).nFrames;
    return countFrames(samples, { nFft, hopLength, center });
  }

  /** `[clips, channels, samples]` with zeros at both ends where `center` is `'same'`. */
  private padSame(x: tf.Tensor3D): tf.Tensor3D {
    if (this.stft.center !== 'same') return x;
    const { before, after } = countSameFrames(x.shape[2], this.stft);
    return tf.pad(x, [[0, 0], [0, 0], [before, after]]); // prettier-ignore
  }

  private readShape(shape: tf.Shape): { samples: number | null; channels: number | null } {
    return readWaveformShape(this.getClassName(), shape, this.stft.inputDataFormat);
  }
}
tf.serialization.registerClass(Spectrogram, 'sonotag');
