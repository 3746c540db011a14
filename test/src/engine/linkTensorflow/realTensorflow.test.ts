/** The real thing, where python3 has a TensorFlow, or one is linked already, and there is a compiler. */
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findTensorflow } from '../../../../src/engine/linkTensorflow/findTensorflow.ts';
import { linkTensorflow } from '../../../../src/engine/linkTensorflow/linkTensorflow.ts';
import { runProgram } from '../../../../src/engine/linkTensorflow/runProgram.ts';
import { linkedFolder, readLinked } from '../../../../src/engine/linkedTensorflow.ts';
import { tensorflowDriver } from '../../../../src/engine/tensorflow.ts';
import { makeFakeProject } from '../fakeProject.ts';

const here = linkedFolder(import.meta.url)!;
const { env, platform } = process;
const ofPython = await findTensorflow(undefined, { env, platform }).catch(() => undefined);
const source = readLinked(here)?.source ?? ofPython?.folder;
const compiler = await runProgram(env['CXX'] ?? 'c++', ['--version'], { env, timeoutSeconds: 30 });

const project = makeFakeProject();
afterAll(() => project.remove(), 60_000); // thousands of files

const available = source !== undefined && existsSync(source) && compiler.code === 0;
test.skipIf(!available)(
  'a TensorFlow of this machine is linked and computes (needs TensorFlow in python3, and c++)',
  async () => {
    writeFileSync(join(dirname(project.root), 'package.json'), '{ "name": "project" }');
    for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) project.link(name);
    // What npm has brought once need not be fetched again.
    if (existsSync(here)) cpSync(here, join(dirname(project.root), '.tensorflow'), { recursive: true });
    const link = await linkTensorflow({ path: source, root: project.root });
    expect(link.version).toMatch(/^2\.\d+\.\d+/);
    const engine = await tensorflowDriver({ root: project.root }).probe();
    expect(engine).toMatchObject({
      available: true,
      version: `TensorFlow ${link.version}, tfjs-node 4.22.0`,
      reason: expect.stringContaining(`linked by link-tensorflow from ${link.source}`) as string,
    });
  },
  300_000,
);
