/** One piece of the work: some blocks, some parts held out, all settings. */
import { predictSettings, type SettingPredictions } from './predictSettings.ts';
import type { Setting } from './settings.ts';
import type { FeatureBlock, TaskKind } from './transferTask.ts';

/** What all jobs share; its arrays lie in shared memory, so that threads need no copies. */
export interface TransferData {
  kind: TaskKind;
  blocks: FeatureBlock[];
  targets: Float64Array;
  parts: Int32Array;
}

export interface HeldOutJob {
  /** Places of the blocks. */
  blocks: number[];
  /** Parts that are held out; all other rows are trained on. */
  held: number[];
  settings: Setting[];
  maxIterations: number;
}

/** Predictions for the held-out rows, in their order. */
export function predictHeldOut(
  data: TransferData,
  { blocks, held, settings, maxIterations }: HeldOutJob,
): SettingPredictions {
  const isHeld = (row: number) => held.includes(data.parts[row]);
  const rows = [...data.parts.keys()];
  const [train, others] = [rows.filter((row) => !isHeld(row)), rows.filter(isHeld)];
  const chosen = blocks.map((place) => data.blocks[place]);
  const problem = {
    kind: data.kind,
    nFeatures: chosen.reduce((sum, { columns }) => sum + columns, 0),
    train: joinBlocks(chosen, train),
    targets: Float64Array.from(train, (row) => data.targets[row]),
    others: joinBlocks(chosen, others),
    maxIterations,
  };
  return predictSettings(problem, settings);
}

/** Some rows of the blocks, side by side: row-major `[rows, columns of all]`. */
export function joinBlocks(blocks: readonly FeatureBlock[], rows: readonly number[]): Float64Array {
  const width = blocks.reduce((sum, { columns }) => sum + columns, 0);
  const joined = new Float64Array(rows.length * width);
  let column = 0;
  for (const { columns, values } of blocks) {
    rows.forEach((row, i) => {
      joined.set(values.subarray(row * columns, (row + 1) * columns), i * width + column);
    });
    column += columns;
  }
  return joined;
}
