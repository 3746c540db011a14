/** Copies that share their values, for the `wasm` backend: the stock kernel of TensorFlow.js 4.22 copies every value. */
import * as tf from '@tensorflow/tfjs';

/** A backend's count of the tensors that share one buffer; a buffer is freed with the last of them. */
interface CountingBackend {
  incRef(dataId: object): void;
}

/**
 * Puts the kernel in the place of the stock one. Every value that a gradient needs is saved through it. As the stock
 * `reshape` does: no kernel writes into its inputs, so tensors may share a buffer.
 */
export function replaceIdentity(): void {
  // Without this TensorFlow.js prints a warning.
  if (tf.getKernel(tf.Identity, 'wasm') != null) tf.unregisterKernel(tf.Identity, 'wasm');
  tf.registerKernel({
    kernelName: tf.Identity,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
      (backend as CountingBackend).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}
