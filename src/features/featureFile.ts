/** Feature files: HDF5, one row a clip, with what the rows are and what they were made from. */
import type { Dataset as Hdf5Dataset } from 'h5wasm/node';
import type { Clip } from '../../datasets/index.ts';
import { InputError } from '../errors.ts';
import { withHdf5, type Hdf5File } from '../files/hdf5.ts';
import type { FeaturePart } from './featureExtractor.ts';

/** What a feature file says about itself. */
export interface FeatureFileHead {
  parts: FeaturePart[];
  /** What the features were made from; see `FeatureExtractor`. */
  provenance: Record<string, string | number>;
}

/** What belongs to the rows of a feature file, in their order. */
export interface FeatureRowsInfo {
  ids: string[];
  /** Empty where the clips have no labels. */
  tags: string[];
  /** 0 or 1, `[clips, tags]`. */
  labels: Uint8Array;
  /** `train`, `valid`, `test`, or empty; undefined where no clip has one. */
  splits?: string[];
}

const format = 'sonotag features';
const formatVersion = 1;

/** Rows that a piece of the file holds, and that are written or read at a time. */
export const rowsAtATime = 256;

/**
 * Starts a file without rows: for each part a dataset, such as `layer0`, `[clips, units]` float32, and the provenance as
 * attributes.
 */
export async function createFeatureFile(path: string, { parts, provenance }: FeatureFileHead): Promise<void> {
  await withHdf5(path, 'w', (file) => {
    for (const [name, value] of Object.entries({ format, formatVersion, ...provenance })) {
      file.create_attribute(name, value);
    }
    const order = parts.map(({ dataset }) => dataset); // HDF5 lists datasets by name
    file.create_attribute('parts', order);
    for (const { dataset, layer, pooling, units } of parts) {
      const rows = file.create_dataset({
        name: dataset,
        data: new Float32Array(0),
        shape: [0, units.length],
        maxshape: [null, units.length],
        chunks: [rowsAtATime, units.length],
        dtype: '<f4',
      });
      rows.create_attribute('layer', layer);
      rows.create_attribute('pooling', pooling);
      rows.create_attribute('units', units);
    }
    file.flush();
  });
}

/** Appends rows, each its parts one after the other, some at a time. */
export async function appendFeatureRows(
  path: string,
  parts: readonly FeaturePart[],
  rows: Iterable<Float32Array>,
): Promise<void> {
  await withHdf5(path, 'a', (file) => {
    let block: Float32Array[] = [];
    for (const row of rows) {
      if (block.push(row) < rowsAtATime) continue;
      appendBlock(file, parts, block);
      block = [];
    }
    if (block.length > 0) appendBlock(file, parts, block);
    file.flush();
  });
}

function appendBlock(file: Hdf5File, parts: readonly FeaturePart[], rows: Float32Array[]): void {
  let column = 0;
  for (const { dataset: name, units } of parts) {
    const values = new Float32Array(rows.length * units.length);
    rows.forEach((row, i) => values.set(row.subarray(column, column + units.length), i * units.length));
    const dataset = file.get(name) as Hdf5Dataset;
    const [start] = dataset.shape!;
    dataset.resize([start + rows.length, units.length]);
    dataset.write_slice([[start, start + rows.length], []], values);
    column += units.length;
  }
}

/**
 * Adds what belongs to the rows: `ids`, and where the data set has them `labels` (0 or 1, 255 where it is unknown,
 * `[clips, tags]`), their `tags`, and `splits` (empty where none is fixed).
 */
export async function finishFeatureFile(path: string, info: FeatureRowsInfo): Promise<void> {
  await withHdf5(path, 'a', (file) => {
    writeStrings(file, 'ids', info.ids);
    if (info.tags.length > 0) {
      writeStrings(file, 'tags', info.tags);
      file.create_dataset({
        name: 'labels',
        data: info.labels,
        shape: [info.ids.length, info.tags.length],
      });
    }
    if (info.splits) writeStrings(file, 'splits', info.splits);
    file.flush();
  });
}

/** Stands in `labels` where nobody knows whether the tag applies. */
const unknownLabel = 255;

/** What belongs to the rows of these clips. */
export function describeRows(clips: readonly Clip[], tags: readonly string[]): FeatureRowsInfo {
  const column = new Map(tags.map((tag, index) => [tag, index]));
  const labels = new Uint8Array(clips.length * tags.length);
  clips.forEach((clip, row) => {
    for (const label of clip.labels) labels[row * tags.length + column.get(label)!] = 1;
    for (const tag of clip.unknown ?? []) labels[row * tags.length + column.get(tag)!] = unknownLabel;
  });
  return {
    ids: clips.map(({ id }) => id),
    tags: [...tags],
    labels,
    splits: clips.some(({ split }) => split !== undefined)
      ? clips.map(({ split }) => split ?? '')
      : undefined,
  };
}

/** Whether a file that is there is one of ours, of any version. */
export async function isFeatureFile(path: string): Promise<boolean> {
  try {
    return await withHdf5(path, 'r', (file) => file.attrs.format?.value === format);
  } catch {
    return false; // not HDF5
  }
}

/** A feature file without its rows, which `readFeatureRows` reads a part at a time. */
export type OpenedFeatures = FeatureFileHead & FeatureRowsInfo;

/**
 * Reads what a feature file is, and what belongs to its rows.
 *
 * @throws InputError if the file is missing, not a feature file, of a newer version, or damaged.
 * @example const { ids, parts } = await openFeatures('features.h5')
 */
export async function openFeatures(path: string): Promise<OpenedFeatures> {
  if (!(await isFeatureFile(path))) {
    throw new InputError(`${path}: not a feature file. Make one with "sonotag features".`);
  }
  return withHdf5(path, 'r', (file) => {
    const { formatVersion: version, parts: order, ...others } = file.attrs;
    if (Number(version?.value) !== formatVersion) {
      throw new InputError(
        `${path}: a feature file of version ${String(version?.value)}, version ${formatVersion} is read here. ` +
          'Write it anew, or use the sonotag that wrote it.',
      );
    }
    const ids = readStrings(file, 'ids') ?? [];
    const tags = readStrings(file, 'tags') ?? [];
    const splits = readStrings(file, 'splits');
    const labels =
      tags.length > 0 ? ((file.get('labels') as Hdf5Dataset).value as Uint8Array) : new Uint8Array(0);
    const names = (order?.value ?? []) as string[];
    const parts = names.map((name) => readPart(path, file, name, ids.length));
    return { parts, provenance: plainValues(others), ids, tags, labels, splits };
  });
}

/** Rows `first` (included) to `end` (excluded) of one part, row-major `[rows, units]`. */
export async function readFeatureRows(
  path: string,
  dataset: string,
  first: number,
  end: number,
): Promise<Float32Array> {
  return withHdf5(path, 'r', (file) => {
    return (file.get(dataset) as Hdf5Dataset).slice([[first, end], []]) as Float32Array;
  });
}

function readPart(path: string, file: Hdf5File, name: string, rows: number): FeaturePart {
  const { shape, attrs } = (file.get(name) ?? { shape: null, attrs: {} }) as Hdf5Dataset;
  const units = attrs.units?.value as string[] | undefined;
  if (shape?.[0] !== rows || shape[1] !== units?.length) {
    throw new InputError(
      `${path}: "${name}" has shape [${shape?.join(', ')}] beside ${rows} ids: the file is damaged. Write it anew.`,
    );
  }
  return {
    dataset: name,
    layer: String(attrs.layer?.value),
    pooling: String(attrs.pooling?.value),
    units: units!,
  };
}

function readStrings(file: Hdf5File, name: string): string[] | undefined {
  return (file.get(name) as Hdf5Dataset | null)?.value as string[] | undefined;
}

/** Attributes but the format's own; h5wasm gives 64-bit integers as bigint. */
function plainValues(attributes: Hdf5File['attrs']): Record<string, string | number> {
  const entries = Object.entries(attributes)
    .filter(([name]) => name !== 'format')
    .map(([name, { value }]) => [name, typeof value === 'bigint' ? Number(value) : value]);
  return Object.fromEntries(entries) as Record<string, string | number>;
}

/** Of any length, UTF-8; written whole, since h5wasm 0.10.3 cannot append to them. */
function writeStrings(file: Hdf5File, name: string, data: string[]): void {
  file.create_dataset({ name, data, shape: [data.length], dtype: 'S' });
}
