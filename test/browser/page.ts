/** Runs in the browser: on `webgpu` where there is an adapter, else on `cpu`, and sends what it got to the server. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { prepareKernels } from '../../layers/index.ts';
import { convnetNumbers } from './convnetNumbers.ts';

async function run(): Promise<object> {
  try {
    // TF.js 4.22 asks `navigator.gpu` for an adapter when the backend is set; without one it would set another.
    const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
    const adapter = gpu === undefined ? null : await gpu.requestAdapter();
    await tf.setBackend(adapter === null ? 'cpu' : 'webgpu');
    await tf.ready();
    await prepareKernels(tf.getBackend());
    const numbers = await convnetNumbers();
    return { backend: tf.getBackend(), isolated: crossOriginIsolated, numbers };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

void run().then((result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) }));
