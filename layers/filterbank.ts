/** A filterbank that learns, from one of several starts, as a layer. */
import * as tf from '@tensorflow/tfjs';
import { applyMatrix } from './applyMatrix.ts';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger, requireOneOf, requirePositive } from './dsp/checks.ts';
import { melFrequencies, triangularFilters } from './dsp/mel.ts';
import { randomNumbers } from './dsp/randomNumbers.ts';
import type { LayerArgs } from './layerArgs.ts';
import { mapAxes, requireBins } from './mapAxes.ts';

export const filterbankStarts = ['mel', 'log', 'linear', 'random'] as const;
export type FilterbankStart = (typeof filterbankStarts)[number];

export interface FilterbankArgs extends LayerArgs {
  /** Number of bands. Default 128. */
  nBands?: number;
  /**
   * Where the weights start: triangles equally spaced in mel (Slaney's, as librosa's), in log frequency or in Hz, of
   * unit area in Hz; or numbers drawn evenly from 0 … 2 / bins, so that a band is a mean. Default `'mel'`.
   */
  start?: FilterbankStart;
  /** Hz. Not needed for `'random'`. */
  sampleRate?: number | null;
  /** Lowest edge, Hz; `'log'` needs one > 0. Default 0, for `'log'` 32.703, which is C1. */
  fMin?: number | null;
  /** Highest edge, Hz. Default `sampleRate / 2`. */
  fMax?: number | null;
  /** Of a random start, a 32-bit integer. Default 1. */
  seed?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Multiplies the frequency axis of a spectrogram by a matrix that is trained; `trainable: false` freezes it.
 *
 * Input: `[batch, frames, bins, channels]` of a DFT of even length. Output: `[batch, frames, nBands, channels]`. With
 * `dataFormat: 'channelsFirst'` the channels stand second in both. The weight is `filterbank`, `[bins, nBands]`.
 *
 * Kapre's layer of 2017 (arXiv:1706.05781) of this name, which could not run there. `ApplyFilterbank` is the frozen one.
 *
 * @throws RangeError if an option is out of range.
 * @example new Filterbank({ nBands: 40, start: 'random', seed: 3 }).apply(power)
 */
export class Filterbank extends tf.layers.Layer {
  static className = 'Filterbank';
  private readonly options: Required<Omit<FilterbankArgs, keyof LayerArgs>>;
  private filterbank!: tf.LayerVariable;

  constructor(args: FilterbankArgs) {
    const {
      nBands = 128,
      start = 'mel',
      sampleRate = null,
      fMin = null,
      fMax = null,
      seed = 1,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireInteger('Filterbank: nBands', nBands, 1, 'band');
    requireOneOf('Filterbank: start', start, filterbankStarts);
    requireInteger('Filterbank: seed', seed, -(2 ** 31));
    requireDataFormat('Filterbank: dataFormat', dataFormat);
    this.options = { nBands, start, sampleRate, fMin, fMax, seed, dataFormat };
    if (start !== 'random') this.edges(); // refuses bad frequencies now, not at the first call
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { nBands, dataFormat } = this.options;
    const nBins = requireBins('Filterbank', onlyShape(inputShape), dataFormat);
    this.filterbank = this.addWeight('filterbank', [nBins, nBands], 'float32', tf.initializers.zeros());
    tf.tidy(() => {
      this.filterbank.write(tf.tensor2d(this.startValues(nBins), [nBins, nBands]));
    });
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { nBands, dataFormat } = this.options;
    const shape = [...onlyShape(inputShape)];
    requireBins('Filterbank', shape, dataFormat);
    shape[mapAxes(dataFormat).bins] = nBands;
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return applyMatrix(only(inputs), this.filterbank.read() as tf.Tensor2D, this.options.dataFormat);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  private startValues(nBins: number): Float32Array {
    const { nBands, start, sampleRate, seed } = this.options;
    if (start === 'random') {
      const random = randomNumbers(seed, 0);
      return Float32Array.from({ length: nBins * nBands }, () => random.uniform(0, 2 / nBins));
    }
    return triangularFilters(this.edges(), {
      sampleRate: sampleRate!,
      nFft: 2 * (nBins - 1),
      norm: 'slaney',
    });
  }

  /** `nBands + 2`, Hz. */
  private edges(): Float64Array {
    const { nBands, start, sampleRate } = this.options;
    requirePositive(`Filterbank: sampleRate, for start '${start}',`, sampleRate ?? NaN);
    const fMin = this.options.fMin ?? (start === 'log' ? 32.70319566257483 : 0);
    const fMax = this.options.fMax ?? sampleRate! / 2;
    const low = start === 'log' ? 'needs 0 <' : 'needs 0 <=';
    if (!((start === 'log' ? fMin > 0 : fMin >= 0) && fMin < fMax && fMax <= sampleRate! / 2)) {
      throw new RangeError(
        `Filterbank: start '${start}' ${low} fMin < fMax <= ${sampleRate! / 2} Hz (half of sampleRate); ` +
          `got fMin=${fMin} Hz, fMax=${fMax} Hz.`,
      );
    }
    if (start === 'mel') return melFrequencies(nBands + 2, fMin, fMax);
    return Float64Array.from({ length: nBands + 2 }, (_, i) => {
      const share = i / (nBands + 1);
      return start === 'log' ? fMin * (fMax / fMin) ** share : fMin + (fMax - fMin) * share;
    });
  }
}
tf.serialization.registerClass(Filterbank, 'sonotag');
