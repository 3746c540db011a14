/** The compact convnet in a browser against the `cpu` engine in Node. */
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { relativeError } from '../support/webgpuAdapter.ts';
import { findChromium, runInChromium } from './chromium.ts';
import { convnetNumbers } from './convnetNumbers.ts';

interface Result {
  error?: string;
  backend: string;
  isolated: boolean;
  numbers: Record<string, number[]>;
}

const chromium = findChromium();
const page = fileURLToPath(new URL('page.ts', import.meta.url));
const software = [
  ...['--enable-unsafe-webgpu', '--enable-unsafe-swiftshader', '--use-webgpu-adapter=swiftshader'],
  '--enable-features=Vulkan',
];

describe.skipIf(chromium === undefined)(
  `in ${chromium ?? 'a browser (skipped: chromium is not installed)'}`,
  () => {
    test.each([
      ['webgpu', software],
      [
        'cpu',
        ['--disable-features=WebGPU,WebGPUService', '--disable-gpu', '--disable-blink-features=WebGPU'],
      ],
    ])(
      'on %s the compact convnet has the probabilities and gradients of cpu in Node, within 1e-4',
      async (backend, flags) => {
        await tf.setBackend('cpu');
        const expected = await convnetNumbers();
        const result = (await runInChromium(chromium!, page, flags)) as Result;
        expect(result.error).toBeUndefined();
        expect([result.backend, result.isolated]).toEqual([backend, true]);
        for (const [name, values] of Object.entries(expected)) {
          if (name.includes('block') && name.endsWith('bias')) continue; // exactly zero, but for rounding
          const error = relativeError(Float32Array.from(result.numbers[name]), Float32Array.from(values));
          expect(error, name).toBeLessThan(1e-4);
        }
      },
    );
  },
);
