/** What the page in the browser and the test in Node both compute: a compact convnet forward, and its gradients. */
import * as tf from '@tensorflow/tfjs';
import { createCompactConvnet } from '../../src/models/compactConvnet.ts';

/** Probabilities and the gradient of each trainable weight, on the backend in use. */
export async function convnetNumbers(): Promise<Record<string, number[]>> {
  const samples = 1850;
  const model = createCompactConvnet({
    ...{ sampleRate: 4000, samples, nTags: 3, filters: 6, seed: 3 },
    frontEnd: { nFft: 128, nMels: 47 },
  });
  const x = tf.tensor2d(
    Float32Array.from({ length: 6 * samples }, (_, i) => {
      const [clip, t] = [Math.floor(i / samples), i % samples];
      return 0.5 * Math.sin(0.3 * (clip + 1) * t) + 0.2 * Math.sin(t * t);
    }),
    [6, samples],
  );
  const probabilities = model.apply(x) as tf.Tensor;
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const weights = tf.tensor2d(
    Float32Array.from({ length: 18 }, (_, i) => Math.cos(i)),
    [6, 3],
  );
  const { grads } = tf.variableGrads(
    () => tf.sum(tf.mul(model.apply(x, { training: true }) as tf.Tensor, weights)) as tf.Scalar,
    variables,
  );
  const numbers: Record<string, number[]> = { probabilities: [...(await probabilities.data())] };
  for (const [i, { originalName }] of model.trainableWeights.entries()) {
    numbers[originalName] = [...(await grads[variables[i].name].data())];
  }
  return numbers;
}
