/** Keras 3's MelSpectrogram, whose triangles are straight in mel and not in Hz. */
import * as tf from '@tensorflow/tfjs';
import { BandSpectrogram } from '../../../../layers/bandSpectrogram.ts';
import { requireInteger, requireOneOf, requirePositive } from '../../../../layers/dsp/checks.ts';
import { hzToMel } from '../../../../layers/dsp/mel.ts';
import { bandsOf } from '../../../../layers/kernels/melSpectrogram/composite.ts';
import { toDecibel } from '../../../../layers/kernels/melSpectrogram/decibel.ts';
import { requireDecibel, type DecibelShape } from '../../../../layers/kernels/melSpectrogram/shape.ts';
import type { SpectrogramArgs } from '../../../../layers/spectrogram.ts';
import { statisticsScopes, type StatisticsScope } from './kapreDecibel.ts';

export interface Keras3Decibel {
  /** Power that maps to 0 dB, > 0. */
  ref: number;
  /** Smallest power let through to the logarithm, > 0. */
  amin: number;
  /** Depth kept below the peak, dB, >= 0. */
  topDb: number;
  /** Whose peak that is: a clip's own, or that of all that are computed together, as in Keras. */
  peakOf: StatisticsScope;
}

export interface Keras3MelSpectrogramArgs extends Omit<SpectrogramArgs, 'power'> {
  /** Hz. */
  sampleRate: number;
  /** Number of bands. Default 128. */
  nMels?: number;
  /** Lowest edge, Hz, >= 0. Default 20. */
  fMin?: number;
  /** Highest edge, Hz, > `fMin`; bands above half the sample rate are empty. Default `sampleRate / 2`. */
  fMax?: number;
  /** Exponent of the magnitude before the bands are summed, > 0. Default 2. */
  magnitudeExponent?: number;
  /** `10 * log10` of the bands, whatever the exponent; null leaves them. Default null. */
  decibel?: Keras3Decibel | null;
}

/**
 * Spectrogram ▸ mel bands by triangles that are straight over HTK's mel, of peak 1 and without the bin at 0 Hz ▸, with
 * `decibel`, decibels.
 *
 * Input: waveform `[batch, samples]`. Output: `[batch, frames, nMels, 1]`.
 *
 * Same numbers as MelSpectrogram of Keras 3.13, which has bands before frames.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new Keras3MelSpectrogram({ sampleRate: 16000, nMels: 64 }).apply(tf.zeros([1, 16000])) // [1, 32, 64, 1]
 */
export class Keras3MelSpectrogram extends BandSpectrogram {
  static override className = 'Keras3MelSpectrogram';
  private readonly mel: Required<Omit<Keras3MelSpectrogramArgs, keyof SpectrogramArgs>>;

  constructor(args: Keras3MelSpectrogramArgs) {
    const {
      sampleRate,
      nMels = 128,
      fMin = 20,
      fMax = sampleRate / 2,
      magnitudeExponent = 2,
      decibel = null,
      ...spectrogramArgs
    } = args;
    super({ ...spectrogramArgs, power: 2 });
    requirePositive('Keras3MelSpectrogram: sampleRate', sampleRate);
    requireInteger('Keras3MelSpectrogram: nMels', nMels, 1);
    requirePositive('Keras3MelSpectrogram: magnitudeExponent', magnitudeExponent);
    if (!(fMin >= 0 && fMin < fMax && fMax < Infinity)) {
      throw new RangeError(
        `Keras3MelSpectrogram: needs 0 <= fMin < fMax, got fMin=${fMin}, fMax=${fMax} Hz.`,
      );
    }
    if (decibel !== null) {
      requireDecibel('Keras3MelSpectrogram: decibel', decibel);
      requireOneOf('Keras3MelSpectrogram: decibel.peakOf', decibel.peakOf, statisticsScopes);
    }
    this.mel = { sampleRate, nMels, fMin, fMax, magnitudeExponent, decibel };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(inputShape);
    this.freezeFilterbank(trianglesInMel(this.countBins(), this.mel), this.mel.nMels);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { decibel, ...mel } = this.mel;
    return { ...super.getConfig(), ...mel, decibel: decibel && { ...decibel } };
  }

  protected override transform(x: tf.Tensor3D): tf.Tensor4D {
    const { magnitudeExponent, decibel } = this.mel;
    const ofClip = decibel?.peakOf === 'clip' ? withoutScope(decibel) : null;
    const bands =
      magnitudeExponent === 2
        ? this.sumBands(x, ofClip)
        : bandsOf(raise(super.transform(x), magnitudeExponent / 2), this.filterbank(), { decibel: ofClip });
    return decibel?.peakOf === 'batch' ? decibelBelowBatch(bands, decibel) : bands;
  }

  protected override countOutputs(): number {
    return this.mel.nMels;
  }
}
tf.serialization.registerClass(Keras3MelSpectrogram, 'sonotag');

/** `[bins, nMels]`, row-major. The unit of mel, 1127 or 2595 / ln 10, cancels. */
function trianglesInMel(
  nBins: number,
  { sampleRate, nMels, fMin, fMax }: { sampleRate: number; nMels: number; fMin: number; fMax: number },
): Float32Array {
  const [low, high] = [hzToMel(fMin, 'htk'), hzToMel(fMax, 'htk')];
  const width = (high - low) / (nMels + 1);
  const matrix = new Float32Array(nBins * nMels);
  for (let bin = 1; bin < nBins; bin++) {
    // in units of a half triangle; Keras spreads the bins evenly up to half the rate, for odd frames too
    const at = (hzToMel((bin * sampleRate) / 2 / (nBins - 1), 'htk') - low) / width;
    for (let band = 0; band < nMels; band++) {
      matrix[bin * nMels + band] = Math.max(0, Math.min(at - band, band + 2 - at));
    }
  }
  return matrix;
}

/** Power of numbers >= 0 whose gradient is finite at 0: what is below 1e-30 is raised as 1e-30, but 0 stays 0. */
function raise(x: tf.Tensor4D, exponent: number): tf.Tensor4D {
  return tf.tidy(() => tf.mul<tf.Tensor4D>(tf.pow(tf.maximum(x, 1e-30), exponent), tf.step(x)));
}

function withoutScope({ ref, amin, topDb }: Keras3Decibel): DecibelShape {
  return { ref, amin, topDb };
}

/** The floor hangs from the loudest clip of the batch. */
function decibelBelowBatch(bands: tf.Tensor4D, decibel: Keras3Decibel): tf.Tensor4D {
  return tf.tidy(() => {
    const decibels = toDecibel(bands, { ...withoutScope(decibel), topDb: null });
    const floor = tf.sub(tf.max(decibels), decibel.topDb);
    return tf.add<tf.Tensor4D>(tf.relu(tf.sub(decibels, floor)), floor);
  });
}
