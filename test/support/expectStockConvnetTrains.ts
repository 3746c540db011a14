/** Training of a convnet that is not ours, on the backend in use. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

/** Fits stock layers to the mean of random images for 20 steps, and expects less than half of the first loss. */
export async function expectStockConvnetTrains(): Promise<void> {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 8, 1], filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  const x = tf.randomNormal([16, 12, 8, 1], 0, 1, 'float32', 5);
  const y = tf.mean(x, [1, 2]);
  const { history } = await model.fit(x, y, { epochs: 20, batchSize: 16 });
  expect(history.loss[19]).toBeLessThan(0.5 * Number(history.loss[0]));
}
