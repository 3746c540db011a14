/** Chroma from the short-time Fourier transform as a layer. */
import * as tf from '@tensorflow/tfjs';
import { requireOneOf } from './dsp/checks.ts';
import { chromaFilterbank, requireChromaFilterbank, type ChromaFilterbankOptions } from './dsp/chroma.ts';
import { nonZeroSpans } from './dsp/mel.ts';
import { norms, type Norm } from './dsp/norms.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { bandsOf } from './kernels/melSpectrogram/composite.ts';
import { melSpectrogram } from './kernels/melSpectrogram/index.ts';
import { normalizeFrames } from './normalizeFrames.ts';
import { Spectrogram, type SpectrogramArgs } from './spectrogram.ts';

export interface ChromaSTFTArgs extends SpectrogramArgs, Omit<ChromaFilterbankOptions, 'nFft' | 'norm'> {
  /** Norm that every frame is divided by. Default `'inf'`: the strongest pitch class reads 1. */
  norm?: Norm;
}

/**
 * Strength of each pitch class in every frame, from a spectrogram by `chromaFilterbank`.
 *
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, nChroma, channels]`, >= 0, C first; silent frames are zeros.
 *
 * Same numbers as librosa 0.11 `feature.chroma_stft` with `pad_mode` set alike and `tuning=0`, which librosa estimates
 * where it is not given.
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new ChromaSTFT({ sampleRate: 22050 }).apply(tf.zeros([1, 22050])) // [1, 44, 12, 1]
 */
export class ChromaSTFT extends Spectrogram {
  static override className = 'ChromaSTFT';
  private readonly chroma: Required<Omit<ChromaFilterbankOptions, 'nFft' | 'norm'>>;
  private readonly norm: Norm;
  private readonly filterbank: FrozenMatrix;
  private readonly spans: Int32Array;

  constructor(args: ChromaSTFTArgs) {
    const { sampleRate, nChroma = 12, tuning = 0, ctroct = 5, octwidth = 2, baseC = true, norm = 'inf', ...spectrogramArgs } = args; // prettier-ignore
    super(spectrogramArgs);
    this.chroma = { sampleRate, nChroma, tuning, ctroct, octwidth, baseC };
    this.norm = norm;
    const options = { ...this.chroma, nFft: this.stft.nFft };
    requireChromaFilterbank('ChromaSTFT', options);
    requireOneOf('ChromaSTFT: norm', norm, norms);
    const matrix = chromaFilterbank(options);
    this.spans = nonZeroSpans(matrix, nChroma);
    this.filterbank = new FrozenMatrix(() => matrix, [this.countBins(), nChroma]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.chroma, norm: this.norm };
  }

  protected override transform(x: tf.Tensor3D): tf.Tensor4D {
    const filterbank = this.filterbank.tensor() as tf.Tensor2D;
    const shape = { ...this.stftShape(), decibel: null, bands: this.spans };
    const chroma = this.stft.trainableKernels
      ? bandsOf(this.byTrainedKernels(x), filterbank, shape)
      : melSpectrogram(x, this.readWindow(), filterbank, shape);
    return normalizeFrames(chroma, this.norm);
  }

  protected override countOutputs(): number {
    return this.chroma.nChroma;
  }

  protected override disposeWeights(): number {
    this.filterbank.dispose();
    return super.disposeWeights();
  }
}
tf.serialization.registerClass(ChromaSTFT, 'sonotag');
