/** The spectrogram as a layer: waveform in, magnitude or power of the short-time Fourier transform out. */
import * as tf from '@tensorflow/tfjs';
import { fromChannelsFirst, only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { dftKernels } from './dsp/dft.ts';
import { countFrames, padLength, padModes, type PadMode } from './dsp/framing.ts';
import { centeredWindow, type WindowName } from './dsp/windows.ts';
import { frameSignal, frameWidth, padEnds } from './frameSignal.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface SpectrogramArgs extends LayerArgs {
  /** DFT length, samples. Default 2048. */
  nFft?: number;
  /** Window length, samples, at most `nFft`; the window stands in the middle of the frame. Default `nFft`. */
  winLength?: number;
  /** Distance of frames, samples. Default `floor(winLength / 4)`. */
  hopLength?: number;
  /** `'hann'`, `'hamming'`, `'blackman'` or `'boxcar'`, periodic. Default `'hann'`. */
  window?: WindowName;
  /** Pad both ends by `floor(nFft / 2)`, so that frame t is centred at sample `t * hopLength`. Default true. */
  center?: boolean;
  /** What the padding holds: `'reflect'`, or `'constant'` for zeros, librosa's default since 0.10. Default `'reflect'`. */
  padMode?: PadMode;
  /** 1 magnitude, 2 power. Default 2. */
  power?: 1 | 2;
  /** Train the windowed DFT kernels, starting from the exact transform. Default false: frozen, not counted. */
  trainableKernels?: boolean;
  /** Of a multichannel waveform: `[batch, samples, channels]` or `[batch, channels, samples]`. Default `'channelsLast'`. */
  inputDataFormat?: DataFormat;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/**
 * Magnitude or power spectrogram by framing and a matrix product with windowed DFT kernels.
 *
 * Real arithmetic only, so it runs and differentiates on every engine (TF.js 4.22 has no gradient for its FFT).
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, bins, channels]` with `bins = 1 + floor(nFft / 2)`, >= 0.
 *
 * Same numbers as `abs(librosa.stft(...)) ** power` (librosa 0.11) with `pad_mode` set alike. Trainable kernels after
 * Choi, Joo & Kim 2017, "Kapre: On-GPU Audio Preprocessing Layers", arXiv:1706.05781.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new Spectrogram({ nFft: 512, hopLength: 256 }).apply(tf.zeros([1, 16000])) // [1, 63, 257, 1]
 */
export class Spectrogram extends tf.layers.Layer {
  static className = 'Spectrogram';
  private readonly options: Required<Omit<SpectrogramArgs, keyof LayerArgs>>;
  private frozen?: FrozenMatrix;
  private trained?: tf.LayerVariable;

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
      inputDataFormat = 'channelsLast',
      outputDataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireInteger('Spectrogram: nFft', nFft, 2, 'samples');
    requireInteger('Spectrogram: winLength', winLength, 1, 'sample');
    requireInteger('Spectrogram: hopLength', hopLength, 1, 'sample');
    requireOneOf('Spectrogram: padMode', padMode, padModes);
    requireOneOf('Spectrogram: power', power, [1, 2]);
    requireDataFormat('Spectrogram: inputDataFormat', inputDataFormat);
    requireDataFormat('Spectrogram: outputDataFormat', outputDataFormat);
    centeredWindow(window, winLength, nFft); // refuses a bad window now, not at the first call
    this.options = {
      nFft,
      winLength,
      hopLength,
      window,
      center,
      padMode,
      power,
      trainableKernels,
      inputDataFormat,
      outputDataFormat,
    };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    if (shape.length !== 2 && shape.length !== 3) {
      throw new RangeError(
        `Spectrogram needs a waveform of shape [batch, samples] or [batch, samples, channels]; got [${shape.join(', ')}].`,
      );
    }
    const kernels = this.kernelMatrix();
    if (this.options.trainableKernels) {
      this.trained = this.addWeight('dftKernels', kernels.shape, 'float32', tf.initializers.zeros());
      this.trained.write(kernels.tensor());
      kernels.dispose();
    } else {
      this.frozen = kernels;
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const { samples, channels } = this.readShape(shape);
    const nFrames = samples == null ? null : countFrames(samples, this.options);
    const nBins = 1 + Math.floor(this.options.nFft / 2);
    return this.options.outputDataFormat === 'channelsLast'
      ? [shape[0], nFrames, nBins, channels]
      : [shape[0], channels, nFrames, nBins];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { nFft, hopLength, padMode, power, outputDataFormat } = this.options;
      const waveform = only(inputs);
      const { samples, channels } = this.readShape(waveform.shape) as { samples: number; channels: number };
      const batch = waveform.shape[0];
      const nFrames = countFrames(samples, this.options);
      const rows = tf.reshape(this.channelsBeforeSamples(waveform), [
        batch * channels,
        samples,
      ]) as tf.Tensor2D;
      const padded = padEnds(rows, padLength(this.options), padMode);
      const frames = frameSignal(padded, { nFrames, frameLength: nFft, hopLength });
      const kernels = (this.trained?.read() ?? this.frozen!.tensor()) as tf.Tensor2D;
      const flat = tf.reshape(frames, [batch * channels * nFrames, frames.shape[2]]) as tf.Tensor2D;
      const spectrum = tf.matMul(flat, kernels);
      const nBins = kernels.shape[1] / 2;
      const real = tf.slice(spectrum, [0, 0], [-1, nBins]);
      const imag = tf.slice(spectrum, [0, nBins], [-1, nBins]);
      const squared = tf.add(tf.square(real), tf.square(imag));
      // the square root's gradient is infinite at 0: magnitudes below 1e-15 read as 1e-15
      const out = power === 2 ? squared : tf.sqrt(tf.maximum(squared, 1e-30));
      return fromChannelsFirst(
        tf.reshape(out, [batch, channels, nFrames, nBins]) as tf.Tensor4D,
        outputDataFormat,
      );
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.frozen?.dispose();
    return super.disposeWeights();
  }

  /** The kernels with zero rows for what {@link frameSignal} carries behind each frame. */
  private kernelMatrix(): FrozenMatrix {
    const { nFft, winLength, hopLength, window } = this.options;
    const kernels = dftKernels(centeredWindow(window, winLength, nFft));
    const columns = kernels.length / nFft;
    const padded = new Float32Array(frameWidth(nFft, hopLength) * columns);
    padded.set(kernels);
    return new FrozenMatrix(padded, [padded.length / columns, columns]);
  }

  private readShape(shape: tf.Shape): { samples: number | null; channels: number | null } {
    if (shape.length === 2) return { samples: shape[1], channels: 1 };
    return this.options.inputDataFormat === 'channelsLast'
      ? { samples: shape[1], channels: shape[2] }
      : { samples: shape[2], channels: shape[1] };
  }

  private channelsBeforeSamples(waveform: tf.Tensor): tf.Tensor {
    const moves =
      waveform.rank === 3 && this.options.inputDataFormat === 'channelsLast' && waveform.shape[2]! > 1;
    return moves ? tf.transpose(waveform, [0, 2, 1]) : waveform;
  }
}
tf.serialization.registerClass(Spectrogram, 'sonotag');
