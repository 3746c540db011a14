/** Gradients beside finite differences. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

export interface GradientTolerance {
  /** Largest deviation of a slope, as a part of the gradient's length. Default 2e-3. */
  tolerance?: number;
  /** Length of a difference, as a part of the root mean square of what is moved, or of 1 where that is 0. Default 1e-2. */
  step?: number;
  /** Random directions tried. Default 3. */
  directions?: number;
  /** Default 1. */
  seed?: number;
}

/**
 * Fails unless the gradient of `f` at `x` is that of central differences along random directions. What is
 * differentiated is the sum of the outputs times random weights, so that errors of single outputs do not cancel.
 *
 * Keep `x` away from kinks, such as the floor of decibels, by more than a step.
 */
export function expectGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  options: GradientTolerance = {},
): void {
  tf.tidy(() => {
    const weights = drawWeights(f(x), options);
    const gradient = tf.grad((at: tf.Tensor) => tf.sum(tf.mul(f(at), weights)))(x);
    expectSlopes('input', gradient, x, (moved) => weigh(f(moved), weights), options);
  });
}

/** The same for a layer, by its input and by each weight that is trained. */
export function expectLayerGradients(
  layer: tf.layers.Layer,
  input: tf.Tensor,
  options: GradientTolerance = {},
): void {
  const run = (x: tf.Tensor) => layer.apply(x) as tf.Tensor;
  expectGradient(run, input, options);
  tf.tidy(() => {
    const weights = drawWeights(run(input), options);
    for (const weight of layer.trainableWeights) {
      const variable = weight.read() as tf.Variable;
      const start = tf.clone(variable);
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(run(input), weights)), [variable]);
      const lossAt = (moved: tf.Tensor) => {
        weight.write(moved);
        return weigh(run(input), weights);
      };
      expectSlopes(weight.name, Object.values(grads)[0], start, lossAt, options);
      weight.write(start);
    }
  });
}

function expectSlopes(
  name: string,
  gradient: tf.Tensor,
  at: tf.Tensor,
  lossAt: (moved: tf.Tensor) => number,
  { tolerance = 2e-3, step = 1e-2, directions = 3, seed = 1 }: GradientTolerance,
): void {
  expect(gradient.shape).toEqual(at.shape);
  const rootMeanSquare = Math.sqrt(tf.mean(tf.square(at)).dataSync()[0]);
  const length = step * (rootMeanSquare || 1);
  const size = Math.sqrt(tf.sum(tf.square(gradient)).dataSync()[0]);
  for (let i = 0; i < directions; i++) {
    const direction = tf.randomNormal(at.shape, 0, 1, 'float32', seed + i + 1);
    const move = tf.mul(direction, length);
    const difference = (lossAt(tf.add(at, move)) - lossAt(tf.sub(at, move))) / (2 * length);
    const slope = weigh(gradient, direction);
    const deviation = Math.abs(slope - difference);
    // written so that NaN fails
    if (!(deviation <= tolerance * size)) {
      expect.fail(
        `gradient by ${name}: slope ${slope}, by differences ${difference}; ` +
          `off by ${deviation / size} of the gradient's length, allowed ${tolerance}`,
      );
    }
  }
}

function drawWeights(output: tf.Tensor, { seed = 1 }: GradientTolerance): tf.Tensor {
  return tf.randomNormal(output.shape, 0, 1, 'float32', seed);
}

/** Sum of products, in float64: differences would drown in float32's rounding of the sum. */
function weigh(values: tf.Tensor, weights: tf.Tensor): number {
  const factors = weights.dataSync();
  return Array.from(values.dataSync()).reduce((sum, value, i) => sum + value * factors[i], 0);
}
