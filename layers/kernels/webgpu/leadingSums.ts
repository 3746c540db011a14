/** Sum and mean over all axes but the last, for the backend `webgpu`: batch norm and bias gradients take them. */
import * as tf from '@tensorflow/tfjs';
import { columnSums, matrixTerms } from './columnSums.ts';
import type { WebGPUBackend } from './runShader.ts';

interface Attributes {
  axis?: number | number[];
  keepDims?: boolean;
}

/**
 * Puts kernels in the place of the stock ones, which stay in use for other axes. TensorFlow.js 4.22 transposes the
 * whole tensor first, and then one workgroup per channel adds one element after the other.
 */
export function replaceLeadingSums(): void {
  replace(tf.Sum, false);
  replace(tf.Mean, true);
}

function replace(kernelName: string, mean: boolean): void {
  const stock = tf.getKernel(kernelName, 'webgpu');
  tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({
    ...stock,
    kernelFunc: (params) => {
      const x = params.inputs['x'] as tf.TensorInfo;
      const { axis, keepDims } = params.attrs as unknown as Attributes;
      const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
      const columns = x.shape.at(-1)!;
      const rows = tf.util.sizeFromShape(x.shape.slice(0, -1));
      if (!isLeading(axes, x) || columns * rows === 0) return stock.kernelFunc(params);
      const sums = leadingSums(params.backend as WebGPUBackend, x, rows, columns, mean);
      const shape =
        keepDims === true ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length)) : [columns];
      return { ...sums, shape };
    },
  });
}

/** Whether the axes are all but the last, and there are several. */
function isLeading(axes: number[], { shape, dtype }: tf.TensorInfo): boolean {
  const last = shape.length - 1;
  return dtype === 'float32' && last >= 1 && axes.length === last && !axes.includes(last);
}

function leadingSums(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  rows: number,
  columns: number,
  mean: boolean,
): tf.TensorInfo {
  return columnSums(backend, rows, columns, matrixTerms(x), {
    name: mean ? 'mean' : 'sum',
    code: `
fn finish(column : i32, sum : vec2<f32>) -> array<f32, NUMBERS> {
  return array<f32, NUMBERS>(sum.x ${mean ? '/ f32(uniforms.count)' : ''});
}`,
    numbers: 1,
    uniforms: mean ? { count: rows } : {},
  });
}
