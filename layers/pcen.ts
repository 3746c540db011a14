/** Per-channel energy normalisation as a layer. */
import * as tf from '@tensorflow/tfjs';
import {
  fromChannelsFirst,
  only,
  onlyShape,
  requireDataFormat,
  toChannelsFirst,
  type DataFormat,
} from './dataFormat.ts';
import { requireInteger, requirePositive } from './dsp/checks.ts';
import type { LayerArgs } from './layerArgs.ts';
import { requireBins } from './mapAxes.ts';
import { smoothFrames } from './smoothFrames.ts';

export interface PCENArgs extends LayerArgs {
  /** Hz. Default 22050. */
  sampleRate?: number;
  /** Distance of frames, samples. Default 512. */
  hopLength?: number;
  /** Exponent of the smoothed energy that divides, >= 0. Default 0.98. */
  gain?: number;
  /** Added before the compression, >= 0. Default 2. */
  bias?: number;
  /** Exponent of the compression, >= 0; 0 takes the logarithm. Default 0.5. */
  power?: number;
  /** Time constant of the smoothing, seconds, > 0. Default 0.4. */
  timeConstant?: number;
  /** Added to the smoothed energy, > 0. Default 1e-6. */
  eps?: number;
  /** Share of the new frame in the smoothing, in [0, 1]; null takes it from `timeConstant`. Default null. */
  b?: number | null;
  /** Train a gain, a bias and a power of each band, which stay > 0. Default false: frozen, not counted. */
  trainableParameters?: boolean;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * `(E / (eps + M)^gain + bias)^power - bias^power`, where `M` is the energy `E` of a band smoothed over the frames
 * before: an automatic gain control and a root in place of decibels.
 *
 * Input: magnitudes or power >= 0, `[batch, frames, bins, channels]` or channels second. Output: same shape, >= 0. As
 * in librosa the smoothing starts as if all before the clip were 1, and the defaults are for energies of 16-bit scale:
 * multiply waveforms of full scale ±1, or their spectrograms, by 2^31.
 * Weights, if trained: `logGain`, `logBias`, `logPower`, each `[bins]`, natural logarithms.
 *
 * Same numbers as librosa 0.11 `pcen` with `max_size=1`. Wang et al. 2017, "Trainable Frontend For Robust and
 * Far-Field Keyword Spotting", arXiv:1607.05666; Lostanlen et al. 2019, "Per-Channel Energy Normalization: Why and
 * How".
 *
 * @throws RangeError if an option is out of range, or a parameter that is trained is not > 0.
 * @example new PCEN({ sampleRate: 12000, hopLength: 256 }).apply(tf.mul(melSpectrogram, 2 ** 31))
 */
export class PCEN extends tf.layers.Layer {
  static className = 'PCEN';
  private readonly options: Required<Omit<PCENArgs, keyof LayerArgs>>;
  private trained?: { gain: tf.LayerVariable; bias: tf.LayerVariable; power: tf.LayerVariable };

  constructor(args: PCENArgs = {}) {
    const {
      sampleRate = 22050,
      hopLength = 512,
      gain = 0.98,
      bias = 2,
      power = 0.5,
      timeConstant = 0.4,
      eps = 1e-6,
      b = null,
      trainableParameters = false,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requirePositive('PCEN: sampleRate', sampleRate);
    requireInteger('PCEN: hopLength', hopLength, 1, 'sample');
    requirePositive('PCEN: timeConstant', timeConstant);
    requirePositive('PCEN: eps', eps);
    if (b !== null && !(b >= 0 && b <= 1)) throw new RangeError(`PCEN: b must lie in [0, 1]; got ${b}.`);
    for (const [name, value] of Object.entries({ gain, bias, power })) {
      if (trainableParameters) requirePositive(`PCEN: ${name}, which is trained,`, value);
      else if (!(value >= 0 && Number.isFinite(value))) {
        throw new RangeError(`PCEN: ${name} must be a number >= 0; got ${value}.`);
      }
    }
    requireDataFormat('PCEN: dataFormat', dataFormat);
    this.options = {
      ...{ sampleRate, hopLength, gain, bias, power, timeConstant, eps, b },
      ...{ trainableParameters, dataFormat },
    };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { gain, bias, power, trainableParameters, dataFormat } = this.options;
    const nBins = requireBins('PCEN', onlyShape(inputShape), dataFormat);
    if (trainableParameters) {
      const weight = (name: string, start: number) =>
        this.addWeight(name, [nBins], 'float32', tf.initializers.constant({ value: Math.log(start) }));
      this.trained = {
        gain: weight('logGain', gain),
        bias: weight('logBias', bias),
        power: weight('logPower', power),
      };
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { eps, dataFormat } = this.options;
      const x = toChannelsFirst(only(inputs) as tf.Tensor4D, dataFormat);
      const [batch, channels, nFrames, nBins] = x.shape;
      const energy = tf.reshape(x, [batch * channels, nFrames, nBins]) as tf.Tensor3D;
      const smooth = tf.add(smoothFrames(energy, this.smoothing()), eps);
      const { gain, bias, power } = this.parameters();
      const adapted = tf.mul(energy, tf.exp(tf.neg(tf.mul(gain, tf.log(smooth)))));
      const compressed = this.compress(adapted, bias, power);
      return fromChannelsFirst(tf.reshape(compressed, x.shape), dataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  /** librosa's: the half width of the squared response is the time constant. */
  private smoothing(): number {
    const { b, timeConstant, sampleRate, hopLength } = this.options;
    const frames = (timeConstant * sampleRate) / hopLength;
    return b ?? (Math.sqrt(1 + 4 * frames ** 2) - 1) / (2 * frames ** 2);
  }

  private parameters(): { gain: tf.Tensor; bias: tf.Tensor; power: tf.Tensor } {
    if (this.trained !== undefined) {
      const { gain, bias, power } = this.trained;
      return { gain: tf.exp(gain.read()), bias: tf.exp(bias.read()), power: tf.exp(power.read()) };
    }
    const { gain, bias, power } = this.options;
    return { gain: tf.scalar(gain), bias: tf.scalar(bias), power: tf.scalar(power) };
  }

  private compress(x: tf.Tensor, bias: tf.Tensor, power: tf.Tensor): tf.Tensor {
    if (this.options.power === 0) return tf.log1p(x);
    // the root's gradient is infinite at 0: below 1e-30 reads as 1e-30
    if (this.options.bias === 0) return tf.exp(tf.mul(power, tf.log(tf.maximum(x, 1e-30))));
    const root = tf.exp(tf.mul(power, tf.log(bias)));
    return tf.mul(root, tf.expm1(tf.mul(power, tf.log1p(tf.div(x, bias)))));
  }
}
tf.serialization.registerClass(PCEN, 'sonotag');
