/** The block as kernels of TensorFlow.js on `webgpu`: nothing is read back, nothing waits. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '../../webgpu/runShader.ts';
import { gradientKernel, inferenceKernel, trainingKernel } from '../kernelNames.ts';
import { registerConvBlockGradients } from '../registeredKernel.ts';
import type { ConvBlockShape } from '../shape.ts';
import { describeBlock } from './blockSizes.ts';
import { activatePooled, poolAndActivate, poolValues } from './pool.ts';
import { type GradientBy, SavedBlock, SavedBlocks } from './savedBlock.ts';
import { batchStatistics, givenStatistics, takeRow } from './statistics.ts';
import { convolve } from './values.ts';

type Names = 'x' | 'kernel' | 'bias' | 'gamma' | 'beta';
type BlockTensors = Record<Names, tf.Tensor>;

/** Registers the block and its gradients. */
export function registerWebgpuConvBlock(): SavedBlocks {
  const saved = new SavedBlocks();
  registerConvBlockGradients();
  register(trainingKernel, (inputs, backend, attrs) => {
    saved.collect();
    const { id, ...shape } = attrs as unknown as ConvBlockShape & { id: number };
    const { x, kernel, bias, gamma, beta } = inputs as unknown as BlockTensors;
    const sizes = describeBlock(x.shape, kernel.shape, shape);
    const values = convolve(backend, x, kernel, sizes);
    const statistics = batchStatistics(backend, values, gamma, beta, sizes);
    const pooled = poolValues(backend, values, statistics, sizes);
    const block = new SavedBlock(backend, sizes, { values, pooled, statistics }, x, kernel);
    const outputs = [
      activatePooled(backend, pooled, statistics, sizes),
      takeRow(backend, statistics, 0, bias),
      takeRow(backend, statistics, 1),
    ];
    if (id === 0) block.release();
    else saved.add(id, block);
    return outputs;
  });
  register(gradientKernel, ({ dy }, _backend, attrs) => {
    const { id, by } = attrs as unknown as { id: number; by: GradientBy };
    return saved.get(id).gradient(by, dy!);
  });
  register(inferenceKernel, (inputs, backend, attrs) => {
    saved.collect();
    const { x, kernel, bias, gamma, beta, movingMean, movingVariance } = inputs as unknown as BlockTensors &
      Record<'movingMean' | 'movingVariance', tf.Tensor>;
    const sizes = describeBlock(x.shape, kernel.shape, attrs as unknown as ConvBlockShape);
    if (sizes.batch === 0) return backend.makeTensorInfo(sizes.pooledShape, 'float32', new Float32Array(0));
    const values = convolve(backend, x, kernel, sizes);
    const given = { mean: movingMean, variance: movingVariance, bias, gamma, beta };
    const statistics = givenStatistics(backend, given, sizes);
    const output = poolAndActivate(backend, values, statistics, sizes);
    if (values.stored !== undefined) backend.disposeData(values.stored.dataId);
    backend.disposeData(statistics.dataId);
    return output;
  });
  return saved;
}

function register(
  kernelName: string,
  run: (
    inputs: tf.NamedTensorInfoMap,
    backend: WebGPUBackend,
    attrs: object,
  ) => tf.TensorInfo | tf.TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) => run(inputs, backend as WebGPUBackend, attrs ?? {}),
  });
}
