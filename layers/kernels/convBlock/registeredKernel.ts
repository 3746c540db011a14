/** The block through the kernels that the backend in use has registered, and their gradients. */
import * as tf from '@tensorflow/tfjs';
import { convBlockInferenceComposite } from './composite.ts';
import {
  gradientKernel,
  inferenceKernel,
  namedOpsInferenceKernel,
  namedOpsTrainingKernel,
  trainingKernel,
} from './kernelNames.ts';
import type { ConvBlockShape, ConvBlockTrainingResult } from './shape.ts';

/**
 * Up to here ours are faster than TensorFlow's on a processor. With few channels memory counts, which TensorFlow's go
 * over several times; with more arithmetic counts, and TensorFlow has wider vectors than WebAssembly. Measured with
 * TensorFlow 2.20, AVX-512, 2 threads, relaxed SIMD, milliseconds of training a clip of 1360 x 96, ours against
 * TensorFlow's: 1 channel 8.6 : 17.4, 2 channels 9.1 : 16.9, 4 channels 13.7 : 16.4, 8 channels 18.0 : 19.4; 340 x 48 x 32
 * channels 10.9 : 4.3.
 */
const FEW_CHANNELS = 4;

/** Which of the kernels of the backend in use run the block. */
export interface ConvBlockKernels {
  training: string;
  inference: string;
}

/** Those that run the block; undefined where there are none. */
export function chooseConvBlockKernels(
  { poolSize }: ConvBlockShape,
  channels: number,
): ConvBlockKernels | undefined {
  const registered = (name: string) => tf.getKernel(name, tf.getBackend()) != null;
  // Their gradients have no gradient.
  if (tf.engine().state.gradientDepth > 1) return undefined;
  // Ours keep the place in a pooling window in 16 bits.
  const ours = registered(trainingKernel) && poolSize[0] * poolSize[1] <= 65_536;
  const namedOps = registered(namedOpsTrainingKernel);
  if (ours && !(namedOps && channels > FEW_CHANNELS))
    return { training: trainingKernel, inference: inferenceKernel };
  return namedOps ? { training: namedOpsTrainingKernel, inference: namedOpsInferenceKernel } : undefined;
}

// Names what a forward pass keeps for its gradient; 0 keeps nothing.
let lastId = 0;

export function runTrainingKernel(
  kernelName: string,
  inputs: Record<'x' | 'kernel' | 'bias' | 'gamma' | 'beta', tf.Tensor>,
  shape: ConvBlockShape,
): ConvBlockTrainingResult {
  const engine = tf.engine();
  const id = engine.isTapeOn() ? ++lastId : 0;
  const outputs = engine.runKernel(kernelName, inputs, { ...shape, id }) as unknown as tf.Tensor[];
  const [output, mean, variance] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { output, mean, variance };
}

export function runInferenceKernel(
  kernelName: string,
  inputs: Record<InferenceInput, tf.Tensor>,
  shape: ConvBlockShape,
): tf.Tensor4D {
  return tf.engine().runKernel(kernelName, inputs, { ...shape });
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
  registerInferenceGradient(inferenceKernel);
}

/** Seldom asked for: the composite is run again, on a tape of its own. */
export function registerInferenceGradient(kernelName: string): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [...inferenceInputs],
    gradFunc: (dy, saved, attrs) => {
      const gradient = (by: number) => () => inferenceGradient(dy as tf.Tensor4D, saved, by, attrs);
      return Object.fromEntries(inferenceInputs.map((name, by) => [name, gradient(by)]));
    },
  });
}

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
