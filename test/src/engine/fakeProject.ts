/** A folder with packages of our own making in node_modules, to stand for what a user may have installed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const OUR_MODULES = resolve(import.meta.dirname, '../../../node_modules');

export interface FakeProject {
  /** A file in the folder, to look for packages from. */
  root: string;
  /** Writes package `name`: its version, its index.js, and further files by relative path. */
  install(name: string, version: string, index: string, files?: Record<string, string>): void;
  /** Makes one of our own packages visible, as npm's sharing of one copy does. */
  link(name: string): void;
  remove(): void;
}

export function makeFakeProject(): FakeProject {
  const folder = mkdtempSync(join(tmpdir(), 'sonotag-engine-'));
  return {
    root: join(folder, 'index.js'),
    install(name, version, index, files = {}) {
      const manifest = JSON.stringify({ name, version, main: 'index.js' });
      for (const [path, text] of Object.entries({ 'package.json': manifest, 'index.js': index, ...files })) {
        const target = join(folder, 'node_modules', name, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
    },
    link(name) {
      const target = join(folder, 'node_modules', name);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(OUR_MODULES, name), target, 'junction');
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The index.js of a tfjs-node that works: registers a backend as tfjs-node 4.22 does, with the plain JavaScript kernels in
 * place of TensorFlow's, and calls the two functions of Node's util that are gone from Node 23.
 */
export const workingPackage = (usesGpu: boolean, tensorflow = '2.9.1'): string => `
  const util = require('util');
  if (util.isNullOrUndefined(0) || !util.isArray([])) throw new Error('util is broken');
  const tf = require('@tensorflow/tfjs');
  const { MathBackendCPU } = require('@tensorflow/tfjs-backend-cpu');
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
  tf.registerBackend('tensorflow', () => Object.assign(new MathBackendCPU(), {
    isUsingGpuDevice: ${usesGpu}, binding: { TF_Version: '${tensorflow}' },
  }), 3);
  tf.setBackend('tensorflow');
  module.exports = tf;`;
