/** What a file that Keras saved holds, as plain data: nothing in it is believed before it is checked. */
import { stat } from 'node:fs/promises';
import { Group } from 'h5wasm/node';
import { InputError } from '../../errors.ts';
import { isHdf5, member, readHdf5, readNames, readText, readWeight, saveAgain, type KerasWeight, type Reading } from './checkedHdf5.ts'; // prettier-ignore
import { isKerasArchive, readKerasArchive } from './kerasArchive.ts';

/** Weights of a model's layers. */
export interface KerasWeights {
  /** By layer, in the file's order. */
  layers: Map<string, KerasWeight[]>;
  /** Of models inside the model, by their names, where the file keeps them apart. */
  models?: Map<string, KerasWeights>;
}

export interface KerasFile extends KerasWeights {
  /** Description of the model; undefined in a file of weights alone. */
  config?: unknown;
  kerasVersion?: string;
  /** Which library's kernels these are: `'tensorflow'`, `'theano'`, …; undefined where the file is silent. */
  backend?: string;
}

const maxLayers = 10_000;

/** Whether a file starts as those do that Keras saves: HDF5, or a `.keras` archive. */
export async function isKerasFile(path: string): Promise<boolean> {
  return (await isHdf5(path)) || (await isKerasArchive(path));
}

/**
 * Reads a whole model (`model.save`) of Keras 2 or 3, HDF5 or `.keras` archive, or weights alone
 * (`model.save_weights`) of Keras 1 or 2.
 *
 * Shapes are compared with the file's size before memory is taken. Links to other files are refused.
 *
 * @throws InputError if it is neither, cut off, damaged, or not written by Keras.
 */
export async function readKerasFile(path: string): Promise<KerasFile> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) throw new InputError(`${path}: no such file.`);
  if (await isKerasArchive(path)) return readKerasArchive(path);
  if (!(await isHdf5(path))) {
    throw new InputError(
      `${path}: not an HDF5 file or .keras archive. Give a model that Keras saved as .keras, .h5 or .hdf5.`,
    );
  }
  return readHdf5(path, { label: path, size: stats.size }, readRoot);
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
  return names.map((name) => readWeight(group, name, reading));
}
