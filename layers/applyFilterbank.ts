/** A filterbank as a layer: spectrogram in, bands out. */
import * as tf from '@tensorflow/tfjs';
import { applyMatrix } from './applyMatrix.ts';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireOneOf } from './dsp/checks.ts';
import { logFilterbank, type LogFilterbankOptions } from './dsp/logFrequency.ts';
import { melFilterbank, type MelFilterbankOptions } from './dsp/mel.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';
import { mapAxes } from './mapAxes.ts';

interface CommonArgs extends LayerArgs {
  /** Train the matrix, starting from the exact filterbank. Default false: frozen, not counted. */
  trainableFilterbank?: boolean;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/** Triangular bands at equal distances in mel: the default. */
export interface ApplyMelFilterbankArgs extends CommonArgs, Omit<MelFilterbankOptions, 'nFft'> {
  type?: 'mel';
}

/** Log-normal bands at equal musical intervals. */
export interface ApplyLogFilterbankArgs extends CommonArgs, Omit<LogFilterbankOptions, 'nFft'> {
  type: 'log';
}

export type ApplyFilterbankArgs = ApplyMelFilterbankArgs | ApplyLogFilterbankArgs;

/** The filterbank's options, none left to its default. */
type Bank =
  | ({ type: 'mel' } & Required<Omit<MelFilterbankOptions, 'nFft'>>)
  | ({ type: 'log' } & Required<Omit<LogFilterbankOptions, 'nFft'>>);

/**
 * Multiplies the frequency axis of a spectrogram by a filterbank matrix.
 *
 * Input: `[batch, frames, bins, channels]`; the DFT length follows from it, `nFft = 2 * (bins - 1)`. Output:
 * `[batch, frames, bands, channels]`, with `nMels` bands of type `'mel'` or `nBands` of type `'log'`. With
 * `dataFormat: 'channelsFirst'` the channels stand second in both.
 *
 * Same numbers as librosa 0.11 `feature.melspectrogram` on a power spectrogram, and as Kapre 0.4.1 `ApplyFilterbank` of
 * either type. The trainable matrix is Kapre's of 2017 (arXiv:1706.05781): it may turn negative, as it could there.
 *
 * @throws RangeError if an option is out of range.
 * @example new ApplyFilterbank({ sampleRate: 16000, nMels: 64 }).apply(tf.zeros([1, 63, 257, 1])) // [1, 63, 64, 1]
 * @example new ApplyFilterbank({ type: 'log', sampleRate: 16000, binsPerOctave: 24, nBands: 168 })
 */
export class ApplyFilterbank extends tf.layers.Layer {
  static className = 'ApplyFilterbank';
  private readonly options: Bank & Required<Omit<CommonArgs, keyof LayerArgs>>;
  private frozen?: FrozenMatrix;
  private trained?: tf.LayerVariable;

  constructor(args: ApplyFilterbankArgs) {
    const { bank, trainableFilterbank = false, dataFormat = 'channelsLast', ...layerArgs } = splitBank(args);
    super(layerArgs);
    requireDataFormat('ApplyFilterbank: dataFormat', dataFormat);
    this.options = { ...bank, trainableFilterbank, dataFormat };
    computeBank(bank, 2); // refuses bad options now, not at the first call
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const nBins = this.countBins(onlyShape(inputShape));
    const filterbank = () => computeBank(this.options, 2 * (nBins - 1));
    const matrix = new FrozenMatrix(filterbank, [nBins, this.countBands()]);
    if (this.options.trainableFilterbank) {
      this.trained = this.addWeight('filterbank', matrix.shape, 'float32', tf.initializers.zeros());
      this.trained.write(matrix.tensor());
      matrix.dispose();
    } else {
      this.frozen = matrix;
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = [...onlyShape(inputShape)];
    this.countBins(shape);
    shape[mapAxes(this.options.dataFormat).bins] = this.countBands();
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const matrix = this.trained?.read() ?? this.frozen!.tensor();
    return applyMatrix(only(inputs), matrix as tf.Tensor2D, this.options.dataFormat);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.frozen?.dispose();
    return super.disposeWeights();
  }

  private countBands(): number {
    return this.options.type === 'mel' ? this.options.nMels : this.options.nBands;
  }

  private countBins(shape: tf.Shape): number {
    const nBins = shape[mapAxes(this.options.dataFormat).bins];
    if (shape.length !== 4 || nBins == null || nBins < 2) {
      throw new RangeError(
        `ApplyFilterbank needs a spectrogram [batch, frames, bins, channels] of known bins >= 2; got [${shape.join(', ')}].`,
      );
    }
    return nBins;
  }
}
tf.serialization.registerClass(ApplyFilterbank, 'sonotag');

/** The filterbank's options apart from the layer's, with their defaults. */
function splitBank(args: ApplyFilterbankArgs): CommonArgs & { bank: Bank } {
  requireOneOf('ApplyFilterbank: type', args.type ?? 'mel', ['mel', 'log']);
  if (args.type === 'log') {
    const {
      type,
      sampleRate,
      nBands = 84,
      binsPerOctave = 12,
      fMin = 32.70319566,
      spread = 0.125,
      ...rest
    } = args;
    return { bank: { type, sampleRate, nBands, binsPerOctave, fMin, spread }, ...rest };
  }
  const {
    type = 'mel',
    sampleRate,
    nMels = 128,
    fMin = 0,
    fMax = sampleRate / 2,
    melScale = 'slaney',
    norm = 'slaney',
    ...rest
  } = args;
  return { bank: { type, sampleRate, nMels, fMin, fMax, melScale, norm }, ...rest };
}

function computeBank(bank: Bank, nFft: number): Float32Array {
  return bank.type === 'mel' ? melFilterbank({ ...bank, nFft }) : logFilterbank({ ...bank, nFft });
}
