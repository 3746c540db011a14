/** Chooses, prepares and verifies the TF.js backend that everything else computes on. */
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { prepareKernels } from '../../layers/kernels/index.ts';
import { InputError } from '../errors.ts';
import { chooseEngine } from './chooseEngine.ts';
import { cpuDriver } from './cpu.ts';
import type { AvailableEngine, EngineDriver, EngineName } from './driver.ts';
import { kernelThreads } from './kernelThreads.ts';
import { nearestName } from './nearestName.ts';
import { enableRelaxedSimd } from './relaxedSimd.ts';
import { tensorflowDriver } from './tensorflow.ts';
import { wasmDriver } from './wasm.ts';
import { webgpuDriver } from './webgpu.ts';

export type { EngineName } from './driver.ts';

export interface Engine {
  name: EngineName;
  /** For example 'AMD EPYC, 2 cores, SIMD' or the GPU's name. */
  device: string;
  /** Library versions, for example 'TensorFlow 2.9.1, tfjs-node 4.22.0' or 'tfjs-backend-wasm 4.22.0'. */
  version: string;
  /** One line: what it is and, from 'auto', why no faster one was taken; to be shown to the user. */
  reason: string;
}

export interface EngineOptions {
  /**
   * Threads of our kernels on `wasm` and `cpu`, the main one included; the first call in a process decides. The
   * result does not depend on it. Default: what the machine can run at once.
   */
  threads?: number;
}

/** All engines, those that `auto` may take first and in its order. */
export const ENGINE_DRIVERS: readonly EngineDriver[] = [
  tensorflowDriver(),
  webgpuDriver(),
  wasmDriver,
  cpuDriver,
];

/** The part of the drivers that `auto` chooses from: `cpu` is only taken by name. */
export function automaticDrivers(drivers: readonly EngineDriver[]): EngineDriver[] {
  return drivers.filter(({ name }) => name !== 'cpu');
}

/**
 * Prepares an engine, sets it as TF.js' backend, registers our kernels for it and verifies that it computes.
 *
 * `auto` takes native TensorFlow if it loads, else WebGPU on a hardware adapter, else WebAssembly. An engine asked
 * for by name is taken or refused, never replaced. Nothing is printed: show the returned `reason`.
 *
 * @throws InputError if the name is not an engine's, or if the engine named is not available; with the way out
 * @example const engine = await useEngine('auto'); // { name: 'wasm', device: 'AMD EPYC, 2 cores, SIMD', ... }
 */
export async function useEngine(name: EngineName | 'auto', options: EngineOptions = {}): Promise<Engine> {
  return useEngineOf(ENGINE_DRIVERS, name, options);
}

/** `useEngine` with the drivers to choose from; apart for its tests. */
export async function useEngineOf(
  drivers: readonly EngineDriver[],
  name: EngineName | 'auto',
  { threads = availableParallelism() }: EngineOptions = {},
): Promise<Engine> {
  const choice =
    name === 'auto' ? await chooseEngine(automaticDrivers(drivers)) : await takeNamed(drivers, name);
  const { device, version, prepare } = choice.engine;
  tf.enableProdMode(); // or TF.js advertises its native backend on the console; no check of values hangs on it
  enableRelaxedSimd(); // before the kernels' modules are compiled
  await prepare();
  if (!(await tf.setBackend(choice.name))) {
    throw new InputError(
      `engine '${choice.name}' does not start on ${device}: use another, see "sonotag engines".`,
    );
  }
  await tf.ready();
  await prepareKernels(choice.name, kernelThreads(threads));
  await verify(choice.name);
  return { name: choice.name, device, version, reason: choice.reason };
}

async function takeNamed(
  drivers: readonly EngineDriver[],
  name: EngineName,
): Promise<{ name: EngineName; engine: AvailableEngine; reason: string }> {
  const driver = drivers.find((candidate) => candidate.name === name);
  if (driver === undefined) {
    const names = ['auto', ...drivers.map((candidate) => candidate.name)];
    const nearest = nearestName(String(name), names);
    const hint = nearest === undefined ? '' : ` did you mean '${nearest}'?`;
    throw new InputError(`unknown engine '${String(name)}':${hint} choose one of ${names.join(', ')}.`);
  }
  const engine = await driver.probe();
  if (!engine.available) {
    throw new InputError(
      `engine '${name}' ${engine.reason}: ${engine.remedy}; or use --engine auto, which takes what is there.`,
    );
  }
  return { name, engine, reason: engine.reason };
}

/** A product by hand: [[1, 2], [3, 4]] x [[5, 6], [7, 8]] = [[19, 22], [43, 50]]. */
async function verify(name: EngineName): Promise<void> {
  const product = tf.tidy(() =>
    tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])),
  );
  const values = await product.data();
  product.dispose();
  if (tf.getBackend() !== name || values.join() !== '19,22,43,50') {
    throw new InputError(
      `engine '${name}' computes wrong products, ${values.join()} for 19,22,43,50: use another, see "sonotag engines".`,
    );
  }
}
