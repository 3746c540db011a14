import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useEngineOf } from '../../../src/engine/engine.ts';
import { webgpuDriver } from '../../../src/engine/webgpu.ts';
import { type FakeProject, makeFakeProject } from './fakeProject.ts';

// Debian's chromium brings SwiftShader, Vulkan on the processor.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

let project: FakeProject;
beforeEach(() => {
  project = makeFakeProject();
});
afterEach(() => project.remove());

const probe = (timeoutSeconds = 20) => webgpuDriver({ root: project.root, timeoutSeconds }).probe();

/** A package webgpu whose requestAdapter has this body. */
function installDawn(requestAdapter: string): void {
  const create = `() => ({ requestAdapter: async () => { ${requestAdapter} } })`;
  project.install('webgpu', '0.6.2', `exports.create = ${create}; exports.globals = {};`);
}

const adapter = (info: object): string =>
  `return { requestDevice: async () => ({}), info: ${JSON.stringify(info)} };`;

test('without the package webgpu is not installed', async () => {
  expect(await probe()).toEqual({
    available: false,
    reason: 'is not installed',
    remedy: 'npm install webgpu@0.6.2',
  });
});

test('without an adapter the way out is a driver', async () => {
  installDawn('return null;');
  const result = await probe();
  expect(result).toMatchObject({ available: false, reason: 'found no GPU that it can use' });
});

test.each([
  ['throws', "throw new Error('no Vulkan\\\\nat line 7');", 'does not load: webgpu 0.6.2: no Vulkan'],
  ['crashes', 'process.abort();', 'does not load: webgpu 0.6.2: crashed (SIGABRT)'],
  ['hangs', 'for (;;);', 'does not load: webgpu 0.6.2: gave no answer within 1 s'],
  ['never answers', 'await new Promise(() => {});', 'does not load: webgpu 0.6.2: ended without an answer'],
])('a library that %s is reported in one line', async (_, body, reason) => {
  installDawn(body);
  const result = await probe(body === 'for (;;);' ? 1 : 20);
  expect(result.available).toBe(false);
  expect(result.reason.startsWith(reason)).toBe(true);
  expect(result.reason).not.toContain('\n');
});

test('a hardware adapter is named by its description', async () => {
  installDawn(adapter({ vendor: 'nvidia', architecture: 'hopper', device: '', description: 'NVIDIA H200' }));
  expect(await probe()).toMatchObject({ available: true, device: 'NVIDIA H200', software: false });
});

test.each([
  { vendor: 'google', architecture: 'swiftshader', device: '', description: '', isFallbackAdapter: true },
  { vendor: 'mesa', architecture: '', device: 'llvmpipe (LLVM 15.0.6, 256 bits)', description: '' },
])('an adapter of $vendor on the processor is marked as software', async (info) => {
  installDawn(adapter(info));
  expect(await probe()).toMatchObject({ available: true, software: true });
});

describe.skipIf(!existsSync(SWIFTSHADER))(
  'with SwiftShader (skipped where chromium is not installed)',
  () => {
    beforeEach(async () => {
      process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
      process.env['XDG_RUNTIME_DIR'] ??= tmpdir(); // or Mesa's Vulkan layer complains on stderr
      await useEngineOf([webgpuDriver()], 'webgpu');
    });
    afterEach(() => {
      tf.removeBackend('webgpu');
    });

    test('webgpu computes a convolution’s gradients, and leaves no navigator behind', async () => {
      const image = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      const filter = tf.tensor4d([5, 6, 7, 8], [2, 2, 1, 1]);
      const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
        tf.sum(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'));
      const [byImage, byFilter] = tf.grads(convolve)([image, filter]);
      expect([...(await byImage.data())]).toEqual([5, 6, 7, 8]);
      expect([...(await byFilter.data())]).toEqual([1, 2, 3, 4]);
      expect(typeof navigator === 'undefined' || !('gpu' in navigator)).toBe(true);
    });

    test('a synchronous read says what to do instead', () => {
      const product = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]));
      expect(() => product.dataSync()).toThrow('use await tensor.data()');
    });

    test('a shader that does not compile throws at once and in every later read; a new start mends it', async () => {
      const backend = tf.backend() as unknown as { runWebGPUProgram: (...args: unknown[]) => tf.TensorInfo };
      const program = {
        variableNames: ['x'],
        workgroupSize: [64, 1, 1],
        outputShape: [4],
        dispatchLayout: { x: [0] },
        dispatch: [1, 1, 1],
        shaderKey: 'broken',
        getUserCode: () => 'fn main(index : i32) { this is no WGSL; }',
      };
      const product = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]));
      const input = tf.tensor1d([1, 2, 3, 4]);
      expect(() => backend.runWebGPUProgram(program, [input], 'float32')).toThrow(/webgpu failed.*WGSL/s);
      await expect(product.data()).rejects.toThrow('webgpu failed');
      await useEngineOf([webgpuDriver()], 'webgpu');
      const again = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]));
      expect((await again.data())[0]).toBe(64);
    });
  },
);
