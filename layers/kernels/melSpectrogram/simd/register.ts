/** The SIMD spectrogram as TensorFlow.js kernels, for backends whose tensors can be read synchronously. */
import * as tf from '@tensorflow/tfjs';
import { tensorOfCopy, viewOf } from '../../simd/tensorValues.ts';
import type { KernelEngine } from '../../simd/kernelEngine.ts';
import { melSpectrogramKernel, spectrogramGradientKernel, spectrogramKernel } from '../kernelNames.ts';
import { registerMelSpectrogramGradients } from '../registeredKernel.ts';
import type { MelShape, StftShape } from '../shape.ts';
import type { SpectrogramProblem } from './engine.ts';
import { SpectrogramEngine } from './engine.ts';
import { spectrogramGradient } from './gradient.ts';

type Tensors = Record<'x' | 'window' | 'filterbank', tf.Tensor>;

/** Registers the spectrogram, the mel spectrogram and their gradients for `backendName`. */
export function prepareMelSpectrogram(backendName: string, kernels: KernelEngine): void {
  registerMelSpectrogramGradients();
  registerSimdMelSpectrogram(backendName, new SpectrogramEngine(kernels));
}

/** The kernels alone, for a backend whose `dataSync` works: `wasm` and `cpu`. */
export function registerSimdMelSpectrogram(backendName: string, engine: SpectrogramEngine): void {
  const transform = (problem: SpectrogramProblem) => engine.transform(problem, tensorOfCopy);
  tf.registerKernel({
    kernelName: spectrogramKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      transform(problemOf(inputs as unknown as Tensors, attrs as unknown as StftShape)),
  });
  tf.registerKernel({
    kernelName: spectrogramGradientKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { by, ...shape } = attrs as unknown as StftShape & { by: 'x' | 'window' };
      const tensors = inputs as unknown as Tensors & { dy: tf.Tensor };
      const problem = problemOf(tensors, shape);
      const gradient = spectrogramGradient(engine, problem, viewOf(tensors.dy), by);
      return tf.tensor(gradient, tensors[by].shape);
    },
  });
  tf.registerKernel({
    kernelName: melSpectrogramKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const tensors = inputs as unknown as Tensors;
      const { bands, decibel, ...shape } = attrs as unknown as MelShape;
      const filterbank = tensors.filterbank.dataSync<'float32'>();
      const nBands = tensors.filterbank.shape[1]!;
      return transform({
        mel: { filterbank, nBands, spans: bands, decibel },
        ...problemOf(tensors, shape),
      });
    },
  });
}

function problemOf(
  { x, window }: Tensors,
  { hopLength, center, padMode, power }: StftShape,
): SpectrogramProblem {
  return {
    xShape: x.shape as [number, number, number],
    window: window.dataSync<'float32'>(),
    ...{ hopLength, center, padMode, power },
    x: viewOf(x), // last: see there
  };
}
