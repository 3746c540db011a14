/** `.keras` archives of Keras 2.12 and later: a ZIP of the model's description and an HDF5 file of its weights. */
import { mkdtemp, readFile, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackArchive } from '../../archives/unpackArchive.ts';
import { InputError } from '../../errors.ts';
import { readArchivedWeights } from './archivedWeights.ts';
import { isHdf5, maxTextBytes, readHdf5, readStart, saveAgain } from './checkedHdf5.ts';
import type { KerasFile } from './kerasFile.ts';

/** Of the archive unpacked: a gigabyte of weights with what an optimizer keeps of each. */
const maxBytes = 4e9;
const maxMembers = 1000;

/** Whether a file starts as ZIP archives do (APPNOTE 6.3.10, 4.3.7 and 4.3.16). */
export async function isKerasArchive(path: string): Promise<boolean> {
  return ['504b0304', '504b0506'].includes((await readStart(path, 4)).toString('hex'));
}

/**
 * Reads a `.keras` archive. It is unpacked into a temporary folder, which is removed; nothing in it is executed.
 *
 * @throws InputError if it is damaged, cut off, too large, lacks a member, or a member is not what it should be.
 */
export async function readKerasArchive(path: string): Promise<KerasFile> {
  const folder = await mkdtemp(join(tmpdir(), 'sonotag-keras-'));
  try {
    const { bavail, bsize } = await statfs(folder);
    const totalBytes = Math.min(maxBytes, bavail * bsize);
    await unpackArchive(path, folder, { members: maxMembers, memberBytes: maxBytes, totalBytes });
    const read = (name: string) => readJson(join(folder, name), `${path}: its ${name}`);
    const [config, { keras_version: kerasVersion }] = [
      await read('config.json'),
      await read('metadata.json'),
    ];
    if (typeof kerasVersion !== 'string') {
      throw new InputError(`${path}: its metadata.json does not say the version of Keras. ${saveAgain}`);
    }
    const [weights, label] = [join(folder, 'model.weights.h5'), `${path}: its model.weights.h5`];
    const size = await requireMember(weights, label);
    if (!(await isHdf5(weights))) throw new InputError(`${label} is not an HDF5 file. ${saveAgain}`);
    const stored = await readHdf5(weights, { label, size }, (root, reading) =>
      readArchivedWeights(root, config, reading),
    );
    return { config, kerasVersion, ...stored };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns bytes */
async function requireMember(file: string, label: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile()) return stats.size;
  throw new InputError(`${label} is missing: not a model that Keras saved as .keras. ${saveAgain}`);
}

async function readJson(file: string, label: string): Promise<Readonly<Record<string, unknown>>> {
  if ((await requireMember(file, label)) > maxTextBytes) throw new InputError(`${label} is too large.`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new InputError(`${label} is not JSON: damaged. ${saveAgain}`);
  }
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new InputError(`${label} is not an object of JSON. ${saveAgain}`);
}
