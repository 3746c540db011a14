/**
 * A backend `tensorflow` for machines without TensorFlow: the plain JavaScript kernels, and the ops by name that our
 * kernels call, as TensorFlow documents them, of stock ops on them. It has no fault of rounding or threads that
 * TensorFlow may have, but every op, attribute, order of inputs and outputs, and tensor to be freed.
 */
import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

type Op = (inputs: tf.Tensor[], attributes: Record<string, unknown>) => tf.Tensor[];

// TF_AttrType and TF_DataType of TensorFlow's c_api.h and tf_datatype.h.
const binding = {
  ...{ TF_ATTR_STRING: 0, TF_ATTR_INT: 1, TF_ATTR_FLOAT: 2, TF_ATTR_BOOL: 3, TF_ATTR_TYPE: 4 },
  ...{ TF_FLOAT: 1, TF_INT32: 3, TF_COMPLEX64: 8 },
};

/** Registers the backend and its kernels; `calls` collects the names of the ops that were run. */
export function registerFakeTensorflow({ gpu }: { gpu: boolean }): { calls: string[] } {
  const calls: string[] = [];
  class FakeTensorflow extends MathBackendCPU {
    readonly binding = binding;
    readonly isUsingGpuDevice = gpu;

    executeMultipleOutputs(name: string, attributes: Attribute[], inputs: tf.Tensor[], nOutputs: number) {
      calls.push(name);
      const values = Object.fromEntries(attributes.map(({ name: key, value }) => [key, value]));
      if (values['T'] !== binding.TF_FLOAT) throw new Error(`${name}: T is ${String(values['T'])}`);
      if (!(name in ops)) throw new Error(`${name}: no such op`);
      const outputs = tf.tidy(() => ops[name](inputs, values));
      if (outputs.length !== nOutputs)
        throw new Error(`${name} has ${outputs.length} outputs, not ${nOutputs}`);
      return outputs;
    }
  }
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (!kernel.kernelName.startsWith('Sonotag')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
  }
  tf.registerBackend('tensorflow', () => new FakeTensorflow() as unknown as tf.KernelBackend);
  return { calls };
}

const ops: Record<string, Op> = {
  Conv2D([x, kernel], attributes) {
    requireSame(attributes);
    return [tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same')];
  },
  Conv2DBackpropInput([sizes, kernel, dy], attributes) {
    requireSame(attributes);
    const shape = Array.from(sizes.dataSync()) as [number, number, number, number];
    return [tf.conv2dTranspose(dy as tf.Tensor4D, kernel as tf.Tensor4D, shape, 1, 'same')];
  },
  Conv2DBackpropFilter([x, sizes, dy], attributes) {
    requireSame(attributes);
    const zero = tf.zeros(Array.from(sizes.dataSync()));
    const convolve = (kernel: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same');
    return [nestedGradient(convolve, zero, dy)];
  },
  FusedBatchNormV3([x, gamma, beta], { epsilon, is_training: training }) {
    if (training !== true) throw new Error('FusedBatchNormV3: is_training is to be set');
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const scale = tf.rsqrt(tf.add(variance, epsilon as number));
    const normalised = tf.add(tf.mul(tf.mul(tf.sub(x, mean), scale), gamma), beta);
    const count = x.size / gamma.size;
    const sampleVariance = tf.mul(variance, count / Math.max(1, count - 1));
    return [normalised, mean, sampleVariance, tf.clone(mean), variance, tf.zeros([0])];
  },
  FusedBatchNormGradV3([dy, x, gamma, mean, variance], { epsilon, is_training: training }) {
    if (training !== true) throw new Error('FusedBatchNormGradV3: is_training is to be set');
    // Ioffe & Szegedy 2015, arXiv:1502.03167, section 3, its derivatives put together.
    const deviation = tf.sqrt(tf.add(variance, epsilon as number));
    const normalised = tf.div(tf.sub(x, mean), deviation);
    const dGamma = tf.sum(tf.mul(dy, normalised), [0, 1, 2]);
    const dBeta = tf.sum(dy, [0, 1, 2]);
    const count = x.size / gamma.size;
    const rest = tf.div(tf.add(dBeta, tf.mul(normalised, dGamma)), count);
    const dx = tf.mul(tf.sub(dy, rest), tf.div(gamma, deviation));
    return [dx, dGamma, dBeta, tf.zeros([0]), tf.zeros([0])];
  },
  MaxPool: ([x], attributes) => [maxPool(x, attributes)],
  MaxPoolGrad: ([x, y, dy], attributes) => {
    if (maxPool(x, attributes).notEqual(y).any().dataSync()[0]) throw new Error('MaxPoolGrad: y is not of x');
    return [nestedGradient((value) => maxPool(value, attributes), x, dy)];
  },
  Elu: ([x]) => [tf.elu(x)],
  EluGrad: ([dy, y]) => [tf.mul(dy, tf.where(tf.greater(y, 0), tf.onesLike(y), tf.add(y, 1)))],
  Relu: ([x]) => [tf.relu(x)],
  ReluGrad: ([dy, y]) => [tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32'))],
};

function requireSame({ strides, padding, data_format: format }: Record<string, unknown>): void {
  if (String(strides) !== '1,1,1,1' || padding !== 'SAME' || format !== 'NHWC') {
    throw new Error(`convolution: unexpected ${String(strides)}, ${String(padding)}, ${String(format)}`);
  }
}

function maxPool(x: tf.Tensor, { ksize, strides, padding }: Record<string, unknown>): tf.Tensor4D {
  const [size, steps] = [ksize, strides].map((all) => (all as number[]).slice(1, 3) as [number, number]);
  if (padding !== 'VALID') throw new Error(`MaxPool: unexpected padding ${String(padding)}`);
  return tf.maxPool(x as tf.Tensor4D, size, steps, 'valid');
}

/** TF.js 4.22: a gradient inside a gradient function takes the outer tape away. */
function nestedGradient(f: (value: tf.Tensor) => tf.Tensor, at: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const { state } = tf.engine();
  const outer = state.activeTape;
  const depth = state.kernelDepth;
  try {
    state.kernelDepth = 0; // or nothing is recorded
    return tf.grad(f)(at, dy);
  } finally {
    state.kernelDepth = depth;
    state.activeTape = outer;
  }
}
