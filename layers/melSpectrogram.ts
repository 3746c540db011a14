/** The mel spectrogram as a layer: waveform in, mel bands out, in decibels where asked for; everything in one pass. */
import * as tf from '@tensorflow/tfjs';
import { BandSpectrogram } from './bandSpectrogram.ts';
import type { DataFormat } from './dataFormat.ts';
import { requireOneOf } from './dsp/checks.ts';
import { melFilterbank, type MelFilterbankOptions } from './dsp/mel.ts';
import { bandsOf } from './kernels/melSpectrogram/composite.ts';
import { requireDecibel, type DecibelShape } from './kernels/melSpectrogram/shape.ts';
import { decibelOf, type DecibelOptions, type PowerToDecibelArgs } from './powerToDecibel.ts';
import type { SpectrogramArgs } from './spectrogram.ts';

export interface MelSpectrogramArgs extends SpectrogramArgs, Omit<MelFilterbankOptions, 'nFft'> {
  /** Train the filterbank, starting from the exact one. Default false: frozen, not counted. */
  trainableFilterbank?: boolean;
  /** Decibels as the layer `PowerToDecibel` with these options takes them; null leaves power. Default null. */
  decibel?: Pick<PowerToDecibelArgs, 'ref' | 'amin' | 'topDb'> | null;
  /** 2 leaves the mel bands of power, 1 takes their root before any decibels, as Kapre did in 2017. Default 2. */
  powerMelgram?: 1 | 2;
  /** `[batch, frames, mels, channels]` or `[batch, channels, frames, mels]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/**
 * `Spectrogram` ▸ `ApplyFilterbank` ▸, with `decibel`, `PowerToDecibel` as one layer, with their numbers: power never
 * leaves the processor's cache where `prepareKernels` has a kernel for the engine and `nFft` is a power of two up to
 * 4096. There, training the filterbank or the window stays fast too.
 *
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, nMels, channels]`: power >= 0, or decibels with the reference and floor of each clip, all channels
 * together.
 *
 * Same numbers as librosa 0.11 `feature.melspectrogram` with `pad_mode` set alike, then `power_to_db` on each clip.
 * Weights in order: `dftKernels` or `window`, then `filterbank`, as far as they are trained.
 * On mel spectrograms and their logarithm for tagging: Choi et al., "A Comparison of Audio Signal Preprocessing Methods
 * for Deep Neural Networks on Music Tagging", arXiv:1709.01922.
 *
 * @throws RangeError if an option is out of range, decibels are asked of magnitudes, or the waveform is too short for
 * one frame.
 * @example
 * new MelSpectrogram({ sampleRate: 12000, nFft: 512, hopLength: 256, nMels: 96, decibel: { ref: 'max' } })
 *   .apply(tf.zeros([1, 348000])) // [1, 1360, 96, 1]
 */
export class MelSpectrogram extends BandSpectrogram {
  static override className = 'MelSpectrogram';
  private readonly bands: Required<Omit<MelFilterbankOptions, 'nFft'>> & { trainableFilterbank: boolean };
  private readonly decibel: DecibelOptions | null;
  private readonly powerMelgram: 1 | 2;
  private trainedFilterbank?: tf.LayerVariable;

  constructor(args: MelSpectrogramArgs) {
    const {
      sampleRate,
      nMels = 128,
      fMin = 0,
      fMax = sampleRate / 2,
      melScale = 'slaney',
      norm = 'slaney',
      trainableFilterbank = false,
      decibel = null,
      powerMelgram = 2,
      ...spectrogramArgs
    } = args;
    super(spectrogramArgs);
    this.bands = { sampleRate, nMels, fMin, fMax, melScale, norm, trainableFilterbank };
    requireOneOf('MelSpectrogram: powerMelgram', powerMelgram, [1, 2]);
    this.powerMelgram = powerMelgram;
    melFilterbank({ ...this.bands, nFft: 2 }); // refuses bad options now, not at the first call
    this.decibel = decibel === null ? null : { ref: 1, amin: 1e-10, topDb: 80, ...withoutUndefined(decibel) };
    if (this.decibel !== null) {
      const ref = this.decibel.ref === 'batchMax' ? 'max' : this.decibel.ref;
      requireDecibel('MelSpectrogram: decibel', { ...this.decibel, ref });
      if (this.stft.power !== 2) {
        throw new RangeError(
          `MelSpectrogram: decibel takes 10 * log10 of power, got power=${this.stft.power}. Use power: 2, or ` +
            'decibel: null and a layer PowerToDecibel if 10 * log10 of magnitudes is meant.',
        );
      }
    }
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(inputShape);
    const { nMels, trainableFilterbank } = this.bands;
    const values = melFilterbank({ ...this.bands, nFft: this.stft.nFft });
    if (!trainableFilterbank) return this.freezeFilterbank(values, nMels);
    const shape = [this.countBins(), nMels];
    this.trainedFilterbank = this.addWeight('filterbank', shape, 'float32', tf.initializers.zeros());
    tf.tidy(() => void this.trainedFilterbank!.write(tf.tensor(values, shape)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { powerMelgram } = this;
    const decibel = this.decibel && { ...this.decibel };
    return { ...super.getConfig(), ...this.bands, decibel, powerMelgram };
  }

  protected override transform(x: tf.Tensor3D): tf.Tensor4D {
    const decibel = this.decibelInKernel();
    const bands = this.stft.trainableKernels
      ? bandsOf(this.byTrainedKernels(x), this.filterbank(), { decibel })
      : this.sumBands(x, decibel);
    return decibel === null ? this.finish(bands) : bands;
  }

  protected override filterbank(): tf.Tensor2D {
    return (this.trainedFilterbank?.read() as tf.Tensor2D | undefined) ?? super.filterbank();
  }

  /** Decibels that go in one pass with the bands; null where there are none, or what {@link finish} does comes first. */
  private decibelInKernel(): DecibelShape | null {
    if (this.decibel === null || this.powerMelgram === 1) return null;
    const { ref, amin, topDb } = this.decibel;
    return ref === 'batchMax' ? null : { ref, amin, topDb };
  }

  /** What is left to do on the mel bands of power. */
  private finish(bands: tf.Tensor4D): tf.Tensor4D {
    // the square root's gradient is infinite at 0: magnitudes below 1e-15 read as 1e-15
    const powered = this.powerMelgram === 1 ? tf.sqrt(tf.maximum<tf.Tensor4D>(bands, 1e-30)) : bands;
    return this.decibel === null ? powered : (decibelOf(powered, this.decibel) as tf.Tensor4D);
  }

  protected override countOutputs(): number {
    return this.bands.nMels;
  }
}
tf.serialization.registerClass(MelSpectrogram, 'sonotag');

/** Undefined means "default". */
function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
