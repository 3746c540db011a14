/** Our own fused ops and the kernels that a TensorFlow.js backend lacks. Browser-safe. */
import { prepareConvBlock } from './convBlock/simd/prepare.ts';
import { registerConv2dBackpropFilter } from './conv2dBackpropFilter/wasm.ts';
import { replaceMaxPoolGrad } from './maxPoolGrad/wasm.ts';

export { convBlockInference, convBlockTraining } from './convBlock/index.ts';
export type { ConvBlockActivation, ConvBlockShape, ConvBlockTrainingResult } from './convBlock/shape.ts';

const prepared = new Map<string, Promise<void>>();

/**
 * Registers what a TensorFlow.js backend lacks for training a convnet. Call it once the backend is chosen and before
 * the model runs; a second call changes nothing.
 *
 * - `wasm`: TensorFlow.js 4.22 has no gradient of a convolution by its filter, and its gradient of max-pooling is wrong
 *   where a maximum is negative; after this it has both.
 * - `wasm` and `cpu`: the convolution block runs on SIMD kernels where the runtime has SIMD.
 *
 * Other backends are left as they are.
 *
 * @param backendName A TensorFlow.js backend: `wasm`, `cpu`, `webgpu`, `tensorflow`.
 * @example await tf.setBackend('wasm'); await prepareKernels('wasm');
 */
export function prepareKernels(backendName: string): Promise<void> {
  const done = prepared.get(backendName) ?? prepare(backendName);
  prepared.set(backendName, done);
  return done;
}

async function prepare(backendName: string): Promise<void> {
  if (backendName === 'wasm') {
    registerConv2dBackpropFilter();
    replaceMaxPoolGrad();
  }
  if (backendName === 'wasm' || backendName === 'cpu') await prepareConvBlock(backendName);
}
