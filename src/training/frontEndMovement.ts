/** How far training has moved the front end from the transform that it starts as. */
import type * as tf from '@tensorflow/tfjs';
import { LearnedChroma, Spectrogram } from '../../layers/index.ts';

export interface WeightMovement {
  /** Layer and weight: `logMel/dftKernels`, `logMel/window`, `logMel/filterbank`, `chroma/kernel`. */
  weight: string;
  /**
   * Euclidean distance from the start by the Euclidean norm of the start, >= 0: `‖w - w₀‖ / ‖w₀‖`; null where all of
   * the start is 0, as a bias is.
   */
  relativeDistance: number | null;
  /** Largest change of a single value, >= 0. */
  largestChange: number;
}

/**
 * Compares the front-end weights that are trained with those of a model that is not trained yet. Frozen kernels,
 * windows and filterbanks are constants, not weights, so they are not among them.
 *
 * @param createStart Makes the same model at its start, which is disposed of.
 * @returns a row a weight; none where all of the front end is frozen.
 * @throws RangeError if the front ends of the two are not alike.
 */
export function frontEndMovement(model: tf.LayersModel, createStart: () => tf.LayersModel): WeightMovement[] {
  const start = createStart();
  try {
    return compare(frontEndWeights(model), frontEndWeights(start));
  } finally {
    start.dispose();
  }
}

function compare(now: tf.LayerVariable[], before: tf.LayerVariable[]): WeightMovement[] {
  if (now.map(describe).join() !== before.map(describe).join()) {
    throw new RangeError(
      `frontEndMovement: the front ends differ: ${now.map(describe).join()} and ${before.map(describe).join()}. ` +
        'Make both models with the same options.',
    );
  }
  return now.map((weight, i) => {
    const [values, startValues] = [weight.read().dataSync(), before[i].read().dataSync()];
    const changes = Float64Array.from(values, (value, at) => value - startValues[at]);
    const startEnergy = sumOfSquares(startValues);
    return {
      weight: weight.originalName,
      relativeDistance: startEnergy === 0 ? null : Math.sqrt(sumOfSquares(changes) / startEnergy),
      largestChange: changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0),
    };
  });
}

function frontEndWeights(model: tf.LayersModel): tf.LayerVariable[] {
  return model.layers
    .filter((layer) => layer instanceof Spectrogram || layer instanceof LearnedChroma)
    .flatMap((layer) => layer.trainableWeights);
}

function describe({ originalName, shape }: tf.LayerVariable): string {
  return `${originalName} [${shape.join(', ')}]`;
}

function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return sum;
}
