/** Our own fused ops and the kernels that a TensorFlow.js backend lacks. Browser-safe. */
import type { KernelThreads } from './simd/instantiate.ts';
import { registerSimdAdam } from './adam/simd.ts';
import { replaceBatchMatMul } from './batchMatMul/wasm.ts';
import { prepareConvBlock } from './convBlock/simd/prepare.ts';
import { registerNamedOpsConvBlock } from './convBlock/tensorflow/register.ts';
import { registerConv2dBackpropFilter } from './conv2dBackpropFilter/wasm.ts';
import { replaceConv2dBackpropInput } from './conv2dBackpropInput/wasm.ts';
import { registerDepthwiseGradients } from './depthwiseGradients/wasm.ts';
import { replaceIdentity } from './identity/wasm.ts';
import { replaceMaxPoolGrad } from './maxPoolGrad/wasm.ts';
import { prepareMelSpectrogram } from './melSpectrogram/simd/register.ts';
import type { KernelEngine } from './simd/kernelEngine.ts';
import { sharedKernelEngine } from './simd/kernelEngine.ts';
import { replaceSlice } from './slice/wasm.ts';
import { registerSlidingMedian } from './slidingMedian/register.ts';
import { tensorflowUsesGpu } from './tensorflow/namedOps.ts';
import { replaceTile } from './tile/wasm.ts';
import { registerUnsortedSegmentSum } from './unsortedSegmentSum/wasm.ts';
import { prepareWebgpu } from './webgpu/prepare.ts';

export { adamStep } from './adam/index.ts';
export { convBlockInference, convBlockTraining } from './convBlock/index.ts';
export type { ConvBlockActivation, ConvBlockShape, ConvBlockTrainingResult } from './convBlock/shape.ts';

export type { KernelThreads } from './simd/instantiate.ts';
export type { StartKernelWorker } from './simd/threads/workerPool.ts';

const prepared = new Map<string, Promise<void>>();

/**
 * Registers what a TensorFlow.js backend lacks for training a convnet. Call it once the backend is chosen and before
 * the model runs; a second call changes nothing.
 *
 * - `wasm`: TensorFlow.js 4.22 has no gradient of a convolution by its filter, of a depthwise convolution or of
 *   `gather`; its gradient of max-pooling is wrong where a maximum is negative; its gradient of a convolution by the
 *   input, its matrix products by a transposed factor or in batches, its `tile`, `slice` and
 *   `identity` are slow. After this it has them, right and fast.
 * - `wasm` and `cpu`: the convolution block, the spectrogram and Adam run on SIMD kernels.
 * - `tensorflow`: the block runs on TensorFlow's own fused kernels; on a processor, the spectrogram and blocks on few
 *   channels, such as a convnet's first, run on the SIMD kernels, which are faster there.
 * - `webgpu`: the convolution block, the spectrogram and Adam run as compute shaders of ours, and so do the gradient of
 *   a convolution by its filter and sums over all but the last axis, which the stock kernels give to a few threads each.
 *
 * Where the runtime has no SIMD, which no Node 20 lacks on usual processors, only the kernels that need none are
 * registered: `wasm` then cannot train a convolution. Other backends are left as they are.
 *
 * @param backendName A TensorFlow.js backend: `wasm`, `cpu`, `webgpu`, `tensorflow`.
 * @param workers Worker threads for the kernels; they share one pool, so those of the first call count. Without, one
 * thread. The results are the same for any number of threads. Needs shared memory, which a browser gives to pages that
 * are cross-origin isolated.
 * @example
 * await tf.setBackend('wasm');
 * await prepareKernels('wasm', {
 *   threads: 4,
 *   startWorker(source, data, onExit) {
 *     const worker = new Worker(source, { eval: true, workerData: data, execArgv: [] }); // node:worker_threads
 *     worker.on('error', onExit).on('exit', onExit).unref();
 *     return worker;
 *   },
 * });
 */
export function prepareKernels(backendName: string, workers?: KernelThreads): Promise<void> {
  const done = prepared.get(backendName) ?? prepare(backendName, workers);
  prepared.set(backendName, done);
  return done;
}

async function prepare(backendName: string, workers: KernelThreads | undefined): Promise<void> {
  if (backendName === 'webgpu') prepareWebgpu();
  if (backendName === 'tensorflow') registerNamedOpsConvBlock();
  const onProcessor = backendName === 'tensorflow' && !tensorflowUsesGpu();
  if (backendName !== 'wasm' && backendName !== 'cpu' && !onProcessor) return;
  registerSlidingMedian(backendName);
  const kernels = await sharedKernelEngine(workers);
  if (backendName === 'wasm') completeWasm(kernels);
  if (kernels === undefined) return;
  prepareConvBlock(backendName, kernels);
  prepareMelSpectrogram(backendName, kernels);
  if (!onProcessor) registerSimdAdam(backendName, kernels);
}

/** What stock `wasm` lacks for the gradients of usual layers, has wrong, or does value by value. */
function completeWasm(kernels: KernelEngine | undefined): void {
  registerDepthwiseGradients();
  registerUnsortedSegmentSum();
  replaceTile();
  replaceIdentity();
  replaceSlice();
  replaceBatchMatMul();
  if (kernels === undefined) return;
  registerConv2dBackpropFilter(kernels);
  replaceConv2dBackpropInput(kernels);
  replaceMaxPoolGrad(kernels);
}
