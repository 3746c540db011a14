import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Adam, type AdamState } from '../../../src/training/adam.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';

/** Gradients of two variables, [2] and [1, 2], at three steps. */
const gradients = [
  [[0.5, -2], [[1e-3, 0]]],
  [[0.25, 4], [[-1e-3, 1e4]]],
  [[-1, 0], [[2e-3, -3]]],
] as const;
const start = [[1, 2], [[3, 4]]] as const;

/** Kingma & Ba 2015, algorithm 1, in the order of its section 2, on one number in float64. */
function adamByHand(
  theta: number,
  g: number[],
  rate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
): number {
  let [m, v] = [0, 0];
  g.forEach((gradient, i) => {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    const rateNow = (rate * Math.sqrt(1 - beta2 ** (i + 1))) / (1 - beta1 ** (i + 1));
    theta -= (rateNow * m) / (Math.sqrt(v) + epsilon);
  });
  return theta;
}

function makeVariables(): tf.Variable[] {
  return [tf.variable(tf.tensor1d([...start[0]])), tf.variable(tf.tensor2d([[...start[1][0]]]))];
}

function step(adam: Adam, variables: tf.Variable[], index: number, rate = 0.1): void {
  tf.tidy(() => {
    const [a, b] = gradients[index];
    adam.apply(
      { [variables[0].name]: tf.tensor1d([...a]), [variables[1].name]: tf.tensor2d([[...b[0]]]) },
      rate,
    );
  });
}

function values(variables: tf.Variable[]): number[] {
  return variables.flatMap((variable) => Array.from(variable.dataSync()));
}

onEngines(() => {
  test('the first step is the learning rate against the sign of the gradient', () => {
    const variables = makeVariables();
    step(new Adam(variables), variables, 0);
    // m / sqrt(v), corrected, is g / |g|, but for epsilon: 3e-3 of the step for a gradient of 1e-3
    expectClose(values(variables), [0.9, 2.1, 2.9, 4], { atol: 4e-4 });
    expectClose(values(variables).slice(0, 2), [0.9, 2.1], { atol: 1e-6 });
  });

  test.each([
    [{}, 0.9, 0.999, 1e-7],
    [{ beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }, 0.5, 0.9, 1e-3],
  ])('three steps with %o are those of the paper', (options, beta1, beta2, epsilon) => {
    const variables = makeVariables();
    const adam = new Adam(variables, options);
    [0, 1, 2].forEach((index) => step(adam, variables, index));
    const flat = gradients.map(([a, b]) => [...a, ...b[0]]);
    const expected = [1, 2, 3, 4].map((theta, i) =>
      adamByHand(
        theta,
        flat.map((g) => g[i]),
        0.1,
        beta1,
        beta2,
        epsilon,
      ),
    );
    expectClose(values(variables), expected, { rtol: 1e-6 });
  });

  test('a restored state goes on bit by bit like an uninterrupted one', async () => {
    const uninterrupted = makeVariables();
    const first = new Adam(uninterrupted);
    [0, 1].forEach((index) => step(first, uninterrupted, index));
    const state = structuredClone(await first.state());
    const resumed = uninterrupted.map((variable) => tf.variable(tf.clone(variable)));
    const second = new Adam(resumed);
    second.restore(state);
    step(first, uninterrupted, 2);
    step(second, resumed, 2);
    expect(values(resumed)).toEqual(values(uninterrupted));
    expect(await second.state()).toEqual(await first.state());
  });

  test('the state counts the steps and holds both moments', async () => {
    const variables = makeVariables();
    const adam = new Adam(variables);
    step(adam, variables, 0);
    const { step: steps, m, v } = await adam.state();
    expect(steps).toBe(1);
    expectClose(m, [0.05, -0.2, 1e-4, 0], { rtol: 1e-6 });
    expectClose(v, [0.25e-3, 4e-3, 1e-9, 0], { rtol: 1e-5 });
  });

  test('a variable without a gradient stays', () => {
    const variables = makeVariables();
    const adam = new Adam(variables);
    adam.apply({ [variables[0].name]: tf.tensor1d([1, 1]) }, 0.1);
    expectClose(values(variables), [0.9, 1.9, 3, 4], { atol: 1e-6 });
  });

  test('the state of other variables is refused', () => {
    const state: AdamState = { step: 1, m: new Float32Array(3), v: new Float32Array(3) };
    expect(() => new Adam(makeVariables()).restore(state)).toThrow(
      'the state holds 3 values; the variables have 4',
    );
  });

  test('steps leave no tensors, and dispose leaves none at all', async () => {
    const variables = makeVariables();
    const before = tf.memory().numTensors;
    const adam = new Adam(variables);
    step(adam, variables, 0);
    const during = tf.memory().numTensors;
    step(adam, variables, 1);
    adam.restore(await adam.state());
    expect(tf.memory().numTensors).toBe(during);
    adam.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
