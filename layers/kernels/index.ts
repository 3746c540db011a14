/** Our own fused ops and the kernels that a TensorFlow.js backend lacks. Browser-safe. */
import type { KernelThreads } from './simd/instantiate.ts';
import { prepareConvBlock } from './convBlock/simd/prepare.ts';
import { registerConv2dBackpropFilter } from './conv2dBackpropFilter/wasm.ts';
import { replaceMaxPoolGrad } from './maxPoolGrad/wasm.ts';
import { prepareMelSpectrogram } from './melSpectrogram/simd/register.ts';
import { sharedKernelEngine } from './simd/kernelEngine.ts';
import { prepareWebgpu } from './webgpu/prepare.ts';

export { convBlockInference, convBlockTraining } from './convBlock/index.ts';
export type { ConvBlockActivation, ConvBlockShape, ConvBlockTrainingResult } from './convBlock/shape.ts';

export type { KernelThreads } from './simd/instantiate.ts';
export type { StartKernelWorker } from './simd/threads/workerPool.ts';

const prepared = new Map<string, Promise<void>>();

/**
 * Registers what a TensorFlow.js backend lacks for training a convnet. Call it once the backend is chosen and before
 * the model runs; a second call changes nothing.
 *
 * - `wasm`: TensorFlow.js 4.22 has no gradient of a convolution by its filter, and its gradient of max-pooling is wrong
 *   where a maximum is negative; after this it has both.
 * - `wasm` and `cpu`: the convolution block and the spectrogram run on SIMD kernels where the runtime has SIMD.
 * - `webgpu`: the convolution block and the spectrogram run as compute shaders of ours, and so do the gradient of a
 *   convolution by its filter and sums over all but the last axis, which the stock kernels give to a few threads each.
 *
 * Other backends are left as they are.
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
  if (backendName === 'wasm') {
    registerConv2dBackpropFilter();
    replaceMaxPoolGrad();
  }
  if (backendName === 'webgpu') prepareWebgpu();
  if (backendName === 'wasm' || backendName === 'cpu') {
    const kernels = await sharedKernelEngine(workers);
    if (kernels !== undefined) {
      prepareConvBlock(backendName, kernels);
      prepareMelSpectrogram(backendName, kernels);
    }
  }
}
