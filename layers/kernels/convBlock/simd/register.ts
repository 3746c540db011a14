/** The SIMD block as TensorFlow.js kernels, for backends whose tensors can be read synchronously. */
import * as tf from '@tensorflow/tfjs';
import { gradientKernel, inferenceKernel, trainingKernel } from '../kernelNames.ts';
import type { ConvBlockShape } from '../shape.ts';
import type { SavedBlock } from './backward.ts';
import type { ConvBlockEngine, ConvBlockProblem } from './engine.ts';

type BlockTensors = Record<'x' | 'kernel' | 'bias' | 'gamma' | 'beta', tf.Tensor>;

/** Forward passes that wait for their gradient. */
export class SavedBlocks {
  private readonly blocks = new Map<number, { block: SavedBlock; tape: unknown }>();

  add(id: number, block: SavedBlock): void {
    this.blocks.set(id, { block, tape: tf.engine().state.activeTape });
  }

  get(id: number): SavedBlock {
    const entry = this.blocks.get(id);
    if (entry === undefined) throw new Error(`convBlock: forward pass ${id} has no saved values.`);
    return entry.block;
  }

  /** Frees what was kept for tapes that are gone, so that nobody can ask for it. Done before each forward pass. */
  collect(): void {
    // TF.js 4.22: each outermost gradient has a tape of its own, an array, and takes it away when done.
    const { activeTape } = tf.engine().state;
    for (const [id, { block, tape }] of this.blocks) {
      if (tape === activeTape) continue;
      block.release();
      this.blocks.delete(id);
    }
  }
}

/** Registers the block for a backend whose `dataSync` works: `wasm` and `cpu`. */
export function registerSimdConvBlock(backendName: string, engine: ConvBlockEngine): SavedBlocks {
  const saved = new SavedBlocks();
  // TF.js 4.22: `cpu` takes an array as it is, `wasm` copies it into its own memory.
  const tensorOfView = (view: Float32Array, shape: number[]) =>
    tf.tensor(backendName === 'wasm' ? view : view.slice(), shape);
  tf.registerKernel({
    kernelName: trainingKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      saved.collect();
      const { id, ...shape } = attrs as unknown as ConvBlockShape & { id: number };
      const result = engine.train(problem(inputs as unknown as BlockTensors, shape), id !== 0);
      const { output, outputShape, mean, variance } = result;
      if (result.saved !== undefined) saved.add(id, result.saved);
      return [tensorOfView(output, outputShape), tf.tensor1d(mean), tf.tensor1d(variance)];
    },
  });
  tf.registerKernel({
    kernelName: gradientKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { id, by } = attrs as unknown as { id: number; by: 'x' | 'kernel' | 'gamma' | 'beta' };
      const block = saved.get(id);
      const dy = () => viewOf(inputs.dy as tf.Tensor);
      if (by === 'x') return tensorOfView(block.inputGradient(dy), block.xShape);
      if (by === 'kernel') return tf.tensor(block.kernelGradient(dy), block.kernelShape);
      const { dGamma, dBeta } = block.gammaAndBetaGradient(dy);
      return tf.tensor1d(by === 'gamma' ? dGamma : dBeta);
    },
  });
  tf.registerKernel({
    kernelName: inferenceKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      saved.collect();
      const { movingMean, movingVariance, ...tensors } = inputs as unknown as BlockTensors &
        Record<'movingMean' | 'movingVariance', tf.Tensor>;
      const [mean, variance] = [floats(movingMean), floats(movingVariance)];
      const work = problem(tensors, attrs as unknown as ConvBlockShape);
      const { output, outputShape } = engine.infer(work, mean, variance);
      return tensorOfView(output, outputShape);
    },
  });
  return saved;
}

function problem({ x, kernel, bias, gamma, beta }: BlockTensors, shape: ConvBlockShape): ConvBlockProblem {
  return {
    ...shape,
    xShape: x.shape as ConvBlockProblem['xShape'],
    kernelShape: kernel.shape as ConvBlockProblem['kernelShape'],
    kernel: floats(kernel),
    bias: floats(bias),
    gamma: floats(gamma),
    beta: floats(beta),
    x: viewOf(x), // last: see there
  };
}

function floats(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<'float32'>();
}

/** The values of a large tensor without a copy where the backend offers that; valid until it allocates. */
function viewOf(tensor: tf.Tensor): Float32Array {
  // TF.js 4.22: `wasm` has this method; any other backend, or version, is asked for a copy.
  const backend = tf.backend() as { typedArrayFromHeap?: (info: tf.TensorInfo) => Float32Array };
  return backend.typedArrayFromHeap?.(tensor) ?? floats(tensor);
}
