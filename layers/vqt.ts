/** The variable-Q transform as a layer: waveform in, one bin a wavelet out, spaced evenly in pitch. */
import * as tf from '@tensorflow/tfjs';
import { fromChannelsFirst, only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireOneOf } from './dsp/checks.ts';
import { c1Hz, constantQOctaves, requireConstantQ, type ConstantQOctave, type ConstantQOptions } from './dsp/constantQ.ts'; // prettier-ignore
import { padModes, type PadMode } from './dsp/framing.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { createHalfRateMatrix, halveRate } from './halveRate.ts';
import { frameSignal, padEnds } from './kernels/melSpectrogram/frameSignal.ts';
import type { LayerArgs } from './layerArgs.ts';
import { readWaveformShape, toRows } from './waveform.ts';

export interface VQTArgs extends LayerArgs, ConstantQOptions {
  /** Widens every band by as many Hz; `'erb'` takes the ear's bandwidths; 0 is constant Q. Default `'erb'`. */
  gamma?: number | 'erb';
  /** What stands beyond the ends: `'constant'` for zeros, or `'reflect'`. Default `'constant'`. */
  padMode?: PadMode;
  /** 1 magnitude, 2 power. Default 1. */
  power?: 1 | 2;
  /** Leave the real and the imaginary part side by side, as a last axis of 2, instead of `power`. Default false. */
  complex?: boolean;
  /** Train the wavelets, starting from the exact ones. Default false: frozen, not counted. */
  trainableKernels?: boolean;
  /** Of a multichannel waveform: `[batch, samples, channels]` or `[batch, channels, samples]`. Default `'channelsLast'`. */
  inputDataFormat?: DataFormat;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/**
 * Variable-Q transform: a bank of wavelets spaced evenly in pitch, longer for low notes than for high ones.
 *
 * Real arithmetic only, so it runs and differentiates on every engine: each octave is a matrix product of frames, on a
 * signal halved in rate for every octave down as long as `hopLength` can be halved. Frame t is centred at sample
 * `t * hopLength`.
 * Input: waveform `[batch, samples]` of any length >= 1, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, nBins, channels]` with `frames = 1 + floor(samples / hopLength)`, >= 0; with `complex`
 * `[batch, frames, nBins, channels, 2]`. Trainable weights: `[frame, 2 * bins]` for each octave, highest first.
 *
 * Same numbers as librosa 0.11 `vqt` with `sparsity=0` (its default 0.01 leaves out up to 1 % of each wavelet's energy),
 * but for norms other than 1, which librosa takes at each octave's own rate, and for the ends of a
 * clip, where librosa cuts what the low-pass spreads beyond. After Schörkhuber & Klapuri 2010,
 * "Constant-Q transform toolbox for music processing", and Schörkhuber et al. 2014, "A Matlab toolbox for efficient
 * perfect reconstruction time-frequency transforms with log-frequency resolution" (gamma).
 *
 * @throws RangeError if an option is out of range, the highest bin reaches beyond half of `sampleRate`, or the waveform
 * is too short to be mirrored.
 * @example new VQT({ sampleRate: 12000, hopLength: 256 }).apply(tf.zeros([1, 348000])) // [1, 1360, 84, 1]
 */
export class VQT extends tf.layers.Layer {
  static className = 'VQT';
  protected readonly options: Required<Omit<VQTArgs, keyof LayerArgs>>;
  private readonly octaves: ConstantQOctave[];
  private readonly frozenKernels: FrozenMatrix[];
  private trainedKernels?: tf.LayerVariable[];
  private readonly halfRate = createHalfRateMatrix();

  constructor(args: VQTArgs) {
    const {
      sampleRate,
      hopLength = 512,
      fMin = c1Hz,
      nBins = 84,
      binsPerOctave = 12,
      tuning = 0,
      filterScale = 1,
      gamma = 'erb',
      norm = 1,
      scale = true,
      window = 'hann',
      wavelets = 'librosa',
      padMode = 'constant',
      power = 1,
      complex = false,
      trainableKernels = false,
      inputDataFormat = 'channelsLast',
      outputDataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    const name = this.getClassName();
    const bank = { sampleRate, hopLength, fMin, nBins, binsPerOctave, tuning, filterScale, gamma, norm, scale, window, wavelets }; // prettier-ignore
    requireConstantQ(name, bank);
    requireOneOf(`${name}: padMode`, padMode, padModes);
    requireOneOf(`${name}: power`, power, [1, 2]);
    requireDataFormat(`${name}: inputDataFormat`, inputDataFormat);
    requireDataFormat(`${name}: outputDataFormat`, outputDataFormat);
    this.options = { ...bank, padMode, power, complex, trainableKernels, inputDataFormat, outputDataFormat }; // prettier-ignore
    this.octaves = constantQOctaves(bank);
    this.frozenKernels = this.octaves.map((octave) => {
      const shape = [2 * octave.half, 2 * octave.nBins];
      return new FrozenMatrix(() => zeroExtended(octave.kernels, shape[0] * shape[1]), shape);
    });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.readShape(onlyShape(inputShape));
    if (this.options.trainableKernels) {
      this.trainedKernels = this.frozenKernels.map((matrix, octave) => {
        const weight = this.addWeight(`octave${octave}`, matrix.shape, 'float32', tf.initializers.zeros());
        weight.write(matrix.tensor());
        matrix.dispose();
        return weight;
      });
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { batch, samples, channels } = this.readShape(onlyShape(inputShape));
    const nFrames = samples === null ? null : this.countFrames(samples);
    const { nBins, outputDataFormat, complex } = this.options;
    const map =
      outputDataFormat === 'channelsLast'
        ? [batch, nFrames, nBins, channels]
        : [batch, channels, nFrames, nBins];
    return complex ? [...map, 2] : map;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const waveform = only(inputs);
      // TF.js 4.22: `cpu` cannot slice what is empty
      if (waveform.size === 0) return tf.zeros(this.computeOutputShape(waveform.shape) as number[]);
      const { inputDataFormat, outputDataFormat, nBins, power, complex } = this.options;
      const { batch, samples, channels } = this.readShape(waveform.shape);
      const nFrames = this.countFrames(samples!);
      const inFormat = (part: tf.Tensor): tf.Tensor4D =>
        fromChannelsFirst(tf.reshape(part, [batch!, channels!, nFrames, nBins]), outputDataFormat);
      const { real, imag } = this.transform(toRows(waveform, inputDataFormat), nFrames);
      if (complex) return tf.stack([inFormat(real), inFormat(imag)], -1);
      const squared = tf.add(tf.square(real), tf.square(imag));
      // the square root's gradient is infinite at 0: magnitudes below 1e-15 read as 1e-15
      return inFormat(power === 2 ? squared : tf.sqrt(tf.maximum(squared, 1e-30)));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.halfRate.dispose();
    this.frozenKernels.forEach((matrix) => matrix.dispose());
    return super.disposeWeights();
  }

  /** `[rows, samples]` to real and imaginary parts `[rows * frames, bins]`. */
  private transform(x: tf.Tensor2D, nFrames: number): { real: tf.Tensor2D; imag: tf.Tensor2D } {
    const pad = this.longestPadding();
    let signal = padEnds(x, pad, this.options.padMode);
    let halvings = 0;
    const spectra = this.octaves.map((octave, index) => {
      for (; halvings < octave.decimations; halvings++) {
        signal = halveRate(signal, this.halfRate.tensor() as tf.Tensor2D);
      }
      const before = pad / 2 ** halvings - octave.half; // where the first frame starts
      const rest = tf.slice(signal, [0, before], [signal.shape[0], signal.shape[1] - before]);
      const framing = { nFrames, frameLength: 2 * octave.half, hopLength: this.hopOf(octave) };
      const frames = frameSignal(rest as tf.Tensor2D, framing);
      const kernels = this.trainedKernels?.[index].read() ?? this.frozenKernels[index].tensor();
      const flat = tf.reshape(frames, [-1, 2 * octave.half]) as tf.Tensor2D;
      return tf.matMul(flat, kernels as tf.Tensor2D);
    });
    const lowestFirst = this.octaves
      .map(({ nBins }, index) => ({ nBins, spectrum: spectra[index] }))
      .reverse();
    const part = (which: 0 | 1) =>
      tf.concat(
        lowestFirst.map(({ nBins, spectrum }) => tf.slice(spectrum, [0, which * nBins], [-1, nBins])),
        1,
      ) as tf.Tensor2D;
    return { real: part(0), imag: part(1) };
  }

  private countFrames(samples: number): number {
    const { hopLength, padMode } = this.options;
    const needed = padMode === 'reflect' ? this.longestPadding() + 1 : 1;
    if (samples < needed) {
      throw new RangeError(
        `${this.getClassName()} with padMode '${padMode}' needs at least ${needed} ${needed === 1 ? 'sample' : 'samples'}; got ${samples}. ` +
          (samples < 1 ? 'Give a longer signal.' : "Give a longer signal, or padMode: 'constant'."),
      );
    }
    return 1 + Math.floor(samples / hopLength);
  }

  /** Samples at the full rate that stand before the centre of the first frame, in whole samples of every octave. */
  private longestPadding(): number {
    const coarsest = 2 ** Math.max(...this.octaves.map(({ decimations }) => decimations));
    const needed = Math.max(...this.octaves.map(({ half, decimations }) => half * 2 ** decimations));
    return coarsest * Math.ceil(needed / coarsest);
  }

  private hopOf({ decimations }: ConstantQOctave): number {
    return this.options.hopLength / 2 ** decimations;
  }

  private readShape(shape: tf.Shape) {
    return readWaveformShape(this.getClassName(), shape, this.options.inputDataFormat);
  }
}
tf.serialization.registerClass(VQT, 'sonotag');

/** The kernels, and zeros for what stands behind each frame in its row. */
function zeroExtended(kernels: Float32Array, length: number): Float32Array {
  const extended = new Float32Array(length);
  extended.set(kernels);
  return extended;
}
