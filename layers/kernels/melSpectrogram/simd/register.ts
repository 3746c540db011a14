/** The SIMD spectrogram as TensorFlow.js kernels, for backends whose tensors can be read synchronously. */
import * as tf from '@tensorflow/tfjs';
import { viewOf } from '../../simd/tensorValues.ts';
import type { KernelEngine } from '../../simd/kernelEngine.ts';
import { melSpectrogramKernel, spectrogramKernel } from '../kernelNames.ts';
import { registerMelSpectrogramGradients } from '../registeredKernel.ts';
import type { MelShape, StftShape } from '../shape.ts';
import type { SpectrogramProblem } from './engine.ts';
import { SpectrogramEngine } from './engine.ts';

type Tensors = Record<'x' | 'window' | 'filterbank', tf.Tensor>;

/** Registers the spectrogram and mel spectrogram for a backend whose `dataSync` works: `wasm` and `cpu`. */
export function prepareMelSpectrogram(backendName: string, kernels: KernelEngine): void {
  registerMelSpectrogramGradients();
  const engine = new SpectrogramEngine(kernels);
  const transform = (problem: SpectrogramProblem) => {
    const { output, shape } = engine.transform(problem);
    return tf.tensor(output, shape);
  };
  tf.registerKernel({
    kernelName: spectrogramKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      transform(problemOf(inputs as unknown as Tensors, attrs as unknown as StftShape)),
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
