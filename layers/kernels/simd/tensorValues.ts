/** Values of tensors for the kernels. */
import * as tf from '@tensorflow/tfjs';

/** The values of a large tensor without a copy where the backend offers that; valid until it allocates. */
export function viewOf(tensor: tf.Tensor): Float32Array {
  // TF.js 4.22: `wasm` has this method; any other backend, or version, is asked for a copy.
  const backend = tf.backend() as { typedArrayFromHeap?: (info: tf.TensorInfo) => Float32Array };
  return backend.typedArrayFromHeap?.(tensor) ?? tensor.dataSync<'float32'>();
}

/** A tensor of a copy of `values`, such as of a view of the kernels' memory. */
export function tensorOfCopy(values: Float32Array<ArrayBufferLike>, shape: number[]): tf.Tensor {
  // TF.js 4.22: `wasm` copies what it is given at once; any other backend may keep it.
  return tf.tensor(tf.getBackend() === 'wasm' ? values : values.slice(), shape);
}
