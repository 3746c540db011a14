/** TensorFlow's own ops by name, on the backend `tensorflow` of tfjs-node: more than TensorFlow.js has kernels for. */
import * as tf from '@tensorflow/tfjs';

/** What of tfjs-node 4.22's backend is used; not imported, so that this stays browser-safe. */
interface TensorflowBackend {
  binding: Record<string, number>;
  isUsingGpuDevice: boolean;
  executeMultipleOutputs(
    name: string,
    attributes: object[],
    inputs: readonly tf.TensorInfo[],
    nOutputs: number,
  ): tf.Tensor[];
}

/** An attribute of an op: its kind as TensorFlow's C API has it, and its value. */
export type OpAttribute =
  | { int: number | number[] }
  | { float: number }
  | { bool: boolean }
  | { string: string }
  | { type: 'float32' | 'int32' };

const kinds = { int: 'TF_ATTR_INT', float: 'TF_ATTR_FLOAT', bool: 'TF_ATTR_BOOL', string: 'TF_ATTR_STRING' };
const types = { float32: 'TF_FLOAT', int32: 'TF_INT32' };

/**
 * Runs an op of float32 tensors (attribute `T`) on the backend in use, which must be `tensorflow`. Not recorded for
 * gradients: call it from a registered kernel.
 *
 * @param attributes All that have no default in TensorFlow's registry of ops, and those to be other than that.
 * @example runOp('Elu', [x])[0]
 */
export function runOp(
  name: string,
  inputs: readonly tf.TensorInfo[],
  attributes: Record<string, OpAttribute> = {},
  nOutputs = 1,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as TensorflowBackend;
  const all: Record<string, OpAttribute> = { T: { type: 'float32' }, ...attributes };
  const encoded = Object.entries(all).map(([key, attribute]) => encode(key, attribute, backend.binding));
  return backend.executeMultipleOutputs(name, encoded, inputs, nOutputs);
}

function encode(name: string, attribute: OpAttribute, binding: Record<string, number>): object {
  if ('type' in attribute) {
    return { name, type: binding['TF_ATTR_TYPE'], value: binding[types[attribute.type]] };
  }
  const [[kind, value]] = Object.entries(attribute);
  return { name, type: binding[kinds[kind as keyof typeof kinds]], value };
}

/** Whether the backend `tensorflow`, which must be the one in use, computes on a GPU. */
export function tensorflowUsesGpu(): boolean {
  return (tf.backend() as unknown as TensorflowBackend).isUsingGpuDevice;
}
