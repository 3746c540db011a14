/** A, B, C and D weighting of a time-frequency map as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { bandFrequencies, type BandScale } from './dsp/bandFrequencies.ts';
import { requireOneOf } from './dsp/checks.ts';
import { mapUnits, type MapUnit } from './dsp/mapUnits.ts';
import { weightingCurves, weightingDecibel, type WeightingCurve } from './dsp/weightingCurve.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';
import { alongBins, requireBins } from './mapAxes.ts';

export interface FrequencyWeightingArgs extends LayerArgs {
  /** Where the map's bands lie: `{ scale: 'linear' | 'mel', sampleRate }`, `{ scale: 'log', fMin }`, or a list in Hz. */
  bands: BandScale;
  /** `'Z'` weights nothing. Default `'A'`. */
  curve?: WeightingCurve;
  /** What the map holds: gains are added to decibels, and multiply power or magnitude. Default `'decibel'`. */
  unit?: MapUnit;
  /** Smallest gain, dB; the curves fall to minus infinity at 0 Hz. Default -80. */
  minDb?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Weights each frequency as the ear does at low (A), middle (B) or high (C) levels, or aircraft noise (D).
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second, in `unit`.
 *
 * Same numbers as librosa 0.11 `A_weighting` … `Z_weighting` at the bands' centres; after `PowerToDecibel` those of
 * `perceptual_weighting`. On weighting for tagging: Choi et al., "A Comparison of Audio Signal Preprocessing Methods
 * for Deep Neural Networks on Music Tagging", arXiv:1709.01922.
 *
 * @throws RangeError if an option is out of range, or the bands do not fit the map.
 * @example new FrequencyWeighting({ bands: { scale: 'mel', sampleRate: 12000 } }).apply(decibels)
 */
export class FrequencyWeighting extends tf.layers.Layer {
  static className = 'FrequencyWeighting';
  private readonly options: Required<Omit<FrequencyWeightingArgs, keyof LayerArgs>>;
  private gains?: FrozenMatrix;

  constructor(args: FrequencyWeightingArgs) {
    const {
      bands,
      curve = 'A',
      unit = 'decibel',
      minDb = -80,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    // TF.js 4.22 writes every string of a saved model in lower case
    const upper = String(curve).toUpperCase() as WeightingCurve;
    requireOneOf('FrequencyWeighting: curve', upper, weightingCurves);
    requireOneOf('FrequencyWeighting: unit', unit, mapUnits);
    if (!(Number.isFinite(minDb) && minDb <= 0)) {
      throw new RangeError(`FrequencyWeighting: minDb must be a number <= 0 dB; got ${minDb}. Use -80.`);
    }
    requireDataFormat('FrequencyWeighting: dataFormat', dataFormat);
    bandFrequencies(bands, 'length' in bands ? bands.length : 2); // refuses bad bands now, not at the first call
    this.options = { bands, curve: upper, unit, minDb, dataFormat };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { dataFormat } = this.options;
    const nBins = requireBins('FrequencyWeighting', onlyShape(inputShape), dataFormat);
    this.gains = new FrozenMatrix(() => this.computeGains(nBins), alongBins(nBins, dataFormat));
    this.gains.tensor(); // refuses a list of another length now
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const gains = this.gains!.tensor();
    return this.options.unit === 'decibel' ? tf.add(only(inputs), gains) : tf.mul(only(inputs), gains);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { bands, ...others } = this.options;
    return { ...super.getConfig(), ...others, bands: 'length' in bands ? [...bands] : { ...bands } };
  }

  protected override disposeWeights(): number {
    this.gains?.dispose();
    return super.disposeWeights();
  }

  private computeGains(nBins: number): Float32Array {
    const { bands, curve, unit, minDb } = this.options;
    const perDecade = { decibel: 0, power: 10, magnitude: 20 }[unit];
    return Float32Array.from(bandFrequencies(bands, nBins), (hz) => {
      const decibel = weightingDecibel(hz, curve, minDb);
      return perDecade === 0 ? decibel : 10 ** (decibel / perDecade);
    });
  }
}
tf.serialization.registerClass(FrequencyWeighting, 'sonotag');
