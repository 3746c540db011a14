/** Features of clips from files: `.npy`, CSV, or a feature file of ours. */
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseCsv } from '../../datasets/csv.ts';
import { InputError } from '../errors.ts';
import { readNpy } from '../files/npy.ts';
import { readFeatureFile } from './readFeatureFile.ts';
import type { FeatureBlock, FeatureSet } from './transferTask.ts';

/**
 * Reads features, one row a clip.
 *
 * A folder has `<name>_layer_0.npy`, `<name>_layer_1.npy`, … and perhaps `<name>_mfcc.npy`; one `.npy` or one CSV (a
 * header, a column `id` if there is one, the others numbers) is one block, `layer0`; an HDF5 file is that of
 * `sonotag features`.
 *
 * @param name what the names of a folder's files begin with; undefined where there is only one
 * @throws InputError if there is nothing of the kind, or it is damaged.
 * @example await readFeatures('features', 'gtzan_genre')
 */
export async function readFeatures(path: string, name?: string): Promise<FeatureSet> {
  if (!existsSync(path)) {
    throw new InputError(
      `${path}: no such file or folder. Give a folder of .npy files, an .npy, a .csv or a feature file.`,
    );
  }
  if (statSync(path).isDirectory()) return readFolder(path, name);
  const extension = extname(path).toLowerCase();
  if (extension === '.npy') return asFeatures([await readBlock(path, 'layer0')]);
  if (extension === '.csv') return readCsv(path);
  if (['.h5', '.hdf5'].includes(extension)) return readFeatureFile(path);
  throw new InputError(
    `${path}: not a kind of file that holds features. Give an .npy, a .csv or an .h5 of sonotag features.`,
  );
}

async function readFolder(folder: string, wanted: string | undefined): Promise<FeatureSet> {
  const files = (await readdir(folder)).flatMap((file) => {
    const parts = /^(.+)_(?:layer_(\d+)|(mfcc))\.npy$/.exec(file);
    return parts
      ? [{ file, name: parts[1], block: parts[2] === undefined ? 'mfcc' : `layer${parts[2]}` }]
      : [];
  });
  const names = [...new Set(files.map(({ name }) => name))].sort();
  if (names.length === 0)
    throw new InputError(`${folder}: holds no NAME_layer_0.npy, … and no NAME_mfcc.npy.`);
  const name = wanted ?? names[0];
  if (wanted === undefined && names.length > 1) {
    throw new InputError(`${folder}: holds features of ${names.join(', ')}; pass --task-name to choose one.`);
  }
  const chosen = files.filter((file) => file.name === name);
  if (chosen.length === 0) {
    throw new InputError(
      `${folder}: holds no ${name}_layer_0.npy, …; there are files of ${names.join(', ')}.`,
    );
  }
  chosen.sort((a, b) => a.block.localeCompare(b.block, 'en', { numeric: true }));
  return asFeatures(await Promise.all(chosen.map(({ file, block }) => readBlock(join(folder, file), block))));
}

async function readBlock(path: string, name: string): Promise<FeatureBlock & { path: string }> {
  const { shape, values } = await readNpy(path);
  if (shape.length !== 2 || shape[0] === 0 || shape[1] === 0) {
    throw new InputError(`${path}: has shape [${shape.join(', ')}]; expected [clips, features].`);
  }
  return { path, name, columns: shape[1], values: Float64Array.from(values) };
}

function asFeatures(blocks: (FeatureBlock & { path: string })[]): FeatureSet {
  const rowsOf = ({ values, columns }: FeatureBlock) => values.length / columns;
  const rows = rowsOf(blocks[0]);
  const other = blocks.find((block) => rowsOf(block) !== rows);
  if (other) {
    throw new InputError(
      `${other.path}: has ${rowsOf(other)} rows, ${blocks[0].path} has ${rows}; expected the same clips in the same order.`,
    );
  }
  const plain = blocks.map(({ name, columns, values }) => ({ name, columns, values }));
  return { rows, blocks: plain, ids: null, labels: null, provenance: {} };
}

async function readCsv(path: string): Promise<FeatureSet> {
  const [header, ...records] = parseCsv(await readFile(path, 'utf8'), path);
  const idColumn = header?.fields.indexOf('id') ?? -1;
  const columns = (header?.fields.length ?? 0) - (idColumn === -1 ? 0 : 1);
  if (records.length === 0 || columns === 0) {
    throw new InputError(`${path}: holds no features; expected a header and a row of numbers a clip.`);
  }
  const values = new Float64Array(records.length * columns);
  records.forEach(({ line, fields }, row) => {
    const numbers = fields.filter((_, column) => column !== idColumn);
    if (fields.length !== header.fields.length) {
      throw new InputError(
        `${path} line ${line}: has ${fields.length} columns, the header ${header.fields.length}.`,
      );
    }
    numbers.forEach((text, column) => {
      const value = text.trim() === '' ? NaN : Number(text);
      if (!Number.isFinite(value)) {
        throw new InputError(
          `${path} line ${line}: ${JSON.stringify(text)} is not a number; expected one in every column but "id".`,
        );
      }
      values[row * columns + column] = value;
    });
  });
  const ids = idColumn === -1 ? null : records.map(({ fields }) => fields[idColumn]);
  return {
    rows: records.length,
    blocks: [{ name: 'layer0', columns, values }],
    ids,
    labels: null,
    provenance: {},
  };
}
