/** Features of every layer of a tagger in one HDF5 file, with all that is needed to know what they are. */
import type { Dataset as Hdf5Dataset } from 'h5wasm/node';
import { withHdf5, type Hdf5File } from '../files/hdf5.ts';
import type { Dataset } from '../../datasets/index.ts';
import type { TaggerInfo } from '../models/taggerInfo.ts';
import type { Windows } from '../models/windows.ts';
import type { FeatureLayer, ShortClips } from './extractFeatures.ts';

/** What a feature file says about itself. */
export interface FeatureFileHead {
  layers: FeatureLayer[];
  info: TaggerInfo;
  windows: Windows;
  shortClips: ShortClips;
  /** Name of the data set, and SHA-256 over its clips' ids and parts. */
  source: string;
  splitHash: string;
  engine: string;
}

const format = 'sonotag features';

/** Rows that a piece of the file holds, and that are written at a time. */
export const rowsAtATime = 256;

/**
 * Starts a file without rows: a dataset `layer0`, `layer1`, … `[clips, units]` float32 for each layer, and
 * as attributes what the features were made from. Attributes that are not plain are JSON.
 */
export async function createFeatureFile(path: string, head: FeatureFileHead): Promise<void> {
  const { layers, info, ...rest } = head;
  const { sampleRate, samples, weightsHash, batchNorm, licence, madeBy } = info;
  await withHdf5(path, 'w', (file) => {
    const attributes = {
      format,
      formatVersion: 1,
      ...rest,
      sampleRate,
      samples,
      frontEnd: JSON.stringify(info.frontEnd),
      decibel: JSON.stringify(info.decibel),
      batchNorm,
      modelTags: JSON.stringify(info.tags),
      weightsHash,
      licence,
      madeBy,
    };
    for (const [name, value] of Object.entries(attributes)) file.create_attribute(name, value);
    for (const { index, name, units } of layers) {
      const dataset = file.create_dataset({
        name: `layer${index}`,
        data: new Float32Array(0),
        shape: [0, units],
        maxshape: [null, units],
        chunks: [rowsAtATime, units],
        dtype: '<f4',
      });
      dataset.create_attribute('layer', name);
      dataset.create_attribute('pooling', 'mean over frames and bins');
      dataset.create_attribute(
        'units',
        Array.from({ length: units }, (_, unit) => `${name}/${unit}`),
      );
    }
    file.flush();
  });
}

/** Appends rows, each the layers' features one after the other. */
export async function appendFeatureRows(
  path: string,
  layers: FeatureLayer[],
  rows: Float32Array[],
): Promise<void> {
  await withHdf5(path, 'a', (file) => {
    let column = 0;
    for (const { index, units } of layers) {
      const values = new Float32Array(rows.length * units);
      rows.forEach((row, i) => values.set(row.subarray(column, column + units), i * units));
      const dataset = file.get(`layer${index}`) as Hdf5Dataset;
      const [start] = dataset.shape!;
      dataset.resize([start + rows.length, units]);
      dataset.write_slice([[start, start + rows.length], []], values);
      column += units;
    }
    file.flush();
  });
}

/**
 * Adds what belongs to the rows: `ids`, and where the data set has them `labels` (0 or 1, `[clips, tags]`), their
 * `tags`, and `splits` (empty where none is fixed).
 */
export async function finishFeatureFile(path: string, { clips, tags }: Dataset): Promise<void> {
  await withHdf5(path, 'a', (file) => {
    writeStrings(
      file,
      'ids',
      clips.map(({ id }) => id),
    );
    if (tags.length > 0) {
      writeStrings(file, 'tags', tags);
      const column = new Map(tags.map((tag, index) => [tag, index]));
      const labels = new Uint8Array(clips.length * tags.length);
      clips.forEach((clip, row) => {
        for (const label of clip.labels) labels[row * tags.length + column.get(label)!] = 1;
      });
      file.create_dataset({ name: 'labels', data: labels, shape: [clips.length, tags.length] });
    }
    if (clips.some(({ split }) => split !== undefined)) {
      writeStrings(
        file,
        'splits',
        clips.map(({ split }) => split ?? ''),
      );
    }
    file.flush();
  });
}

/** Whether a file that is there is one of ours, of any version. */
export async function isFeatureFile(path: string): Promise<boolean> {
  try {
    return await withHdf5(path, 'r', (file) => file.attrs.format?.value === format);
  } catch {
    return false; // not HDF5
  }
}

/** Of any length, UTF-8; written whole, since h5wasm 0.10.3 cannot append to them. */
function writeStrings(file: Hdf5File, name: string, data: string[]): void {
  file.create_dataset({ name, data, shape: [data.length], dtype: 'S' });
}
