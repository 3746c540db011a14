/**
 * Engine `tensorflow`: native TensorFlow through a binding that link-tensorflow has built, or through tfjs-node-gpu or
 * tfjs-node; the first of them that loads. All are optional.
 */
import { createRequire } from 'node:module';
import type { EngineDriver, MissingEngine, Probe } from './driver.ts';
import { bindingFolder, bindingPackage, linkedFolder, readLinked } from './linkedTensorflow.ts';
import { findPackage, hasBinary, probePackage, type TensorflowPackage } from './tensorflowPackage.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', bindingPackage];

export interface TensorflowOptions {
  /** File or file URL from whose place the packages, and what is linked, are looked for. Default: this file. */
  root?: string;
  /** How long loading may take; a cold library of a gigabyte takes its time. Default 40. */
  timeoutSeconds?: number;
}

/** The driver; the options are for its tests. */
export function tensorflowDriver({ root, timeoutSeconds }: TensorflowOptions = {}): EngineDriver {
  return { name: 'tensorflow', probe: () => probe(root ?? import.meta.url, timeoutSeconds ?? 40) };
}

/** Whether a binding is there to be loaded: quick, and no promise that it loads. For tests. */
export function tensorflowIsThere(root: string = import.meta.url): boolean {
  return candidates(root).some(({ folder }) => hasBinary(folder));
}

async function probe(root: string, timeoutSeconds: number): Promise<Probe> {
  let fault: MissingEngine | undefined;
  for (const found of candidates(root)) {
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
      remedy:
        'npm run link-tensorflow (takes the TensorFlow 2 of a Python), or ' +
        `npm install @tensorflow/tfjs-node-gpu@${version} (NVIDIA GPU with CUDA 11.2), or @tensorflow/tfjs-node@${version}`,
    }
  );
}

/** What is linked comes first: somebody has asked for it. */
function candidates(root: string): TensorflowPackage[] {
  const installed = PACKAGES.map((name) => findPackage(name, createRequire(root)));
  return [findLinked(root), ...installed].filter((found) => found !== undefined);
}

function findLinked(root: string): TensorflowPackage | undefined {
  const folder = linkedFolder(root);
  const linked = folder === undefined ? undefined : readLinked(folder);
  if (folder === undefined || linked === undefined) return undefined;
  const found = findPackage(bindingFolder(folder), createRequire(root));
  return found && { ...found, name: bindingPackage, linked };
}
