/** Engine `tensorflow`: native TensorFlow through tfjs-node-gpu or tfjs-node, whichever loads; both are optional. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import type { EngineDriver, MissingEngine, Probe } from './driver.ts';
import { explainTensorflowError } from './explainTensorflowError.ts';
import { hostProcessor } from './hostProcessor.ts';
import { runInChild } from './runInChild.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

// Silent but for fatal errors, and never the whole GPU's memory at once; what the user has set stays.
const ENVIRONMENT = { TF_CPP_MIN_LOG_LEVEL: '3', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };

// Loads the package in folder args[0] and computes, so that a library that only loads does not pass.
const TRIAL = `
  const util = require('node:util'); // see loadPackage
  util.isNullOrUndefined = (value) => value === null || value === undefined;
  util.isArray = Array.isArray;
  const tf = require(args[0]);
  const product = await tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).data();
  if (product[3] !== 3) throw new Error('it computes wrong products');
  const backend = tf.backend();
  return { gpu: Boolean(backend.isUsingGpuDevice), version: backend.binding?.TF_Version ?? 'of unknown version' };`;

/** An installed package. */
interface Package {
  name: string;
  version: string;
  folder: string;
}

export interface TensorflowOptions {
  /** File or file URL from whose place the packages are looked for. Default: this file. */
  root?: string;
  /** How long loading may take. Default 20. */
  timeoutSeconds?: number;
}

/** The driver; the options are for its tests. */
export function tensorflowDriver({ root, timeoutSeconds }: TensorflowOptions = {}): EngineDriver {
  return { name: 'tensorflow', probe: () => probe(root ?? import.meta.url, timeoutSeconds ?? 20) };
}

async function probe(root: string, timeoutSeconds: number): Promise<Probe> {
  let fault: MissingEngine | undefined;
  for (const name of PACKAGES) {
    const found = findPackage(name, createRequire(root));
    if (found === undefined) continue;
    const result = await probePackage(found, timeoutSeconds);
    if (result.available) {
      return fault === undefined ? result : { ...result, reason: `${result.reason}; ${fault.reason}` };
    }
    fault ??= result;
  }
  const { version } = findPackage('@tensorflow/tfjs', createRequire(import.meta.url))!;
  return (
    fault ?? {
      available: false,
      reason: 'is not installed',
      remedy: `npm install @tensorflow/tfjs-node-gpu@${version} (NVIDIA GPU with CUDA 11.2), or @tensorflow/tfjs-node@${version}`,
    }
  );
}

async function probePackage(found: Package, timeoutSeconds: number): Promise<Probe> {
  if (!hasBinary(found.folder)) return explainTensorflowError(found, 'tfjs_binding.node can not be found');
  const mismatch = findCoreMismatch(found);
  if (mismatch !== undefined) return mismatch;
  const env = { ...ENVIRONMENT, ...process.env } as Record<string, string>;
  const result = await runInChild(TRIAL, { args: [found.folder], timeoutSeconds, env });
  if (result.kind !== 'value') return explainTensorflowError(found, result.message);
  const { gpu, version } = result.value as { gpu: boolean; version: string };
  const forGpu = found.name.endsWith('-gpu');
  return {
    available: true,
    device: gpu ? nvidiaName() : hostProcessor(),
    version: `TensorFlow ${version}, ${found.name.replace('@tensorflow/', '')} ${found.version}`,
    reason: gpu
      ? 'native TensorFlow on the GPU'
      : `native TensorFlow on the processor${forGpu ? '; tfjs-node-gpu found no GPU that it can use (it needs CUDA 11.2 and cuDNN 8.1)' : ''}`,
    prepare: async () => loadPackage(found),
  };
}

function findPackage(name: string, require: NodeJS.Require): Package | undefined {
  try {
    const path = realpathSync(require.resolve(`${name}/package.json`));
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    return { name, version, folder: dirname(path) };
  } catch {
    return undefined;
  }
}

/** Whether the native addon is there: lib/napi-v8/tfjs_binding.node in tfjs-node 4.22 on Node 20. */
function hasBinary(folder: string): boolean {
  const lib = join(folder, 'lib');
  return existsSync(lib) && readdirSync(lib).some((api) => existsSync(join(lib, api, 'tfjs_binding.node')));
}

/**
 * tfjs-node registers its backend with the tfjs-core that its own @tensorflow/tfjs resolves to; with another copy
 * than ours, tensors and gradients of the two would mix.
 */
function findCoreMismatch(found: Package): MissingEngine | undefined {
  const ours = findCore(createRequire(import.meta.url))!;
  const theirs = findCore(createRequire(join(found.folder, 'package.json')));
  if (theirs?.folder === ours.folder) return undefined;
  if (theirs === undefined) return explainTensorflowError(found, "Cannot find module '@tensorflow/tfjs'");
  return {
    available: false,
    reason: `cannot be used: ${found.name} ${found.version} brings a copy of its own of tfjs-core, ${theirs.version} in ${theirs.folder}, beside the ${ours.version} in use`,
    remedy: `npm install ${found.name}@${ours.version}, then npm dedupe`,
  };
}

function findCore(require: NodeJS.Require): Package | undefined {
  const union = findPackage('@tensorflow/tfjs', require);
  if (union === undefined) return undefined;
  return findPackage('@tensorflow/tfjs-core', createRequire(join(union.folder, 'package.json')));
}

/** Requires the package here, which registers its backend. A trial in a child process has succeeded before. */
function loadPackage(found: Package): void {
  for (const [name, value] of Object.entries(ENVIRONMENT)) process.env[name] ??= value;
  const require = createRequire(import.meta.url);
  // tfjs-node 4.22 calls two functions of Node's util that warn from Node 22 and are gone from Node 23.
  Object.assign(require('node:util') as object, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  const { noDeprecation } = process;
  process.noDeprecation = true; // its dependencies use punycode and url.parse, which newer Nodes report on stderr
  try {
    require(found.folder);
  } catch (error) {
    const { reason, remedy } = explainTensorflowError(
      found,
      error instanceof Error ? error.message : String(error),
    );
    throw new InputError(`engine 'tensorflow' ${reason}: ${remedy}.`);
  } finally {
    process.noDeprecation = noDeprecation;
  }
}

/** The first NVIDIA GPU's name as the Linux driver states it. */
function nvidiaName(): string {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const text = readFileSync(join(folder, readdirSync(folder)[0], 'information'), 'utf8');
    return /^Model:\s*(.+)$/m.exec(text)?.[1].trim() ?? 'NVIDIA GPU';
  } catch {
    return 'NVIDIA GPU';
  }
}
