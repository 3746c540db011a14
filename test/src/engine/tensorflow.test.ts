import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { useEngineOf } from '../../../src/engine/engine.ts';
import { tensorflowDriver } from '../../../src/engine/tensorflow.ts';
import { type FakeProject, makeFakeProject, workingPackage } from './fakeProject.ts';

const GPU = '@tensorflow/tfjs-node-gpu';
const CPU = '@tensorflow/tfjs-node';
const BINARY = { 'lib/napi-v8/tfjs_binding.node': 'not a real one' };

let project: FakeProject;
beforeEach(() => {
  project = makeFakeProject();
});
afterEach(() => project.remove());

const probe = (timeoutSeconds = 20) => tensorflowDriver({ root: project.root, timeoutSeconds }).probe();

async function failure(timeoutSeconds?: number): Promise<{ reason: string; remedy: string }> {
  const result = await probe(timeoutSeconds);
  if (result.available) throw new Error('the engine is available');
  expect(`${result.reason}${result.remedy}`).not.toContain('\n');
  return result;
}

function linkTfjs(): void {
  project.link('@tensorflow/tfjs');
  project.link('@tensorflow/tfjs-backend-cpu');
}

test('without either package tensorflow is not installed, and the way out names linking and both', async () => {
  expect(await failure()).toEqual({
    available: false,
    reason: 'is not installed',
    remedy:
      'npm run link-tensorflow (takes the TensorFlow 2 of a Python), or npm install ' +
      '@tensorflow/tfjs-node-gpu@4.22.0 (NVIDIA GPU with CUDA 11.2), or @tensorflow/tfjs-node@4.22.0',
  });
});

test('a package whose download did not finish is reported as without its binary', async () => {
  project.install(GPU, '4.22.0', "throw new Error('must not be loaded')");
  const { reason, remedy } = await failure();
  expect(reason).toBe(
    'is installed without its binary: @tensorflow/tfjs-node-gpu 4.22.0 has no tfjs_binding.node',
  );
  expect(remedy).toContain('npm rebuild @tensorflow/tfjs-node-gpu');
});

test('the same told by the package itself is told in the same words', async () => {
  linkTfjs();
  const message =
    'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \\nPlease run command';
  project.install(CPU, '4.22.0', `throw new Error('${message}')`, BINARY);
  expect((await failure()).reason).toContain('is installed without its binary');
});

test('a missing CUDA library is named, with CUDA and the processor as ways out', async () => {
  linkTfjs();
  const message = 'libcudart.so.11.0: cannot open shared object file: No such file or directory';
  project.install(
    GPU,
    '4.22.0',
    `throw Object.assign(new Error('${message}'), { code: 'ERR_DLOPEN_FAILED' })`,
    BINARY,
  );
  const { reason, remedy } = await failure();
  expect(reason).toContain('misses the CUDA library libcudart.so.11.0');
  expect(remedy).toMatch(/install CUDA 11\.2 .* npm install @tensorflow\/tfjs-node@4\.22\.0/);
});

test('another missing shared library is named', async () => {
  linkTfjs();
  const message = 'libtensorflow.so.2: cannot open shared object file: No such file or directory';
  project.install(CPU, '4.22.0', `throw new Error('${message}')`, BINARY);
  expect((await failure()).reason).toContain('misses the shared library libtensorflow.so.2');
});

test('a file that is no addon is reported with the loader’s first line', async () => {
  linkTfjs();
  project.install(CPU, '4.22.0', "require('./lib/napi-v8/tfjs_binding.node')", BINARY);
  expect((await failure()).reason).toMatch(
    /does not load: @tensorflow\/tfjs-node 4\.22\.0: .*tfjs_binding\.node/,
  );
});

test('a crash while loading is caught in another process', async () => {
  linkTfjs();
  project.install(CPU, '4.22.0', "process.kill(process.pid, 'SIGSEGV'); for (;;);", BINARY);
  expect((await failure()).reason).toBe('does not load: @tensorflow/tfjs-node 4.22.0 crashed (SIGSEGV)');
});

test('an illegal instruction is explained by the processor', async () => {
  linkTfjs();
  project.install(CPU, '4.22.0', "process.kill(process.pid, 'SIGILL'); for (;;);", BINARY);
  expect((await failure()).remedy).toContain('needs a processor with AVX');
});

test('a package that hangs while loading is given up', async () => {
  linkTfjs();
  project.install(CPU, '4.22.0', 'for (;;);', BINARY);
  expect((await failure(1)).reason).toContain('gave no answer within 1 s');
});

test('a second copy of tfjs-core is refused, with its version and place', async () => {
  project.install('@tensorflow/tfjs', '3.21.0', '');
  project.install('@tensorflow/tfjs-core', '3.21.0', '');
  project.install(CPU, '3.21.0', "throw new Error('must not be loaded')", BINARY);
  const { reason, remedy } = await failure();
  expect(reason).toContain('tfjs-core, 3.21.0 in ');
  expect(reason).toContain('beside the 4.22.0 in use');
  expect(remedy).toContain('npm install @tensorflow/tfjs-node@4.22.0');
});

test('a package that loads is described and computes, also on a Node without the two util functions', async () => {
  linkTfjs();
  project.install(CPU, '4.22.0', workingPackage(false), BINARY);
  const strip = join(dirname(project.root), 'strip.cjs');
  writeFileSync(strip, "delete require('util').isNullOrUndefined; delete require('util').isArray;");
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  const { isNullOrUndefined, isArray } = util;
  process.env['NODE_OPTIONS'] = `--require "${strip}"`; // for the trial in a child process
  delete util['isNullOrUndefined'];
  delete util['isArray'];
  try {
    const driver = tensorflowDriver({ root: project.root });
    expect(await useEngineOf([driver], 'tensorflow')).toMatchObject({
      name: 'tensorflow',
      version: 'TensorFlow 2.9.1, tfjs-node 4.22.0',
      reason: 'native TensorFlow on the processor, spectrogram and first convolution on our SIMD kernels',
    });
    expect(tf.getBackend()).toBe('tensorflow');
    expect([...(await tf.add(tf.tensor1d([1, 2]), 1).data())]).toEqual([2, 3]);
  } finally {
    delete process.env['NODE_OPTIONS'];
    Object.assign(util, { isNullOrUndefined, isArray });
    await tf.setBackend('cpu');
    tf.removeBackend('tensorflow');
  }
});

test('the GPU package on a machine without a usable GPU says so', async () => {
  linkTfjs();
  project.install(GPU, '4.22.0', workingPackage(false), BINARY);
  const result = await probe();
  expect(result.available).toBe(true);
  expect(result.reason).toContain('tfjs-node-gpu found no GPU that it can use');
});

test('a broken GPU package gives way to the processor’s, and the user is told', async () => {
  linkTfjs();
  project.install(GPU, '4.22.0', '');
  project.install(CPU, '4.22.0', workingPackage(false), BINARY);
  const result = await probe();
  expect(result).toMatchObject({ available: true, version: 'TensorFlow 2.9.1, tfjs-node 4.22.0' });
  expect(result.reason).toContain('tfjs-node-gpu 4.22.0 has no tfjs_binding.node');
});
