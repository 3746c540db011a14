/** A layer's output beside that of the program it has to agree with. */
import * as tf from '@tensorflow/tfjs';

export interface GoldenCase {
  /** Class name of the layer, or name of the function. */
  layer: string;
  /** Program, version and function that made `expected`, such as `librosa 0.11.0 stft`. */
  peer: string;
  /** The options that are away from their defaults. */
  title: string;
  /** What the deviation is counted in: units of the output, parts of the largest expected magnitude, or decibels. */
  unit: 'absolute' | 'of the peak' | 'dB';
  /** Largest deviation allowed, in `unit`. */
  tolerance: number;
  /** Runs the layer on the engine in use. */
  actual: () => tf.Tensor;
  expected: { shape: number[]; values: ArrayLike<number> };
}

/**
 * Largest deviation of a case on the engine in use, in the case's unit.
 *
 * @throws Error if the shape differs, or a number is NaN where the expected one is not.
 */
export function measureDeviation({ layer, title, unit, actual, expected }: GoldenCase): number {
  const [shape, values] = tf.tidy(() => {
    const tensor = actual();
    return [tensor.shape, tensor.dataSync()] as const;
  });
  if (shape.join() !== expected.shape.join() || values.length !== expected.values.length) {
    throw new Error(`${layer}, ${title}: got shape [${shape}], expected [${expected.shape}]`);
  }
  let largest = 0;
  let peak = 0;
  for (let index = 0; index < values.length; index++) {
    const difference = Math.abs(values[index] - expected.values[index]);
    if (Number.isNaN(difference)) {
      throw new Error(
        `${layer}, ${title}: at ${index} got ${values[index]}, expected ${expected.values[index]}`,
      );
    }
    largest = Math.max(largest, difference);
    peak = Math.max(peak, Math.abs(expected.values[index]));
  }
  return unit === 'of the peak' && peak > 0 ? largest / peak : largest;
}
