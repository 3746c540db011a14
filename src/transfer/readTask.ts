/** Labels and folds of the rows of features, brought together by id or by order. */
import { readFile } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byteOrder } from '../../datasets/byteOrder.ts';
import { parseCsv } from '../../datasets/csv.ts';
import { InputError } from '../errors.ts';
import { planFolds, planFromColumn } from './foldPlan.ts';
import type { FeatureSet, FoldPlan, TaskKind, Targets } from './transferTask.ts';

export interface ReadTaskOptions {
  /** CSV, or a folder that has `<name>.csv`; undefined takes the labels of the feature file. */
  labels?: string;
  /** Of the CSV in a folder. */
  name?: string;
  kind: TaskKind;
  /** Column of the labels. */
  labelColumn: string;
  /** Column of folds, or of `train`, `valid`, `test`; undefined draws `folds`. */
  splitColumn?: string;
  folds: number;
}

export interface ReadTask {
  features: FeatureSet;
  targets: Targets;
  plan: FoldPlan;
  /** Rows of features without a label, left out; and rows of labels without features. */
  unlabelled: string[];
  withoutFeatures: number;
}

/** Columns by which rows find each other, the first that fits. */
const idColumns = ['id', 'path', 'filepath'];

/**
 * @throws InputError if labels and features do not go together, a column is missing, or a value is not of the task.
 */
export async function readTask(features: FeatureSet, options: ReadTaskOptions): Promise<ReadTask> {
  if (options.labels === undefined) return fromFeatureFile(features, options);
  const path = findCsv(options.labels, options.name);
  const [header, ...records] = parseCsv(await readText(path), path);
  const column = (name: string): string[] => {
    const place = header?.fields.indexOf(name) ?? -1;
    if (place === -1) {
      throw new InputError(
        `${path}: no column "${name}"; it has ${header?.fields.filter(Boolean).join(', ') || 'none'}.`,
      );
    }
    return records.map(({ line, fields }) => {
      if (fields[place] === undefined)
        throw new InputError(`${path} line ${line}: ends before the column "${name}".`);
      return fields[place];
    });
  };
  const labels = column(options.labelColumn);
  const split = options.splitColumn === undefined ? undefined : column(options.splitColumn);
  const places = features.ids === null ? byOrder(features, records.length, path) : byId(features.ids);
  const kept = [...places.keys()].filter((row) => places[row] !== -1);
  const where = `${path}, column "${options.labelColumn}"`;
  const targets = toTargets(
    kept.map((row) => labels[places[row]]),
    options.kind,
    where,
  );
  const plan = split
    ? planFromColumn(
        kept.map((row) => split[places[row]]),
        targets,
        `${path}, column "${options.splitColumn}"`,
      )
    : plannedFolds(targets, options.folds);
  const unlabelled = [...places.keys()].filter((row) => places[row] === -1).map((row) => features.ids![row]);
  return {
    features: keepRows(features, kept),
    targets,
    plan,
    unlabelled,
    withoutFeatures: records.length - kept.length,
  };

  function byId(ids: string[]): number[] {
    const candidates = idColumns
      .filter((name) => header.fields.includes(name))
      .map((name) => {
        const values = column(name);
        const place = new Map(values.map((value, i) => [value, i]));
        return { name, values, places: ids.map((id) => place.get(id) ?? -1) };
      });
    const matches = ({ places: found }: { places: number[] }) => found.filter((place) => place !== -1).length;
    const best = candidates.sort((a, b) => matches(b) - matches(a))[0];
    if (best === undefined || matches(best) === 0) {
      throw new InputError(
        `${path}: none of its rows is one of the features, whose first is "${ids[0]}"; expected their ids in a column "id".`,
      );
    }
    const twice = best.values.find((value, i) => best.values.indexOf(value) !== i && ids.includes(value));
    if (twice !== undefined) {
      throw new InputError(
        `${path}: has "${twice}" more than once in the column "${best.name}"; expected one row a clip.`,
      );
    }
    return best.places;
  }
}

function fromFeatureFile(features: FeatureSet, { kind, folds, splitColumn }: ReadTaskOptions): ReadTask {
  if (features.labels === null || kind === 'regression' || splitColumn !== undefined) {
    const what =
      splitColumn !== undefined ? 'a column of folds' : kind === 'regression' ? 'values' : 'one class a clip';
    throw new InputError(`--features: the file does not hold ${what}. Pass --labels with a CSV of id,label.`);
  }
  const targets = toTargets(features.labels, kind, 'the labels of the features');
  return { features, targets, plan: plannedFolds(targets, folds), unlabelled: [], withoutFeatures: 0 };
}

function plannedFolds(targets: Targets, folds: number): FoldPlan {
  try {
    return planFolds(targets, folds);
  } catch (error) {
    throw new InputError(`--folds ${folds}: ${(error as Error).message.replace(/^\w+: /, '')}`);
  }
}

function findCsv(labels: string, name: string | undefined): string {
  if (!existsSync(labels))
    throw new InputError(`${labels}: no such file or folder. Give a CSV with the columns id,label.`);
  if (!statSync(labels).isDirectory()) return labels;
  const path = name === undefined ? undefined : join(labels, `${name}.csv`);
  if (path !== undefined && existsSync(path)) return path;
  throw new InputError(
    `${path ?? labels}: ${path ? 'missing' : 'a folder; pass --task-name, or name the CSV in it'}.`,
  );
}

async function readText(path: string): Promise<string> {
  if (statSync(path).size > 1 << 28) throw new InputError(`${path}: too large for a table of labels.`);
  return readFile(path, 'utf8');
}

function byOrder({ rows }: FeatureSet, records: number, path: string): number[] {
  if (records === rows) return Array.from({ length: rows }, (_, row) => row);
  throw new InputError(
    `${path}: has ${records} rows, the features ${rows}; without ids they go by their order. Give the file that belongs to them.`,
  );
}

/** Classes are sorted, by number where all are numbers: votes that tie go to the first. */
function toTargets(labels: string[], kind: TaskKind, where: string): Targets {
  const empty = labels.findIndex((label) => label.trim() === '');
  if (empty !== -1)
    throw new InputError(`${where}: is empty in row ${empty + 1}; give every clip a label, or leave it out.`);
  const numbers = labels.map(Number);
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (kind === 'regression') {
    if (bad === -1) return { kind, values: Float64Array.from(numbers), classes: [] };
    throw new InputError(
      `${where}: "${labels[bad]}" is not a number. For classes, leave out --task regression.`,
    );
  }
  const classes = [...new Set(labels)].sort(bad === -1 ? (a, b) => Number(a) - Number(b) : byteOrder);
  if (classes.length < 2)
    throw new InputError(`${where}: "${classes[0]}" in all rows; there must be two classes at least.`);
  const number = new Map(classes.map((name, i) => [name, i]));
  return { kind, values: Float64Array.from(labels, (label) => number.get(label)!), classes };
}

function keepRows(features: FeatureSet, kept: number[]): FeatureSet {
  if (kept.length === features.rows) return features;
  const pick = <T>(values: T[] | null) => values && kept.map((row) => values[row]);
  const blocks = features.blocks.map((block) => {
    const values = new Float64Array(kept.length * block.columns);
    kept.forEach((row, i) =>
      values.set(block.values.subarray(row * block.columns, (row + 1) * block.columns), i * block.columns),
    );
    return { ...block, values };
  });
  return { ...features, rows: kept.length, blocks, ids: pick(features.ids), labels: pick(features.labels) };
}
