import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { kernelModules, renderWasmBytes, wasmBytesFile } from './buildKernels.ts';

test.each(kernelModules)('the committed bytes of %s are what its sources compile to', async (module) => {
  expect(await readFile(wasmBytesFile(module), 'utf8')).toBe(await renderWasmBytes(module));
});
