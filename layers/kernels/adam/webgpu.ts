/** The step of Adam as one compute shader, a thread to each parameter. */
import * as tf from '@tensorflow/tfjs';
import { runShader, type WebGPUBackend } from '../webgpu/runShader.ts';
import type { AdamConstants, AdamInputs } from './index.ts';
import { adamKernel } from './index.ts';

const threads = 64;

export function registerWebgpuAdam(): void {
  tf.registerKernel({
    kernelName: adamKernel,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { stepSize, beta1, beta2, epsilon } = attrs as unknown as AdamConstants;
      const { parameters, gradient, state } = inputs as unknown as AdamInputs;
      const { size } = parameters;
      return runShader(
        backend as WebGPUBackend,
        {
          name: 'adam',
          code,
          constants: {},
          // 1 - beta in float64: in float32 a beta of 0.999 would leave three digits of it
          floats: { BETA1: beta1, REST1: 1 - beta1, BETA2: beta2, REST2: 1 - beta2, EPSILON: epsilon },
          threads,
        },
        {
          inputs: { parameters, gradient, state },
          uniforms: { size },
          floatUniforms: { stepSize }, // another one at each step: as a constant it would compile anew
          shape: [3 * size],
          groups: Math.ceil(size / threads),
        },
      );
    },
  });
}

const code = `
fn main() {
  let size = uniforms.size;
  let i = threadIndex();
  if (i >= size) { return; }
  let g = gradient[i];
  let m = BETA1 * state[size + i] + REST1 * g;
  let v = BETA2 * state[2 * size + i] + REST2 * (g * g);
  result[i] = parameters[i] - uniforms.stepSize * m / (sqrt(v) + EPSILON);
  result[size + i] = m;
  result[2 * size + i] = v;
}
`;
