import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { cpuDriver } from '../../../src/engine/cpu.ts';
import type { EngineDriver } from '../../../src/engine/driver.ts';
import { listEngines, listEnginesOf } from '../../../src/engine/listEngines.ts';
import { measureMatrixProduct } from '../../../src/engine/measureMatrixProduct.ts';
import { wasmDriver } from '../../../src/engine/wasm.ts';

test('all four engines are listed, one of them as what auto takes, the absent with a way out', async () => {
  const reports = await listEngines();
  expect(reports.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
  expect(reports.filter(({ auto }) => auto)).toHaveLength(1);
  for (const { available, device, reason, gigaflops } of reports) {
    expect(typeof device).toBe(available ? 'string' : 'undefined');
    expect(reason).toMatch(available ? /\w/ : /: .*(npm|install|driver)/);
    expect(gigaflops).toBeUndefined();
  }
});

test('measuring gives a rate, reports an engine that fails in use, and puts the backend back', async () => {
  const failing: EngineDriver = {
    name: 'webgpu',
    probe: async () => ({
      ...{ available: true, device: 'H200', version: '1', reason: 'the GPU' },
      prepare: async () => {
        throw new Error('device lost');
      },
    }),
  };
  await tf.setBackend('cpu');
  const [webgpu, wasm] = await listEnginesOf([failing, wasmDriver], { measure: true });
  expect(webgpu).toMatchObject({
    available: false,
    reason: 'was found, but failed when it was used: device lost',
  });
  expect(wasm).toMatchObject({ name: 'wasm', available: true });
  expect(wasm.gigaflops).toBeGreaterThan(0.1);
  expect(wasm.gigaflops).toBeLessThan(1e4);
  expect(tf.getBackend()).toBe('cpu');
});

test('a plain JavaScript product is slower than a WebAssembly one', async () => {
  const rates = [];
  for (const driver of [cpuDriver, wasmDriver]) {
    const probe = await driver.probe();
    if (probe.available) await probe.prepare();
    await tf.setBackend(driver.name);
    rates.push(await measureMatrixProduct(0.2));
  }
  expect(rates[0]).toBeLessThan(rates[1]);
});

test('measuring keeps no tensor and refuses a time of zero', async () => {
  const { numTensors } = tf.memory();
  await measureMatrixProduct(0.05);
  expect(tf.memory().numTensors).toBe(numTensors);
  await expect(measureMatrixProduct(0)).rejects.toThrow(RangeError);
});
