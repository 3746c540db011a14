/** Our own fused ops and the kernels that a TensorFlow.js backend lacks. Browser-safe. */
import { registerConv2dBackpropFilter } from './conv2dBackpropFilter/wasm.ts';

export { convBlockInference, convBlockTraining } from './convBlock/index.ts';
export type { ConvBlockActivation, ConvBlockShape, ConvBlockTrainingResult } from './convBlock/shape.ts';

/**
 * Registers what a TensorFlow.js backend lacks for training a convnet. Call it once the backend is chosen and before
 * the model runs; a second call changes nothing.
 *
 * On `wasm`, TensorFlow.js 4.22 has no gradient of a convolution by its filter: after this it has one.
 * Other backends are left as they are.
 *
 * @param backendName A TensorFlow.js backend: `wasm`, `cpu`, `webgpu`, `tensorflow`.
 * @example await tf.setBackend('wasm'); await prepareKernels('wasm');
 */
export async function prepareKernels(backendName: string): Promise<void> {
  if (backendName === 'wasm') registerConv2dBackpropFilter();
}
