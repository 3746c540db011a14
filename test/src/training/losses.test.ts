import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  lossFor,
  type Loss,
} from '../../../src/training/losses.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';

function valueOf(loss: Loss, targets: number[][], logits: number[][]): number {
  return tf.tidy(() => loss(tf.tensor2d(targets), tf.tensor2d(logits)).dataSync()[0]);
}

function gradientOf(loss: Loss, targets: number[][], logits: number[][]): number[] {
  return tf.tidy(() => {
    const byLogits = tf.grad((z: tf.Tensor) => loss(tf.tensor2d(targets), z as tf.Tensor2D));
    return Array.from(byLogits(tf.tensor2d(logits)).dataSync());
  });
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

onEngines(() => {
  const targets = [
    [1, 0, 1],
    [0, 0, 1],
  ];
  const logits = [
    [0, 0, 2],
    [-1, 3, -0.5],
  ];

  test('unknown pairs take no part: mean over the known ones, no gradient at the others', () => {
    const known = [
      [1, 0, 0],
      [1, 0, 0],
    ];
    const masked: Loss = (t, z) => binaryCrossentropy(t, z, tf.tensor2d(known));
    // t = 1, z = 0: log 2; t = 0, z = -1: log(1 + 1/e)
    const expected = (Math.log(2) + Math.log(1 + Math.exp(-1))) / 2; // 0.50320
    expectClose(valueOf(masked, targets, logits), expected, { rtol: 1e-6 });
    const gradient = [(sigmoid(0) - 1) / 2, 0, 0, sigmoid(-1) / 2, 0, 0];
    expectClose(gradientOf(masked, targets, logits), gradient, { atol: 1e-7 });
  });

  test('where all is known the masked loss is the plain one, where nothing is it is 0', () => {
    const of = (value: number): Loss => {
      return (t, z) => binaryCrossentropy(t, z, tf.fill([2, 3], value));
    };
    expectClose(valueOf(of(1), targets, logits), valueOf(binaryCrossentropy, targets, logits), {
      rtol: 1e-6,
    });
    expectClose(valueOf(of(0), targets, logits), 0, { atol: 0 });
  });

  test('binary cross-entropy is -t log p - (1 - t) log(1 - p), mean over clips and tags', () => {
    const terms = logits.flatMap((row, i) =>
      row.map((z, j) => -(targets[i][j] ? Math.log(sigmoid(z)) : Math.log(1 - sigmoid(z)))),
    );
    expectClose(valueOf(binaryCrossentropy, targets, logits), terms.reduce((sum, term) => sum + term) / 6, {
      rtol: 1e-6,
    });
    expectClose(valueOf(binaryCrossentropy, [[1]], [[0]]), Math.LN2, { rtol: 1e-6 });
  });

  test('its gradient is (p - t) / 6, also where a logit is 0', () => {
    const expected = logits.flatMap((row, i) => row.map((z, j) => (sigmoid(z) - targets[i][j]) / 6));
    expectClose(gradientOf(binaryCrossentropy, targets, logits), expected, { atol: 1e-7 });
  });

  test('a clip with an unknown class takes no part in the categorical loss, nor has it a gradient', () => {
    const known = [
      [1, 1, 1],
      [1, 0, 1],
    ];
    const masked: Loss = (t, z) => categoricalCrossentropy(t, z, tf.tensor2d(known));
    const targets = [
      [1, 0, 0],
      [0, 0, 0],
    ];
    const logits = [
      [1, 2, 3],
      [7, 5, 7],
    ];
    expectClose(valueOf(masked, targets, logits), -Math.log(0.09003057), { rtol: 1e-6 });
    const gradient = [0.09003057 - 1, 0.24472847, 0.66524096, 0, 0, 0];
    expectClose(gradientOf(masked, targets, logits), gradient, { atol: 1e-6 });
    const nothing: Loss = (t, z) => categoricalCrossentropy(t, z, tf.zeros([2, 3]));
    expectClose(valueOf(nothing, targets, logits), 0, { atol: 0 });
  });

  test('categorical cross-entropy is -log of the softmax at the class, mean over clips', () => {
    // exp(1) / (exp(1) + exp(2) + exp(3)) = 0.09003057; three equal logits give 1/3
    const value = valueOf(
      categoricalCrossentropy,
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [
        [1, 2, 3],
        [7, 7, 7],
      ],
    );
    expectClose(value, (-Math.log(0.09003057) + Math.log(3)) / 2, { rtol: 1e-6 });
  });

  test('its gradient is (p - t) / 2', () => {
    const gradient = gradientOf(
      categoricalCrossentropy,
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [
        [1, 2, 3],
        [7, 7, 7],
      ],
    );
    const p = [0.09003057, 0.24472847, 0.66524096, 1 / 3, 1 / 3, 1 / 3];
    const t = [1, 0, 0, 0, 1, 0];
    expectClose(
      gradient,
      p.map((value, i) => (value - t[i]) / 2),
      { atol: 1e-6 },
    );
  });

  test('logits of ±100 cost 100 where they are wrong and nothing where they are right, with finite gradients', () => {
    expectClose(valueOf(binaryCrossentropy, [[0, 1]], [[100, -100]]), 100, { rtol: 1e-6 });
    expectClose(valueOf(binaryCrossentropy, [[1, 0]], [[100, -100]]), 0, { atol: 1e-7 });
    expectClose(valueOf(categoricalCrossentropy, [[1, 0]], [[-100, 100]]), 200, { rtol: 1e-6 });
    expectClose(valueOf(categoricalCrossentropy, [[0, 1]], [[-100, 100]]), 0, { atol: 1e-7 });
    expectClose(gradientOf(binaryCrossentropy, [[0, 1, 1]], [[100, -100, 100]]), [1 / 3, -1 / 3, 0], {
      atol: 1e-7,
    });
    expectClose(gradientOf(categoricalCrossentropy, [[1, 0]], [[-100, 100]]), [-1, 1], { atol: 1e-7 });
  });
});

test('exclusive classes have the categorical loss, tags the binary one', () => {
  expect(lossFor(true)).toBe(categoricalCrossentropy);
  expect(lossFor(false)).toBe(binaryCrossentropy);
});
