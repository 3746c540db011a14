/** Which rows are held out when: folds drawn here, folds that the data fix, or one fixed split. */
import { createHash } from 'node:crypto';
import { byteOrder } from '../../datasets/byteOrder.ts';
import { InputError } from '../errors.ts';
import { plainFolds, stratifiedFolds } from './folds.ts';
import type { FoldPlan, Targets } from './transferTask.ts';

const splitNames = ['train', 'valid', 'test'];

/**
 * Unshuffled folds as the paper of 2017 has them: stratified for classes, blocks for regression.
 *
 * @throws RangeError if there are not enough rows for `k` folds.
 */
export function planFolds({ kind, values }: Targets, k: number): FoldPlan {
  const isClassification = kind === 'classification';
  const parts = isClassification ? stratifiedFolds(values, k, 'of2017') : plainFolds(values.length, k);
  return {
    ...eachInTurn(parts, k),
    description: `${k} ${isClassification ? 'stratified ' : ''}folds, unshuffled`,
  };
}

/**
 * Folds or the one split that a column fixes. Values `train`, `test` and perhaps `valid` are a split: trained on all
 * but `test`, settings chosen on `valid`, or, where there is none, on ten folds of `train`. Anything else are folds.
 *
 * @param column value of each row
 * @param where names the column in messages
 * @throws InputError if a split has no training or no test rows, or there is only one fold.
 */
export function planFromColumn(column: readonly string[], targets: Targets, where: string): FoldPlan {
  const names = [...new Set(column)].sort(byNumber);
  if (!names.some((name) => splitNames.includes(name))) {
    if (names.length < 2 || names.includes('')) {
      const fault = names.includes('')
        ? 'is empty in some rows'
        : `is ${JSON.stringify(names[0])} in all rows`;
      throw new InputError(`${where}: ${fault}; expected at least two folds, or train, valid and test.`);
    }
    const number = new Map(names.map((name, i) => [name, i]));
    const parts = Int32Array.from(column, (name) => number.get(name)!);
    return { ...eachInTurn(parts, names.length), description: `${names.length} predefined folds` };
  }
  const stranger = names.find((name) => !splitNames.includes(name));
  if (stranger !== undefined || !names.includes('train') || !names.includes('test')) {
    const fault =
      stranger === undefined ? `has ${names.join(' and ')} alone` : `has ${JSON.stringify(stranger)}`;
    throw new InputError(`${where}: ${fault}; expected train, test and perhaps valid in every row.`);
  }
  const counts = splitNames.map((name) => column.filter((value) => value === name).length);
  const description = splitNames
    .map((name, i) => `${counts[i]} ${name}`)
    .filter((_, i) => counts[i] > 0)
    .join(', ');
  if (names.includes('valid')) {
    const parts = Int32Array.from(column, (name) => ['test', 'valid'].indexOf(name));
    return { description: `fixed split: ${description}`, parts, outer: [0], inner: [[1]] };
  }
  const train = [...column.keys()].filter((row) => column[row] === 'train');
  const values = Float64Array.from(train, (row) => targets.values[row]);
  const folds =
    targets.kind === 'classification' ? stratifiedFolds(values, 10, 'of2017') : plainFolds(train.length, 10);
  const parts = new Int32Array(column.length);
  train.forEach((row, i) => (parts[row] = 1 + folds[i]));
  return { description: `fixed split: ${description}`, parts, outer: [0], inner: [numbers(1, 10)] };
}

/** Every part is tested on; the settings for it are chosen on the others. */
function eachInTurn(parts: Int32Array, k: number): Omit<FoldPlan, 'description'> {
  const all = numbers(0, k);
  return { parts, outer: all, inner: all.map((part) => all.filter((other) => other !== part)) };
}

function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

function byNumber(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (Number.isFinite(difference) && difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * SHA-256 over which row is in which part, whatever the order of the rows: two results with the same one were tested on
 * the same folds.
 *
 * @param ids of the rows; null where they go by their order
 * @example hashFolds(null, plan.parts) // 64 digits
 */
export function hashFolds(ids: readonly string[] | null, parts: Int32Array): string {
  const lines = Array.from(parts, (part, row) => `${ids === null ? row : ids[row]}\t${part}\n`);
  return createHash('sha256').update(lines.sort(byteOrder).join('')).digest('hex');
}
