/** The mel spectrogram as a layer: waveform in, mel bands out, in decibels where asked for; everything in one pass. */
import * as tf from '@tensorflow/tfjs';
import type { DataFormat } from './dataFormat.ts';
import { melFilterbank, nonZeroSpans, type MelFilterbankOptions } from './dsp/mel.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { bandsOf } from './kernels/melSpectrogram/composite.ts';
import { melSpectrogram } from './kernels/melSpectrogram/index.ts';
import { requireDecibel, type DecibelShape } from './kernels/melSpectrogram/shape.ts';
import type { PowerToDecibelArgs } from './powerToDecibel.ts';
import { Spectrogram, type SpectrogramArgs } from './spectrogram.ts';

export interface MelSpectrogramArgs extends SpectrogramArgs, Omit<MelFilterbankOptions, 'nFft'> {
  /** Train the filterbank, starting from the exact one. Default false: frozen, not counted. */
  trainableFilterbank?: boolean;
  /** Decibels as the layer `PowerToDecibel` with these options takes them; null leaves power. Default null. */
  decibel?: Pick<PowerToDecibelArgs, 'ref' | 'amin' | 'topDb'> | null;
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
export class MelSpectrogram extends Spectrogram {
  static override className = 'MelSpectrogram';
  private readonly bands: Required<Omit<MelFilterbankOptions, 'nFft'>> & { trainableFilterbank: boolean };
  private readonly decibel: DecibelShape | null;
  private frozenFilterbank?: FrozenMatrix;
  private trainedFilterbank?: tf.LayerVariable;
  private spans?: Int32Array;

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
      ...spectrogramArgs
    } = args;
    super(spectrogramArgs);
    this.bands = { sampleRate, nMels, fMin, fMax, melScale, norm, trainableFilterbank };
    melFilterbank({ ...this.bands, nFft: 2 }); // refuses bad options now, not at the first call
    this.decibel = decibel === null ? null : { ref: 1, amin: 1e-10, topDb: 80, ...withoutUndefined(decibel) };
    if (this.decibel !== null) {
      requireDecibel('MelSpectrogram: decibel', this.decibel);
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
    const matrix = new FrozenMatrix(() => values, [this.countBins(), nMels]);
    if (trainableFilterbank) {
      this.trainedFilterbank = this.addWeight('filterbank', matrix.shape, 'float32', tf.initializers.zeros());
      this.trainedFilterbank.write(matrix.tensor());
      matrix.dispose();
    } else {
      this.spans = nonZeroSpans(values, nMels);
      this.frozenFilterbank = matrix;
    }
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.bands, decibel: this.decibel && { ...this.decibel } };
  }

  protected override transform(x: tf.Tensor3D): tf.Tensor4D {
    const filterbank = (this.trainedFilterbank?.read() ?? this.frozenFilterbank!.tensor()) as tf.Tensor2D;
    const { decibel, spans } = this;
    if (this.stft.trainableKernels) return bandsOf(this.byTrainedKernels(x), filterbank, { decibel });
    return melSpectrogram(x, this.readWindow(), filterbank, { ...this.stftShape(), decibel, bands: spans });
  }

  protected override countOutputs(): number {
    return this.bands.nMels;
  }

  protected override disposeWeights(): number {
    this.frozenFilterbank?.dispose();
    return super.disposeWeights();
  }
}
tf.serialization.registerClass(MelSpectrogram, 'sonotag');

/** Undefined means "default". */
function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
