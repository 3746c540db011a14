/** The spectrogram and mel spectrogram as kernels of TensorFlow.js on `webgpu`. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '../../webgpu/runShader.ts';
import { melSpectrogramKernel, spectrogramKernel } from '../kernelNames.ts';
import { registerMelSpectrogramGradients } from '../registeredKernel.ts';
import type { MelShape, StftShape } from '../shape.ts';
import { runMel, runSpectrogram } from './frames.ts';
import { limitDecibels } from './limitDecibels.ts';

type Tensors = Record<'x' | 'window' | 'filterbank', tf.Tensor>;

/** Registers them and their gradients; those by window and waveform take stock ops. */
export function registerWebgpuMelSpectrogram(): void {
  registerMelSpectrogramGradients();
  const backendName = 'webgpu';
  tf.registerKernel({
    kernelName: spectrogramKernel,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, window } = inputs as unknown as Tensors;
      return runSpectrogram(
        backend as WebGPUBackend,
        x as tf.Tensor3D,
        window,
        attrs as unknown as StftShape,
      );
    },
  });
  tf.registerKernel({
    kernelName: melSpectrogramKernel,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, window, filterbank } = inputs as unknown as Tensors;
      const shape = attrs as unknown as MelShape;
      const gpu = backend as WebGPUBackend;
      const bands = runMel(gpu, x as tf.Tensor3D, window, filterbank, shape);
      return shape.decibel === null ? bands : limitDecibels(gpu, bands, shape.decibel);
    },
  });
}
