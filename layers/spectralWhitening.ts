/** Spectral whitening as a layer: every frequency to zero mean and unit deviation. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requirePositive } from './dsp/checks.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';
import { alongBins, mapAxes, requireBins } from './mapAxes.ts';
import { standardize } from './standardize.ts';

/** Of every bin, in units of the map. */
export interface BinStatistics {
  mean: number[];
  /** Standard deviation, >= 0. */
  deviation: number[];
}

export interface SpectralWhiteningArgs extends LayerArgs {
  /**
   * `'clip'` takes the statistics of each bin over each clip's own frames and channels. Given ones, which
   * {@link measureBins} takes from data, serve all clips alike and are saved with the model. Default `'clip'`.
   */
  statistics?: 'clip' | BinStatistics;
  /**
   * Added to the deviation, in units of the input, > 0, so that silence gives 0. It has to lie well below the
   * deviations: for power, whose bins are small, give one. Default 1e-3.
   */
  epsilon?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * `(x - mean) / (deviation + epsilon)` with a mean and a deviation for each bin.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second. Per clip it is `Normalization2D` with
 * `axis: 'frequency'`; with statistics of the training data it is what Choi et al. compare as per-frequency
 * standardisation ("A Comparison of Audio Signal Preprocessing Methods for Deep Neural Networks on Music Tagging",
 * arXiv:1709.01922), and gives the numbers of Keras 3 `Normalization(axis=2)`.
 *
 * @throws RangeError if an option is out of range, or the statistics are of another number of bins than the map.
 * @example
 * const statistics = await measureBins(trainingMaps);
 * new SpectralWhitening({ statistics }).apply(decibels)
 */
export class SpectralWhitening extends tf.layers.Layer {
  static className = 'SpectralWhitening';
  private readonly options: Required<Omit<SpectralWhiteningArgs, keyof LayerArgs>>;
  private shift?: FrozenMatrix;
  private scale?: FrozenMatrix;

  constructor(args: SpectralWhiteningArgs = {}) {
    const { statistics = 'clip', epsilon = 1e-3, dataFormat = 'channelsLast', ...layerArgs } = args;
    super(layerArgs);
    requirePositive('SpectralWhitening: epsilon', epsilon);
    requireDataFormat('SpectralWhitening: dataFormat', dataFormat);
    if (statistics !== 'clip') requireStatistics(statistics);
    this.options = { statistics, epsilon, dataFormat };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { statistics, epsilon, dataFormat } = this.options;
    const nBins = requireBins('SpectralWhitening', onlyShape(inputShape), dataFormat);
    if (statistics !== 'clip') {
      const { mean, deviation } = statistics;
      if (mean.length !== nBins) {
        throw new RangeError(
          `SpectralWhitening: the statistics are of ${mean.length} bins, the map has ${nBins}. ` +
            'Measure them behind the same front end.',
        );
      }
      const shape = alongBins(nBins, dataFormat);
      this.shift = new FrozenMatrix(() => Float32Array.from(mean), shape);
      this.scale = new FrozenMatrix(() => Float32Array.from(deviation, (value) => value + epsilon), shape);
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { epsilon, dataFormat } = this.options;
      const { frames, channels } = mapAxes(dataFormat);
      if (this.shift === undefined) return standardize(only(inputs), [frames, channels], epsilon);
      return tf.div(tf.sub(only(inputs), this.shift.tensor()), this.scale!.tensor());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { statistics, ...others } = this.options;
    const copy =
      statistics === 'clip'
        ? statistics
        : { mean: [...statistics.mean], deviation: [...statistics.deviation] };
    return { ...super.getConfig(), ...others, statistics: copy };
  }

  protected override disposeWeights(): number {
    this.shift?.dispose();
    this.scale?.dispose();
    return super.disposeWeights();
  }
}
tf.serialization.registerClass(SpectralWhitening, 'sonotag');

/**
 * Mean and deviation of each bin over maps of any number of clips and frames, all of the same bins. The maps stay the
 * caller's; one after the other is read back, so that data of any size passes.
 *
 * @throws RangeError if there is no map, the maps differ in bins, or a value is not finite.
 * @example await measureBins([tf.tensor([[1, 10], [3, 10]], [1, 2, 2, 1])]) // { mean: [2, 10], deviation: [1, 0] }
 */
export async function measureBins(
  maps: Iterable<tf.Tensor> | AsyncIterable<tf.Tensor>,
  dataFormat: DataFormat = 'channelsLast',
): Promise<BinStatistics> {
  let total: Moments | undefined;
  for await (const map of maps) {
    const moments = await momentsOf(map, dataFormat);
    total = total === undefined ? moments : joinMoments(total, moments);
  }
  if (total === undefined) throw new RangeError('measureBins: no map was given. Pass one of each clip.');
  const { count, mean, squares } = total;
  const broken = mean.findIndex((value, bin) => !Number.isFinite(value + squares[bin]));
  if (broken >= 0) {
    throw new RangeError(`measureBins: bin ${broken} holds a value that is not finite. Leave that map out.`);
  }
  return { mean: [...mean], deviation: Array.from(squares, (sum) => Math.sqrt(sum / count)) };
}

/** Number of values, their mean and the sum of squares about it, per bin. */
interface Moments {
  count: number;
  mean: Float64Array;
  squares: Float64Array;
}

async function momentsOf(map: tf.Tensor, dataFormat: DataFormat): Promise<Moments> {
  const nBins = requireBins('measureBins', map.shape, dataFormat);
  const stride = dataFormat === 'channelsLast' ? map.shape[3]! : 1;
  const values = await map.data();
  const count = values.length / nBins;
  const mean = new Float64Array(nBins);
  const squares = new Float64Array(nBins);
  const binAt = (i: number) => Math.floor(i / stride) % nBins;
  for (let i = 0; i < values.length; i++) mean[binAt(i)] += values[i] / count;
  for (let i = 0; i < values.length; i++) squares[binAt(i)] += (values[i] - mean[binAt(i)]) ** 2;
  return { count, mean, squares };
}

/** Chan, Golub & LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances". */
function joinMoments(a: Moments, b: Moments): Moments {
  if (a.mean.length !== b.mean.length) {
    throw new RangeError(`measureBins: one map has ${a.mean.length} bins, another ${b.mean.length}.`);
  }
  const count = a.count + b.count;
  const mean = a.mean.map((value, bin) => value + ((b.mean[bin] - value) * b.count) / count);
  const squares = a.squares.map(
    (sum, bin) => sum + b.squares[bin] + ((b.mean[bin] - a.mean[bin]) ** 2 * a.count * b.count) / count,
  );
  return { count, mean, squares };
}

function requireStatistics({ mean, deviation }: BinStatistics): void {
  const fits = Array.isArray(mean) && Array.isArray(deviation) && mean.length === deviation.length;
  if (!fits || !mean.every(Number.isFinite) || !deviation.every((d) => d >= 0 && Number.isFinite(d))) {
    throw new RangeError(
      'SpectralWhitening: statistics must be { mean, deviation }, finite, as many of one as of the other, ' +
        'deviations >= 0. Take them from measureBins.',
    );
  }
}
