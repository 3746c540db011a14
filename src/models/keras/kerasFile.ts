/** What a Keras HDF5 file holds, as plain data: nothing in it is believed before it is checked. */
import { open, stat } from 'node:fs/promises';
import { Dataset, Group, type Attribute } from 'h5wasm/node';
import { InputError } from '../../errors.ts';
import { innermostReason, withHdf5 } from '../../files/hdf5.ts';

export interface KerasWeight {
  name: string;
  shape: number[];
  values: Float32Array;
}

export interface KerasFile {
  /** Parsed `model_config`; undefined in a file of weights alone. */
  config?: unknown;
  kerasVersion?: string;
  /** Which library's kernels these are: `'tensorflow'`, `'theano'`, …; undefined where the file is silent. */
  backend?: string;
  /** Weights by layer, in the file's order. */
  layers: Map<string, KerasWeight[]>;
}

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]); // HDF5 file format 3.0, II.A
const maxAttributeBytes = 1 << 26;
const maxLayers = 10_000;
const maxWeights = 100_000;
/** Values of all weights together: a gigabyte of float32. */
const maxValues = 1 << 28;
/** Deflate packs no more than this into a byte (zlib, "Maximum Expansion Factor"). */
const mostUnpacked = 1032;

/** Whether a file starts as HDF5 files do. */
export async function isHdf5(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(signature.length);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    return bytesRead === start.length && start.equals(signature);
  } finally {
    await file.close();
  }
}

/**
 * Reads a whole model (`model.save`) or weights alone (`model.save_weights`) of Keras 1 or 2.
 *
 * Shapes are compared with the file's size before memory is taken. Links to other files are refused.
 *
 * @throws InputError if it is not HDF5, cut off, damaged, or not written by Keras.
 */
export async function readKerasFile(path: string): Promise<KerasFile> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) throw new InputError(`${path}: no such file.`);
  if (!(await isHdf5(path))) {
    throw new InputError(`${path}: not an HDF5 file. Give a model that Keras saved as .h5 or .hdf5.`);
  }
  try {
    const reading = { path, size: stats.size, values: 0, weights: 0 };
    return await withHdf5(path, 'r', (root) => readRoot(root, reading));
  } catch (error) {
    if (error instanceof InputError) throw error;
    // h5wasm 0.10.3 aborts on some damage, and then on every file until the program starts again
    if (error instanceof WebAssembly.RuntimeError) {
      throw new InputError(
        `${path}: the HDF5 library ended on it, or on a damaged file before: start anew, and if it is this one, copy it again.`,
      );
    }
    const [reason] = innermostReason((error as Error).message).split('\n');
    throw new InputError(`${path}: cut off or damaged HDF5 (${reason.slice(0, 200)}). Copy it again.`);
  }
}

/** The file, and what has been asked of memory so far. */
interface Reading {
  path: string;
  size: number;
  values: number;
  weights: number;
}

function readRoot(root: Group, reading: Reading): KerasFile {
  const { path } = reading;
  const text = readText(root, 'model_config', reading);
  const holder = text === undefined ? root : member(root, 'model_weights', reading);
  if (!(holder instanceof Group)) throw new InputError(`${path}: holds no group model_weights. ${saveAgain}`);
  const names = readNames(holder, 'layer_names', reading);
  if (names === undefined) {
    throw new InputError(`${path}: was not written by Keras: it has no layer_names. ${saveAgain}`);
  }
  if (names.length > maxLayers) throw new InputError(`${path}: ${names.length} layers are too many.`);
  const layers = new Map<string, KerasWeight[]>();
  for (const name of names) layers.set(name, readLayer(holder, name, reading));
  const ofFile = (attribute: string) =>
    readText(root, attribute, reading) ?? readText(holder, attribute, reading);
  return {
    ...(text !== undefined && { config: parse(text, path) }),
    kerasVersion: ofFile('keras_version'),
    backend: ofFile('backend'),
    layers,
  };
}

const saveAgain = 'Save the model again by model.save(...) of Keras as .h5.';

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InputError(`${path}: its model_config is not JSON: damaged. ${saveAgain}`);
  }
}

function readLayer(holder: Group, layer: string, reading: Reading): KerasWeight[] {
  const group = member(holder, layer, reading);
  if (!(group instanceof Group))
    throw new InputError(`${reading.path}: holds no group ${layer}. ${saveAgain}`);
  const names = readNames(group, 'weight_names', reading) ?? [];
  reading.weights += names.length;
  if (reading.weights > maxWeights) throw new InputError(`${reading.path}: has too many weights.`);
  return names.map((name) => readWeight(group, name, reading));
}

function readWeight(group: Group, name: string, reading: Reading): KerasWeight {
  const { path, size } = reading;
  const where = `${path}: weight ${name}`;
  const dataset = member(group, name, reading);
  if (!(dataset instanceof Dataset)) throw new InputError(`${where} is missing. ${saveAgain}`);
  const { shape, metadata } = dataset;
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
function member(group: Group, path: string, { path: file }: Reading): unknown {
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
function readNames(group: Group, attribute: string, reading: Reading): string[] | undefined {
  const whole = readStrings(group, attribute, reading);
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  for (let part = 0; ; part++) {
    const names = readStrings(group, `${attribute}${part}`, reading);
    if (names === undefined) return part === 0 ? undefined : parts;
    parts.push(...names);
  }
}

function readText(group: Group, attribute: string, reading: Reading): string | undefined {
  return readStrings(group, attribute, reading)?.[0];
}

function readStrings(group: Group, name: string, { path }: Reading): string[] | undefined {
  const attribute = (group.attrs as Record<string, Attribute | undefined>)[name];
  if (attribute === undefined) return undefined;
  const { metadata } = attribute;
  if (!(metadata.size * metadata.total_size <= maxAttributeBytes)) {
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
