/** Text, names and weights of HDF5 files of unknown origin: nothing is believed before it is checked. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Dataset, Group, type Attribute } from 'h5wasm/node';
import { InputError } from '../../errors.ts';
import { innermostReason, withHdf5 } from '../../files/hdf5.ts';
import { tryHdf5 } from './tryHdf5.ts';

export interface KerasWeight {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** The file, and what has been asked of memory so far. */
export interface Reading {
  /** What messages call the file. */
  path: string;
  /** Bytes. */
  size: number;
  /** All values so far. */
  values: number;
  weights: number;
}

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]); // HDF5 file format 3.0, II.A
/** Of a text: the description of a model, or a list of names. */
export const maxTextBytes = 1 << 26;
const maxWeights = 100_000;
/** Values of all weights together: a gigabyte of float32. */
const maxValues = 1 << 28;
/** Deflate packs no more than this into a byte (zlib, "Maximum Expansion Factor"). */
const mostUnpacked = 1032;

export const saveAgain = 'Save the model again by model.save(...) of Keras.';

/** Whether a file starts as HDF5 files do. */
export async function isHdf5(path: string): Promise<boolean> {
  return (await readStart(path, signature.length)).equals(signature);
}

/** The first bytes of a file, as many as there are. */
export async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Opens an HDF5 file, after it was tried elsewhere, and reads it.
 *
 * @param label what messages call the file
 * @throws InputError if it is cut off or damaged, or `read` finds it so.
 */
export async function readHdf5<T>(
  path: string,
  { label, size }: { label: string; size: number },
  read: (root: Group, reading: Reading) => T,
): Promise<T> {
  const end = await tryHdf5(resolve(path));
  if (end !== undefined) {
    throw new InputError(`${label}: damaged: the HDF5 library ${end} on it. Copy it again.`);
  }
  try {
    const reading = { path: label, size, values: 0, weights: 0 };
    return await withHdf5(path, 'r', (root) => read(root, reading));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [reason] = innermostReason((error as Error).message).split('\n');
    throw new InputError(`${label}: cut off or damaged HDF5 (${reason.slice(0, 200)}). Copy it again.`);
  }
}

/** @throws InputError if it is missing, of another type, or larger than the file can hold. */
export function readWeight(group: Group, name: string, reading: Reading): KerasWeight {
  const { path, size } = reading;
  if (++reading.weights > maxWeights) throw new InputError(`${path}: has too many weights.`);
  const where = `${path}: weight ${name}`;
  const dataset = member(group, name, reading);
  if (!(dataset instanceof Dataset)) throw new InputError(`${where} is missing. ${saveAgain}`);
  const { shape, metadata } = dataset;
  if (shape?.length === 0 && typeof dataset.dtype === 'string' && /^[<>]?[bBhHiIqQlL]$/.test(dataset.dtype)) {
    return { name, shape, values: Float32Array.of(Number(dataset.value)) }; // a count, as Normalization has one
  }
  const isFloat = typeof dataset.dtype === 'string' && /^[<>]?[fd]/.test(dataset.dtype);
  if (shape === null || !isFloat || (metadata.size !== 4 && metadata.size !== 8)) {
    throw new InputError(`${where} is not of type float32 or float64. ${saveAgain}`);
  }
  if (metadata.virtual_sources !== undefined) {
    throw new InputError(`${where} lies in another file, which is not followed. ${saveAgain}`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  reading.values += count;
  const packed = dataset.filters.length > 0 ? mostUnpacked : 1;
  if (!(reading.values <= maxValues && count * metadata.size <= size * packed)) {
    throw new InputError(
      `${where}: shape [${shape.join(', ')}] is more than a file of ${size} bytes can hold, or than is read.`,
    );
  }
  const values = count === 0 ? new Float32Array(0) : dataset.value;
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    if (count === 1 && typeof values === 'number') return { name, shape, values: Float32Array.of(values) };
    throw new InputError(`${where} is not an array of numbers. ${saveAgain}`);
  }
  return { name, shape, values: Float32Array.from(values) };
}

/** What a path of names leads to, step by step, so that no link to another file is followed on the way. */
export function member(group: Group, path: string, { path: file }: Reading): unknown {
  let at: unknown = group;
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (!(at instanceof Group) || name === '.' || name === '..' || !at.keys().includes(name))
      return undefined;
    const full = `${at.path}/${name}`;
    if ((at.get_external_link(full) as { filename?: string } | null)?.filename !== undefined) {
      throw new InputError(`${file}: ${full} lies in another file, which is not followed. ${saveAgain}`);
    }
    at = at.get(name);
  }
  return at;
}

/** A list of names; Keras cuts long ones into `NAME0`, `NAME1`, … */
export function readNames(group: Group, attribute: string, reading: Reading): string[] | undefined {
  const whole = readStrings(group, attribute, reading);
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  for (let part = 0; ; part++) {
    const names = readStrings(group, `${attribute}${part}`, reading);
    if (names === undefined) return part === 0 ? undefined : parts;
    parts.push(...names);
  }
}

export function readText(group: Group, attribute: string, reading: Reading): string | undefined {
  return readStrings(group, attribute, reading)?.[0];
}

function readStrings(group: Group, name: string, { path }: Reading): string[] | undefined {
  const attribute = (group.attrs as Record<string, Attribute | undefined>)[name];
  if (attribute === undefined) return undefined;
  const { metadata } = attribute;
  if (!(metadata.size * metadata.total_size <= maxTextBytes)) {
    throw new InputError(`${path}: attribute ${name} is too large. ${saveAgain}`);
  }
  if (metadata.total_size === 0) return []; // h5py writes no names as float64 [0]
  const { value } = attribute;
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string')) {
    throw new InputError(`${path}: attribute ${name} is not text. ${saveAgain}`);
  }
  return list;
}
