import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { expectClose } from './expectClose.ts';

type LayerClass = (new (config: never) => tf.layers.Layer) & { className: string };

/**
 * What every layer owes: the computed shape is the real one, the configuration rebuilds it, a model with it saves and
 * loads with the same output, gradients by input and weights are finite, the batch does not matter, nothing leaks.
 */
export async function checkLayer(
  create: () => tf.layers.Layer,
  input: tf.Tensor,
  { batchInvariant = true, differentiable = true } = {},
): Promise<void> {
  const layer = create();
  const output = layer.apply(input) as tf.Tensor;
  expect(output.shape).toEqual(layer.computeOutputShape(input.shape));
  expect(Array.from(output.dataSync()).every(Number.isFinite)).toBe(true);

  const LayerType = layer.constructor as LayerClass;
  const rebuilt = new LayerType(layer.getConfig() as never);
  expect(rebuilt.getConfig()).toEqual(layer.getConfig());

  await expectSavedModelGivesSame(create, input);
  if (differentiable) expectFiniteGradients(layer, input);
  if (batchInvariant) expectBatchInvariance(layer, input);
  expectNoLeaks(create, input);
}

async function expectSavedModelGivesSame(create: () => tf.layers.Layer, input: tf.Tensor): Promise<void> {
  const layer = create();
  const symbolic = tf.input({ shape: input.shape.slice(1) });
  const model = tf.model({ inputs: symbolic, outputs: layer.apply(symbolic) as tf.SymbolicTensor });
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory(JSON.parse(JSON.stringify(artifacts, weightsAside(artifacts!)))),
  );
  loaded.setWeights(model.getWeights());
  expectClose(loaded.predict(input) as tf.Tensor, model.predict(input) as tf.Tensor, { atol: 0 });
}

/** JSON cannot hold the weights' buffer; the topology alone goes through it, as it would through a file. */
function weightsAside(artifacts: tf.io.ModelArtifacts): (key: string, value: unknown) => unknown {
  return (_key, value) =>
    value === artifacts.weightData || value === artifacts.weightSpecs ? undefined : value;
}

function expectFiniteGradients(layer: tf.layers.Layer, input: tf.Tensor): void {
  const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  tf.tidy(() => {
    const loss = (x: tf.Tensor) => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar;
    const byInput = tf.grad(loss)(input);
    expect(byInput.shape).toEqual(input.shape);
    expect(Array.from(byInput.dataSync()).every(Number.isFinite)).toBe(true);
    if (weights.length === 0) return;
    const { grads } = tf.variableGrads(() => loss(input), weights);
    for (const gradient of Object.values(grads)) {
      const values = Array.from(gradient.dataSync());
      expect(values.every(Number.isFinite)).toBe(true);
      expect(values.some((value) => value !== 0)).toBe(true);
    }
  });
}

function expectBatchInvariance(layer: tf.layers.Layer, input: tf.Tensor): void {
  tf.tidy(() => {
    const first = tf.slice(input, 0, 1);
    const loudNeighbour = tf.concat([first, tf.mul(first, 1000)]);
    const alone = layer.apply(first) as tf.Tensor;
    const together = tf.slice(layer.apply(loudNeighbour) as tf.Tensor, 0, 1);
    // TensorFlow 2.20 sums in an order that hangs on the batch's size: there, equal up to the last bits.
    const last = tf.getBackend() === 'tensorflow' ? 1e-6 : 0;
    expectClose(together, alone, { atol: last, rtol: last });
  });
}

function expectNoLeaks(create: () => tf.layers.Layer, input: tf.Tensor): void {
  const before = tf.memory().numTensors;
  const layer = create();
  (layer.apply(input) as tf.Tensor).dispose();
  const afterFirst = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) (layer.apply(input) as tf.Tensor).dispose();
  expect(tf.memory().numTensors).toBe(afterFirst);
  layer.dispose();
  expect(tf.memory().numTensors).toBe(before);
}
