/** The feature file of `sonotag features`, read for transfer. */
import { InputError } from '../errors.ts';
import { openFeatures, readFeatureRows, type OpenedFeatures } from '../features/featureFile.ts';
import { innermostReason } from '../files/hdf5.ts';
import type { FeatureBlock, FeatureSet } from './transferTask.ts';

/** Values that are read at most, in all: 2 GB as float64. */
const maxValues = 250_000_000;

/**
 * @throws InputError if it is not a feature file, damaged, or has no rows.
 */
export async function readFeatureFile(path: string): Promise<FeatureSet> {
  try {
    return await readWhole(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = innermostReason((error as Error).message);
    throw new InputError(`${path}: damaged, or not an HDF5 file (${reason}). Extract the features again.`);
  }
}

async function readWhole(path: string): Promise<FeatureSet> {
  const opened = await openFeatures(path);
  const { ids, provenance } = opened;
  const parts = opened.parts.filter(({ dataset }) => /^(layer\d+|mfcc)$/.test(dataset));
  const total = parts.reduce((sum, { units }) => sum + ids.length * units.length, 0);
  if (total === 0 || total > maxValues) {
    const found = parts.map(({ dataset, units }) => `${dataset} [${ids.length}, ${units.length}]`).join(', ');
    throw new InputError(
      `${path}: expected layer0, layer1, … of one row a clip, ${maxValues} numbers at most; found ${found || 'none'}.`,
    );
  }
  const blocks: FeatureBlock[] = [];
  for (const { dataset, units } of parts) {
    const values = Float64Array.from(await readFeatureRows(path, dataset, 0, ids.length));
    blocks.push({ name: dataset, columns: units.length, values });
  }
  return { rows: ids.length, blocks, ids, labels: classesOf(opened), provenance };
}

/** One class a row, where each row has exactly one label. */
function classesOf({ ids, tags, labels }: OpenedFeatures): string[] | null {
  if (tags.length === 0) return null;
  const ofRow = ids.map((_, row) => tags.filter((_, tag) => labels[row * tags.length + tag] === 1));
  return ofRow.every((found) => found.length === 1) ? ofRow.map(([name]) => name) : null;
}
