/** The op through the kernels that the backend in use has registered, and their gradients. */
import * as tf from '@tensorflow/tfjs';
import { spectrogramComposite } from './composite.ts';
import { decibelGradient } from './decibel.ts';
import { melSpectrogramKernel, spectrogramGradientKernel, spectrogramKernel } from './kernelNames.ts';
import type { MelShape, StftShape } from './shape.ts';

/** Whether the backend in use has the kernel. Gradients of kernels have no gradient: a gradient in a gradient takes stock ops. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null && tf.engine().state.gradientDepth <= 1;
}

export function runSpectrogramKernel(x: tf.Tensor3D, window: tf.Tensor1D, shape: StftShape): tf.Tensor4D {
  return tf.engine().runKernel(spectrogramKernel, { x, window }, attributes(shape));
}

export function runMelSpectrogramKernel(
  x: tf.Tensor3D,
  window: tf.Tensor1D,
  filterbank: tf.Tensor2D,
  shape: MelShape,
): tf.Tensor4D {
  return tf.engine().runKernel(melSpectrogramKernel, { x, window, filterbank }, attributes(shape));
}

/**
 * Registers the gradients, for every backend. Each is computed only when the tape asks for it. The forward pass keeps
 * nothing but its inputs: what a gradient needs between them is computed again, which takes a few milliseconds a clip.
 */
export function registerMelSpectrogramGradients(): void {
  tf.registerGradient({
    kernelName: spectrogramKernel,
    inputsToSave: ['x', 'window'],
    gradFunc: (dy, saved, attrs) => {
      const [x, window] = saved as [tf.Tensor3D, tf.Tensor1D];
      const shape = attrs as unknown as StftShape;
      const gradient = (by: 'x' | 'window') => () =>
        spectrogramGradient(x, window, dy as tf.Tensor4D, shape, by);
      return { x: gradient('x'), window: gradient('window') };
    },
  });
  tf.registerGradient({
    kernelName: melSpectrogramKernel,
    inputsToSave: ['x', 'window', 'filterbank'],
    gradFunc: (dy, saved, attrs) => {
      const [x, window, filterbank] = saved as [tf.Tensor3D, tf.Tensor1D, tf.Tensor2D];
      const shape = attrs as unknown as MelShape;
      const dBands = () => gradientOfBands(x, window, filterbank, shape, dy as tf.Tensor4D);
      const gradient = (by: 'x' | 'window') => () => {
        const { shape: outputShape } = dy as tf.Tensor4D;
        // TF.js 4.22: on `wasm` a product that transposes takes five times as long as a transpose and a product
        const dPower = tf.matMul(dBands(), tf.transpose(filterbank));
        const dSpectrogram = tf.reshape(dPower, [...outputShape.slice(0, 3), filterbank.shape[0]]);
        return spectrogramGradient(x, window, dSpectrogram as tf.Tensor4D, shape, by);
      };
      return {
        x: gradient('x'),
        window: gradient('window'),
        filterbank: () => {
          const power = runSpectrogramKernel(x, window, shape);
          const columns = tf.transpose(tf.reshape(power, [-1, filterbank.shape[0]]));
          return tf.matMul(columns as tf.Tensor2D, dBands());
        },
      };
    },
  });
}

/** Gradient of the mel bands before the logarithm, `[clips * channels * frames, mels]`. */
function gradientOfBands(
  x: tf.Tensor3D,
  window: tf.Tensor1D,
  filterbank: tf.Tensor2D,
  shape: MelShape,
  dy: tf.Tensor4D,
): tf.Tensor2D {
  const { decibel } = shape;
  const flat = (values: tf.Tensor) => tf.reshape(values, [-1, filterbank.shape[1]]) as tf.Tensor2D;
  if (decibel === null) return flat(dy);
  const bands = runMelSpectrogramKernel(x, window, filterbank, { ...shape, decibel: null });
  return flat(decibelGradient(dy, bands, decibel));
}

function spectrogramGradient(
  x: tf.Tensor3D,
  window: tf.Tensor1D,
  dy: tf.Tensor4D,
  shape: StftShape,
  by: 'x' | 'window',
): tf.Tensor {
  const engine = tf.engine();
  if (hasKernel(spectrogramGradientKernel)) {
    return engine.runKernel(spectrogramGradientKernel, { x, window, dy }, { ...attributes(shape), by });
  }
  const outerTape = engine.state.activeTape;
  const composite = (value: tf.Tensor) =>
    by === 'x'
      ? spectrogramComposite(value as tf.Tensor3D, window, shape)
      : spectrogramComposite(x, value as tf.Tensor1D, shape);
  try {
    return tf.grad(composite)(by === 'x' ? x : window, dy);
  } finally {
    // TF.js 4.22: a gradient inside a gradient function takes the outer tape away, which is to be cleared later.
    engine.state.activeTape = outerTape;
  }
}

/** TF.js hands attributes through as they are; its type has no functions and typed arrays. */
function attributes(shape: StftShape | MelShape): tf.NamedAttrMap {
  return { ...shape } as unknown as tf.NamedAttrMap;
}
