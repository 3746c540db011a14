/** The block through the kernels that the backend in use has registered, and their gradients. */
import * as tf from '@tensorflow/tfjs';
import { convBlockInferenceComposite } from './composite.ts';
import { gradientKernel, inferenceKernel, trainingKernel } from './kernelNames.ts';
import type { ConvBlockShape, ConvBlockTrainingResult } from './shape.ts';

/** Whether the kernels of the backend in use can run the block. */
export function hasConvBlockKernels({ poolSize }: ConvBlockShape): boolean {
  if (tf.getKernel(trainingKernel, tf.getBackend()) == null) return false;
  // Kernels keep the place in a pooling window in 16 bits, and their gradients have no gradient.
  return poolSize[0] * poolSize[1] <= 65_536 && tf.engine().state.gradientDepth <= 1;
}

// Names what a forward pass keeps for its gradient; 0 keeps nothing.
let lastId = 0;

export function runTrainingKernel(
  inputs: Record<'x' | 'kernel' | 'bias' | 'gamma' | 'beta', tf.Tensor>,
  shape: ConvBlockShape,
): ConvBlockTrainingResult {
  const engine = tf.engine();
  const id = engine.isTapeOn() ? ++lastId : 0;
  const outputs = engine.runKernel(trainingKernel, inputs, { ...shape, id }) as unknown as tf.Tensor[];
  const [output, mean, variance] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { output, mean, variance };
}

export function runInferenceKernel(
  inputs: Record<InferenceInput, tf.Tensor>,
  shape: ConvBlockShape,
): tf.Tensor4D {
  return tf.engine().runKernel(inferenceKernel, inputs, { ...shape });
}

const inferenceInputs = ['x', 'kernel', 'bias', 'gamma', 'beta', 'movingMean', 'movingVariance'] as const;
type InferenceInput = (typeof inferenceInputs)[number];

/**
 * Registers the gradients, for every backend. Each is computed only when the tape asks for it: TF.js 4.22 calls the
 * functions below for the inputs that something trainable leads to, so that the first block behind a frozen front end
 * pays for no input gradient. (`tf.customGrad` would compute all of them.)
 */
export function registerConvBlockGradients(): void {
  tf.registerGradient({
    kernelName: trainingKernel,
    gradFunc: (dys, _saved, { id }) => {
      const dy = (dys as tf.Tensor[])[0];
      const gradient = (by: string) => () =>
        tf.engine().runKernel(gradientKernel, { dy }, { id, by }) as tf.Tensor;
      return {
        x: gradient('x'),
        kernel: gradient('kernel'),
        bias: () => tf.zeros([dy.shape[3]!]),
        gamma: gradient('gamma'),
        beta: gradient('beta'),
      };
    },
  });
  tf.registerGradient({
    kernelName: inferenceKernel,
    inputsToSave: [...inferenceInputs],
    gradFunc: (dy, saved, attrs) => {
      const gradient = (by: number) => () => inferenceGradient(dy as tf.Tensor4D, saved, by, attrs);
      return Object.fromEntries(inferenceInputs.map((name, by) => [name, gradient(by)]));
    },
  });
}

/** Inference is seldom differentiated: the composite is run again, on a tape of its own. */
function inferenceGradient(dy: tf.Tensor4D, saved: tf.Tensor[], by: number, attrs: object): tf.Tensor {
  const { state } = tf.engine();
  const outerTape = state.activeTape;
  const composite = (value: tf.Tensor) => {
    const [x, kernel, bias, gamma, beta, mean, variance] = saved.with(by, value);
    return convBlockInferenceComposite(
      x as tf.Tensor4D,
      kernel as tf.Tensor4D,
      ...([bias, gamma, beta, mean, variance] as [
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ]),
      attrs as unknown as ConvBlockShape,
    );
  };
  try {
    return tf.grad(composite)(saved[by], dy);
  } finally {
    // TF.js 4.22: a gradient inside a gradient function takes the outer tape away, which is to be cleared later.
    state.activeTape = outerTape;
  }
}
