/** Looks for a WebGPU adapter, so that tests run on whatever is there and say so where there is none. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { describe } from 'vitest';
import { useEngineOf } from '../../src/engine/engine.ts';
import { webgpuDriver } from '../../src/engine/webgpu.ts';

/** Debian's chromium brings SwiftShader, Vulkan on the processor. */
export const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

let device: Promise<string | undefined> | undefined;

/** The adapter's name: what the environment has, else SwiftShader; undefined where there is neither. */
export function findWebgpu(): Promise<string | undefined> {
  return (device ??= find());
}

async function find(): Promise<string | undefined> {
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir(); // or Mesa's Vulkan layer complains on stderr
  const usual = await webgpuDriver().probe();
  if (usual.available) return usual.device;
  if (!existsSync(swiftShader)) return undefined;
  process.env['VK_ICD_FILENAMES'] = swiftShader;
  const software = await webgpuDriver().probe();
  return software.available ? software.device : undefined;
}

/** Runs the tests of `define` on a WebGPU adapter; where there is none they are skipped with one line. */
export async function onWebgpu(define: () => void): Promise<void> {
  const adapter = await findWebgpu();
  const title = adapter === undefined ? 'on webgpu (skipped: no adapter was found)' : `on webgpu: ${adapter}`;
  describe.skipIf(adapter === undefined)(title, define);
}

/** Makes `webgpu` the backend; a device that has failed is started anew. */
export async function useWebgpu(): Promise<void> {
  await useEngineOf([webgpuDriver()], 'webgpu');
}

/**
 * What `compute` gives on `cpu` and on `webgpu`, read without blocking. It makes its tensors itself, from seeds: a
 * tensor of one backend is of no use to the other.
 */
export async function onBoth(
  compute: () => tf.TensorContainer | Promise<tf.TensorContainer>,
): Promise<{ cpu: Map<string, Float32Array>; webgpu: Map<string, Float32Array> }> {
  await tf.setBackend('cpu');
  const cpu = await read(await compute());
  await useWebgpu();
  return { cpu, webgpu: await read(await compute()) };
}

async function read(container: tf.TensorContainer): Promise<Map<string, Float32Array>> {
  const named = container as Record<string, tf.Tensor>;
  const values = new Map<string, Float32Array>();
  for (const [name, tensor] of Object.entries(named)) {
    values.set(name, Float32Array.from(await tensor.data()));
    tensor.dispose();
  }
  return values;
}

/** The largest difference as a share of the largest expected value; infinite where a number is none. */
export function relativeError(got: Float32Array, expected: Float32Array): number {
  if (got.length !== expected.length) return Infinity;
  let [difference, size] = [0, 1e-6];
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs(got[i] - expected[i]);
    difference = Number.isNaN(error) ? Infinity : Math.max(difference, error);
    size = Math.max(size, Math.abs(expected[i]));
  }
  return difference / size;
}
