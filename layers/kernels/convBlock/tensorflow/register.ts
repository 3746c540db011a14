/**
 * The block on TensorFlow's own kernels: its convolution, fused batch norm and pool. The activation never decreases,
 * so it comes after the pool, on a fraction of the values.
 */
import * as tf from '@tensorflow/tfjs';
import { namedOpsInferenceKernel, namedOpsTrainingKernel } from '../kernelNames.ts';
import { registerInferenceGradient } from '../registeredKernel.ts';
import type { ConvBlockShape } from '../shape.ts';
import * as ops from './blockOps.ts';

type TrainingAttributes = ConvBlockShape & { id: number };

/** What a forward pass keeps for its gradient, besides its inputs. */
interface SavedBlock {
  convolved: tf.Tensor4D;
  normalised: tf.Tensor4D;
  pooled: tf.Tensor4D;
  output: tf.Tensor4D;
  reserved: tf.Tensor[];
}

/** Registers the block for the backend `tensorflow`. */
export function registerNamedOpsConvBlock(): void {
  const saved = new SavedBlocks();
  const backendName = 'tensorflow';
  tf.registerKernel({
    kernelName: namedOpsTrainingKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      saved.collect();
      return train(inputs as TrainingInputs, attrs as unknown as TrainingAttributes, saved);
    },
  });
  tf.registerGradient({
    kernelName: namedOpsTrainingKernel,
    inputsToSave: ['x', 'kernel', 'gamma'],
    gradFunc: (dys, [x, kernel, gamma], attrs) =>
      gradients((dys as tf.Tensor4D[])[0], x, kernel, gamma, attrs as unknown as TrainingAttributes, saved),
  });
  tf.registerKernel({
    kernelName: namedOpsInferenceKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => infer(inputs as InferenceInputs, attrs as unknown as ConvBlockShape),
  });
  registerInferenceGradient(namedOpsInferenceKernel);
}

type TrainingInputs = Record<'x' | 'kernel' | 'bias' | 'gamma' | 'beta', tf.Tensor>;
type InferenceInputs = TrainingInputs & Record<'movingMean' | 'movingVariance', tf.Tensor>;

function train(inputs: TrainingInputs, attributes: TrainingAttributes, saved: SavedBlocks): tf.Tensor[] {
  const { id, poolSize, activation, epsilon } = attributes;
  const { x, kernel, bias, gamma, beta } = inputs;
  return tf.tidy(() => {
    const convolved = ops.convolve(x, kernel);
    const { normalised, mean, variance, reserved } = ops.batchNorm(convolved, gamma, beta, epsilon);
    const pooled = ops.maxPool(normalised, poolSize);
    const output = ops.activate(pooled, activation);
    if (id !== 0) {
      saved.add(id, { convolved, normalised, pooled, output: tf.clone(output), reserved });
    }
    return [output, tf.add(mean, bias), variance];
  });
}

/**
 * The gradients of all inputs; that of `x` and of `kernel` are computed only when TensorFlow.js asks for them. Called
 * once for a forward pass, whose values are freed here: they are the larger part of what training holds.
 */
function gradients(
  dy: tf.Tensor4D,
  x: tf.Tensor,
  kernel: tf.Tensor,
  gamma: tf.Tensor,
  { id, poolSize, activation, epsilon }: TrainingAttributes,
  saved: SavedBlocks,
): Record<string, () => tf.Tensor> {
  const { convolved, normalised, pooled, output, reserved } = saved.take(id);
  const { dx, dGamma, dBeta } = tf.tidy(() => {
    const dPooled = ops.activateGradient(dy, output, activation);
    const dNormalised = ops.maxPoolGradient(dPooled, normalised, pooled, poolSize);
    tf.dispose([normalised, pooled, output]);
    return ops.batchNormGradient(dNormalised, convolved, gamma, reserved, epsilon);
  });
  tf.dispose([convolved, reserved]);
  return {
    x: () => ops.convolveInputGradient(x.shape, kernel, dx),
    kernel: () => ops.convolveKernelGradient(x, kernel.shape, dx),
    bias: () => tf.zerosLike(gamma),
    gamma: () => dGamma,
    beta: () => dBeta,
  };
}

/** The moving statistics go into the kernel, so that they cost no pass over the values. */
function infer(inputs: InferenceInputs, { poolSize, activation, epsilon }: ConvBlockShape): tf.Tensor4D {
  const { x, kernel, bias, gamma, beta, movingMean, movingVariance } = inputs;
  const [batch, height, width] = x.shape as [number, number, number];
  if (batch === 0) {
    // TensorFlow 2.20 (oneDNN) gives the convolution of no images the wrong number of channels.
    return tf.zeros([0, Math.floor(height / poolSize[0]), Math.floor(width / poolSize[1]), kernel.shape[3]!]);
  }
  return tf.tidy(() => {
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(movingVariance, epsilon)));
    const offset = tf.add(beta, tf.mul(tf.sub(bias, movingMean), scale));
    const pooled = ops.maxPool(ops.convolve(x, tf.mul(kernel, scale)), poolSize);
    return ops.activate(tf.add(pooled, offset), activation);
  });
}

/** Forward passes that wait for their gradient. */
class SavedBlocks {
  private readonly blocks = new Map<number, { block: SavedBlock; tape: unknown }>();

  add(id: number, block: SavedBlock): void {
    for (const tensor of Object.values(block).flat() as tf.Tensor[]) tf.keep(tensor);
    this.blocks.set(id, { block, tape: tf.engine().state.activeTape });
  }

  take(id: number): SavedBlock {
    const entry = this.blocks.get(id);
    if (entry === undefined) throw new Error(`convBlock: forward pass ${id} has no saved values.`);
    this.blocks.delete(id);
    return entry.block;
  }

  /** Frees what was kept for tapes that are gone without having asked for it. */
  collect(): void {
    // TF.js 4.22: each outermost gradient has a tape of its own, an array, and takes it away when done.
    const { activeTape } = tf.engine().state;
    for (const [id, { block, tape }] of this.blocks) {
      if (tape === activeTape) continue;
      tf.dispose(Object.values(block) as tf.TensorContainer);
      this.blocks.delete(id);
    }
  }
}
