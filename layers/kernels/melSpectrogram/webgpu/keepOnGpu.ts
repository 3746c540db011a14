/** Constants that are uploaded once and stay: the factors of a transform, the spans of a filterbank. */
import type * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '../../webgpu/runShader.ts';

interface Kept {
  /** By the length of the transform: few are used in a process, and each is small. */
  byLength: Map<number, tf.TensorInfo>;
  /** By the array that holds the values on the host, as long as that lives; some hundred bytes for each layer. */
  byArray: WeakMap<object, tf.TensorInfo>;
}

const keptOf = new WeakMap<WebGPUBackend, Kept>();

/** @param key The length of the transform, or the array that the values come from. */
export function keepOnGpu(
  backend: WebGPUBackend,
  key: number | object,
  dtype: 'float32' | 'int32',
  makeValues: () => Float32Array | Int32Array,
): tf.TensorInfo {
  const kept = keptOf.get(backend) ?? { byLength: new Map(), byArray: new WeakMap() };
  keptOf.set(backend, kept);
  const found = typeof key === 'number' ? kept.byLength.get(key) : kept.byArray.get(key);
  if (found !== undefined) return found;
  const values = makeValues();
  const made = backend.makeTensorInfo([values.length], dtype, values);
  if (typeof key === 'number') kept.byLength.set(key, made);
  else kept.byArray.set(key, made);
  return made;
}
