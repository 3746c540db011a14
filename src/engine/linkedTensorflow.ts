/** The TensorFlow that `npm run link-tensorflow` has linked: where it lies and what it is. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Holds a tfjs-node of its own. Beside node_modules, which `npm ci` empties; git does not see it. */
const FOLDER = '.tensorflow';
const MANIFEST = 'linked.json';

export const bindingPackage = '@tensorflow/tfjs-node';

const manifestSchema = z.object({
  /** For example '2.20.0'. */
  version: z.string(),
  /** Where the library was found. */
  source: z.string(),
  /** CUDA's version, 'CUDA' where only that much is known; null for a build without. */
  cuda: z.string().nullable(),
});

export type LinkedTensorflow = z.infer<typeof manifestSchema>;

/**
 * The folder for a program at `root`: in that program's own package, so that tfjs-node finds the same TF.js there.
 *
 * @param root file or file URL
 * @returns undefined outside a package
 */
export function linkedFolder(root: string): string | undefined {
  const file = root.startsWith('file:') ? fileURLToPath(root) : root;
  for (let folder = dirname(file); folder !== parse(folder).root; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, FOLDER);
  }
  return undefined;
}

/** Where in the folder the package with the binding lies. */
export function bindingFolder(folder: string): string {
  return join(folder, 'node_modules', ...bindingPackage.split('/'));
}

export function manifestPath(folder: string): string {
  return join(folder, MANIFEST);
}

/** Undefined where nothing is linked. A manifest is written last, so a folder with one is whole. */
export function readLinked(folder: string): LinkedTensorflow | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(manifestPath(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

/** 'CPU', or 'CUDA 12.5.1' if it computes on a GPU, or why it does not though it could. */
export function describeDevice({ cuda }: LinkedTensorflow, usesGpu: boolean): string {
  if (usesGpu) return cuda === null || cuda === 'CUDA' ? 'CUDA' : `CUDA ${cuda}`;
  if (cuda === null) return 'CPU';
  return `CPU: built for CUDA${cuda === 'CUDA' ? '' : ` ${cuda}`}, but it found no GPU that it can use`;
}
