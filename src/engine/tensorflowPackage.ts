/** A tfjs-node package on disk: found, tried in a child process, loaded. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import type { MissingEngine, Probe } from './driver.ts';
import { explainTensorflowError } from './explainTensorflowError.ts';
import { hostProcessor } from './hostProcessor.ts';
import { describeDevice, type LinkedTensorflow } from './linkedTensorflow.ts';
import { runInChild } from './runInChild.ts';

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
export interface TensorflowPackage {
  name: string;
  version: string;
  folder: string;
  /** Set if its binding was built by link-tensorflow. */
  linked?: LinkedTensorflow;
}

/** What the trial of a package found out. */
interface Trial {
  gpu: boolean;
  /** TensorFlow's own. */
  version: string;
}

/** Looks for an installed package from where `require` looks. */
export function findPackage(name: string, require: NodeJS.Require): TensorflowPackage | undefined {
  try {
    const path = realpathSync(require.resolve(`${name}/package.json`));
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    return { name, version, folder: dirname(path) };
  } catch {
    return undefined;
  }
}

/** Loads the package and computes with it in a child process. Never throws. */
export async function tryPackage(
  found: TensorflowPackage,
  timeoutSeconds: number,
): Promise<Trial | MissingEngine> {
  if (!hasBinary(found.folder)) return explainTensorflowError(found, 'tfjs_binding.node can not be found');
  const mismatch = findCoreMismatch(found);
  if (mismatch !== undefined) return mismatch;
  const env = { ...ENVIRONMENT, ...process.env } as Record<string, string>;
  const result = await runInChild(TRIAL, { args: [found.folder], timeoutSeconds, env });
  return result.kind === 'value' ? (result.value as Trial) : explainTensorflowError(found, result.message);
}

/** What the driver reports of the package. Never throws. */
export async function probePackage(found: TensorflowPackage, timeoutSeconds: number): Promise<Probe> {
  const trial = await tryPackage(found, timeoutSeconds);
  if ('reason' in trial) return trial;
  const { gpu, version } = trial;
  return {
    available: true,
    device: gpu ? nvidiaName() : hostProcessor(),
    version: `TensorFlow ${version}, ${found.name.replace('@tensorflow/', '')} ${found.version}`,
    reason: `native TensorFlow on the ${gpu ? 'GPU' : 'processor, spectrogram and first convolution on our SIMD kernels'}${remark(found, gpu)}`,
    prepare: async () => loadPackage(found),
  };
}

function remark({ name, linked }: TensorflowPackage, gpu: boolean): string {
  if (linked !== undefined) {
    return `, linked by link-tensorflow from ${linked.source} (${describeDevice(linked, gpu)})`;
  }
  return name.endsWith('-gpu') && !gpu
    ? '; tfjs-node-gpu found no GPU that it can use (it needs CUDA 11.2 and cuDNN 8.1)'
    : '';
}

/** Whether the native addon is there: lib/napi-v8/tfjs_binding.node in tfjs-node 4.22 on Node 20. */
export function hasBinary(folder: string): boolean {
  const lib = join(folder, 'lib');
  return existsSync(lib) && readdirSync(lib).some((api) => existsSync(join(lib, api, 'tfjs_binding.node')));
}

/**
 * tfjs-node registers its backend with the tfjs-core that its own @tensorflow/tfjs resolves to; with another copy
 * than ours, tensors and gradients of the two would mix.
 */
function findCoreMismatch(found: TensorflowPackage): MissingEngine | undefined {
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

function findCore(require: NodeJS.Require): TensorflowPackage | undefined {
  const union = findPackage('@tensorflow/tfjs', require);
  if (union === undefined) return undefined;
  return findPackage('@tensorflow/tfjs-core', createRequire(join(union.folder, 'package.json')));
}

/** Requires the package here, which registers its backend. A trial in a child process has succeeded before. */
function loadPackage(found: TensorflowPackage): void {
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
