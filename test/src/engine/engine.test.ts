import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { chooseEngine } from '../../../src/engine/chooseEngine.ts';
import type { EngineDriver, EngineName, Probe } from '../../../src/engine/driver.ts';
import { automaticDrivers, type Engine, useEngine, useEngineOf } from '../../../src/engine/engine.ts';
import { wasmDriver } from '../../../src/engine/wasm.ts';
import { InputError } from '../../../src/errors.ts';

const found = (device: string, software = false): Probe => ({
  available: true,
  device,
  version: '1',
  reason: `computes on ${device}`,
  software,
  prepare: async () => undefined,
});
const missing: Probe = { available: false, reason: 'is not installed', remedy: 'npm install it' };
const driver = (name: EngineName, probe: Probe): EngineDriver => ({ name, probe: async () => probe });

describe.each(['wasm', 'cpu'] as const)('engine %s', (name) => {
  test('is set as the backend and described', async () => {
    const engine: Engine = await useEngine(name);
    expect(tf.getBackend()).toBe(name);
    expect(engine).toMatchObject({ name, version: `tfjs-backend-${name} 4.22.0` });
    expect(engine.device).toMatch(/\d+ cores?/);
    expect(engine.reason).not.toContain('\n');
  });

  test('computes the gradients of a convolution', async () => {
    await useEngine(name);
    // One output value, the sum of image times filter: each is the other's gradient.
    const image = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const filter = tf.tensor4d([5, 6, 7, 8], [2, 2, 1, 1]);
    const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
      tf.sum(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'));
    const [byImage, byFilter] = tf.grads(convolve)([image, filter]);
    expect([...(await byImage.data())]).toEqual([5, 6, 7, 8]);
    expect([...(await byFilter.data())]).toEqual([1, 2, 3, 4]);
    tf.dispose([image, filter, byImage, byFilter]);
  });

  test('can be asked for again and keeps no tensor of its own', async () => {
    await useEngine(name);
    const { numTensors } = tf.memory();
    await useEngine(name);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

test('auto takes the first engine that is there and looks no further', async () => {
  let looked = false;
  const later: EngineDriver = {
    name: 'wasm',
    probe: async () => {
      looked = true;
      return found('AMD');
    },
  };
  const choice = await chooseEngine([driver('tensorflow', found('AMD')), later]);
  expect(choice).toMatchObject({ name: 'tensorflow', reason: 'computes on AMD' });
  expect(looked).toBe(false);
});

test('auto passes a software adapter by and says why each faster engine was not taken', async () => {
  const choice = await chooseEngine([
    driver('tensorflow', missing),
    driver('webgpu', found('SwiftShader', true)),
    driver('wasm', found('AMD')),
  ]);
  expect(choice.name).toBe('wasm');
  expect(choice.reason).toBe(
    'computes on AMD; tensorflow is not installed; webgpu has only a software adapter (SwiftShader)',
  );
});

test('auto takes a hardware adapter before wasm, and never cpu', async () => {
  const drivers = [
    driver('webgpu', found('H200')),
    driver('wasm', found('AMD')),
    driver('cpu', found('AMD')),
  ];
  expect((await chooseEngine(drivers)).name).toBe('webgpu');
  expect(automaticDrivers(drivers).map(({ name }) => name)).toEqual(['webgpu', 'wasm']);
});

test('a software adapter is taken when it is named', async () => {
  const software = { ...(await wasmDriver.probe()), software: true } as Probe;
  expect((await useEngineOf([driver('wasm', software)], 'wasm')).name).toBe('wasm');
});

test('an engine asked for by name and not there is refused with the way out, never replaced', async () => {
  const drivers = [driver('tensorflow', missing), wasmDriver];
  const refused = useEngineOf(drivers, 'tensorflow');
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(
    "engine 'tensorflow' is not installed: npm install it; or use --engine auto",
  );
});

test.each([
  ['wsam', "did you mean 'wasm'?"],
  ['gpu', "did you mean 'webgpu'?"],
  ['TensorFlow', "did you mean 'tensorflow'?"],
  ['cuda', "unknown engine 'cuda': choose one of auto, tensorflow, webgpu, wasm, cpu."],
  ['', "unknown engine '': choose one of"],
])('the unknown name %j is refused with the list and the nearest', async (name, message) => {
  const refused = useEngine(name as EngineName);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(message);
});

test('nothing is printed, neither by us nor by TensorFlow.js', async () => {
  const url = pathToFileURL(resolve(import.meta.dirname, '../../../src/engine/engine.ts')).href;
  const script = `
    import { useEngine } from '${url}';
    await useEngine('wasm');
    await useEngine('cpu');
    await useEngine('auto');
    await useEngine('no such engine').catch(() => undefined);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  // Without a GPU driver, so that none of a driver's own words can appear.
  const env = { ...process.env, VK_ICD_FILENAMES: '/nowhere.json' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toBe('');
  expect(stderr).toBe('');
});

test("a program's own uncaught error is printed as Node prints it, without the WebAssembly module's source", async () => {
  const url = pathToFileURL(resolve(import.meta.dirname, '../../../src/engine/engine.ts')).href;
  const script = `
    import { useEngine } from '${url}';
    await useEngine('wasm');
    setTimeout(() => { throw new Error('of the program'); });`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const failure = await promisify(execFile)(process.execPath, args).catch(
    (error: { stderr: string }) => error,
  );
  expect(failure.stderr).toContain('Error: of the program');
  expect(failure.stderr.length).toBeLessThan(2000);
});
