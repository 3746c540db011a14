/** What was chosen, fitted on all rows, and saved: features, scaling, classifier, and where the features came from. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { fitModel, fittedModelSchema, predictModel, type Prediction } from './fittedModel.ts';
import { joinBlocks } from './heldOutJob.ts';
import type { Setting } from './settings.ts';
import { fitStandardScaler } from './standardScaler.ts';
import { blocksOf, type Subset } from './subsets.ts';
import type { FeatureSet, Targets } from './transferTask.ts';

const numbers = z.array(z.number());

const pipelineSchema = z.strictObject({
  format: z.literal('sonotag transfer pipeline'),
  formatVersion: z.literal(2),
  task: z.string(),
  kind: z.enum(['classification', 'regression']),
  /** In the order of the class numbers; empty for regression. */
  classes: z.array(z.string()),
  /** What goes in, one after the other: the MFCC, and layers by their numbers. */
  subset: z.array(z.union([z.literal('mfcc'), z.int().nonnegative()])).min(1),
  /** Features of each part of the subset. */
  units: z.array(z.int().positive()).min(1),
  /** Null where the features are used as they are. */
  scaler: z.strictObject({ mean: numbers, scale: numbers }).nullable(),
  setting: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  model: fittedModelSchema,
  /** Of the cross-validation: the paper's, and the nested one. */
  score: z.number(),
  nestedScore: z.number().nullable(),
  /** Rows it was fitted on. */
  clips: z.int().positive(),
  /** What the feature file says of its origin, the model's `weightsHash` among it. */
  features: z.record(z.string(), z.union([z.string(), z.number()])),
});

export type TransferPipeline = z.infer<typeof pipelineSchema>;

export interface FitPipelineOptions {
  task: string;
  subset: Subset;
  setting: Setting;
  score: number;
  nestedScore: number | null;
}

/** Fits a setting on all rows. */
export function fitPipeline(
  { blocks, rows, provenance }: FeatureSet,
  { kind, values, classes }: Targets,
  { task, subset, setting, score, nestedScore }: FitPipelineOptions,
): TransferPipeline {
  const chosen = blocksOf(subset, blocks).map((place) => blocks[place]);
  const units = chosen.map(({ columns }) => columns);
  const nFeatures = units.reduce((sum, count) => sum + count, 0);
  const raw = joinBlocks(
    chosen,
    Array.from({ length: rows }, (_, row) => row),
  );
  const scaler = setting.standardise ? fitStandardScaler(raw, nFeatures) : null;
  const train = scaler ? scaler.transform(raw) : raw;
  return {
    ...{ format: 'sonotag transfer pipeline', formatVersion: 2, task, kind, classes, subset, units },
    scaler: scaler && { mean: Array.from(scaler.mean), scale: Array.from(scaler.scale) },
    ...{ setting, model: fitModel({ kind, train, targets: values, nFeatures }, setting), score, nestedScore },
    ...{ clips: rows, features: provenance },
  };
}

/**
 * The class or value of each row of features, as they come from the extractor.
 *
 * @param features row-major `[rows, units of all parts]`
 * @throws RangeError if the length is not a multiple of the units.
 */
export function predictPipeline(pipeline: TransferPipeline, features: ArrayLike<number>): Prediction[] {
  const { units, scaler, model, classes } = pipeline;
  const nFeatures = units.reduce((sum, count) => sum + count, 0);
  if (features.length % nFeatures !== 0) {
    throw new RangeError(
      `predictPipeline: features must be [rows, ${nFeatures}]; got ${features.length} numbers.`,
    );
  }
  const rows = Float64Array.from(features);
  if (scaler) {
    for (let i = 0; i < rows.length; i++)
      rows[i] = (rows[i] - scaler.mean[i % nFeatures]) / scaler.scale[i % nFeatures];
  }
  return predictModel(model, rows, { nFeatures, classes });
}

/**
 * @param path run folder, or its `pipeline.json`
 * @throws InputError if there is none, or it is damaged or of another version.
 */
export async function loadPipeline(path: string): Promise<TransferPipeline> {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'pipeline.json') : path;
  if (!existsSync(file)) {
    throw new InputError(
      `${file}: no such pipeline. Give a run folder of sonotag transfer --out, or its pipeline.json.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new InputError(`${file}: damaged, or not a pipeline. Run sonotag transfer --out again.`);
  }
  const parsed = pipelineSchema.safeParse(json);
  if (parsed.success && isConsistent(parsed.data)) return parsed.data;
  const [issue] = parsed.error?.issues ?? [];
  const fault = issue
    ? `${issue.path.join('.') || 'file'}: ${issue.message}`
    : 'its parts do not fit together';
  throw new InputError(
    `${file}: not a pipeline of this version (${fault}). Run sonotag transfer --out again.`,
  );
}

function isConsistent({ subset, units, scaler, model, classes, kind }: TransferPipeline): boolean {
  const nFeatures = units.reduce((sum, count) => sum + count, 0);
  const fits = (values: number[]) => values.length === nFeatures;
  return (
    subset.length === units.length &&
    new Set(subset).size === subset.length &&
    (scaler === null || (fits(scaler.mean) && fits(scaler.scale))) &&
    (kind === 'regression') === (classes.length === 0) &&
    model.nFeatures === nFeatures
  );
}
