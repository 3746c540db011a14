/** The feature file of `sonotag features`, read for transfer. */
import type { Dataset as Hdf5Dataset } from 'h5wasm/node';
import { InputError } from '../errors.ts';
import { innermostReason, withHdf5, type Hdf5File } from '../files/hdf5.ts';
import type { FeatureBlock, FeatureSet } from './transferTask.ts';

/** Values that are read at most, in all: 2 GB as float64. */
const maxValues = 250_000_000;

/** What of the file's attributes says what the features are. */
const provenanceNames = [
  'sampleRate',
  'samples',
  'windows',
  'shortClips',
  'source',
  'weightsHash',
  'batchNorm',
  'licence',
  'madeBy',
];

/**
 * @throws InputError if it is not a feature file, damaged, or has no rows.
 */
export async function readFeatureRows(path: string): Promise<FeatureSet> {
  try {
    return await withHdf5(path, 'r', (file) => readFile(file, path));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = innermostReason((error as Error).message);
    throw new InputError(`${path}: damaged, or not an HDF5 file (${reason}). Extract the features again.`);
  }
}

function readFile(file: Hdf5File, path: string): FeatureSet {
  if (file.attrs.format?.value !== 'sonotag features') {
    throw new InputError(`${path}: not a feature file; sonotag features makes one.`);
  }
  const names = file
    .keys()
    .filter((name) => /^(layer\d+|mfcc)$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const datasets = names.map((name) => ({ name, dataset: file.get(name) as Hdf5Dataset }));
  const rows = datasets[0]?.dataset.shape?.[0] ?? 0;
  const total = datasets.reduce(
    (sum, { dataset }) => sum + (dataset.shape ?? []).reduce((a, b) => a * b, 1),
    0,
  );
  if (
    rows === 0 ||
    total > maxValues ||
    datasets.some(({ dataset: { shape } }) => shape?.length !== 2 || shape[0] !== rows)
  ) {
    const shapes = datasets
      .map(({ name, dataset }) => `${name} [${dataset.shape?.join(', ') ?? ''}]`)
      .join(', ');
    throw new InputError(
      `${path}: expected layer0, layer1, … of one row a clip, ${maxValues} numbers at most; found ${shapes || 'none'}.`,
    );
  }
  const blocks = datasets.map(({ name, dataset }): FeatureBlock => {
    const values = Float64Array.from(dataset.value as Float32Array);
    return { name, columns: dataset.shape![1], values };
  });
  const provenance: FeatureSet['provenance'] = {};
  for (const name of provenanceNames) {
    const value = file.attrs[name]?.value;
    if (typeof value === 'string' || typeof value === 'number') provenance[name] = value;
  }
  const ids = file.get('ids') === null ? null : ((file.get('ids') as Hdf5Dataset).value as string[]);
  if (ids !== null && ids.length !== rows) {
    throw new InputError(`${path}: has ${ids.length} ids for ${rows} rows. Extract the features again.`);
  }
  return { rows, blocks, ids, labels: readLabels(file, rows), provenance };
}

/** One class a row, where each row has exactly one label. */
function readLabels(file: Hdf5File, rows: number): string[] | null {
  const [labels, tags] = [file.get('labels') as Hdf5Dataset | null, file.get('tags') as Hdf5Dataset | null];
  if (labels === null || tags === null) return null;
  const [marks, names] = [labels.value as Uint8Array, tags.value as string[]];
  if (marks.length !== rows * names.length) return null;
  const ofRow = Array.from({ length: rows }, (_, row) =>
    names.filter((_, tag) => marks[row * names.length + tag] > 0),
  );
  return ofRow.every((found) => found.length === 1) ? ofRow.map(([name]) => name) : null;
}
