/** Which layers are used together. */
import { InputError } from '../errors.ts';
import type { FeatureBlock } from './transferTask.ts';

/** Numbers of layers, rising; with `mfcc` before them where the MFCC are used too. */
export type Subset = (number | 'mfcc')[];

/**
 * All subsets of the layers, the largest first and each size in the order of its numbers (31 for five layers, in the
 * order of the paper), then, where there are MFCC, these alone and with all layers.
 */
export function listSubsets(blocks: readonly FeatureBlock[]): Subset[] {
  const layers = layersOf(blocks);
  const subsets: number[][] = [];
  for (let size = layers.length; size >= 1; size--) subsets.push(...combinations(layers, size));
  if (!blocks.some(({ name }) => name === 'mfcc')) return subsets;
  return [...subsets, ['mfcc'], ...(layers.length > 0 ? [['mfcc', ...layers] as Subset] : [])];
}

/** Numbers of the layers that there are, rising. */
export function layersOf(blocks: readonly FeatureBlock[]): number[] {
  const numbers = blocks.flatMap(({ name }) => /^layer(\d+)$/.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/**
 * Places of a subset's blocks.
 *
 * @param layerName of the blocks' names: `layer`, or `random` for the control
 * @throws InputError if one is not there.
 */
export function blocksOf(subset: Subset, blocks: readonly FeatureBlock[], layerName = 'layer'): number[] {
  return subset.map((part) => {
    const name = part === 'mfcc' ? part : `${layerName}${part}`;
    const place = blocks.findIndex((block) => block.name === name);
    if (place !== -1) return place;
    const names = blocks.map((block) => block.name).join(', ');
    throw new InputError(`--subsets: there is no ${name}; the features have ${names}.`);
  });
}

/** `013`, `mfcc`, `mfcc+01234`; with layers above 9 between hyphens. @example nameSubset([0, 1, 3]) */
export function nameSubset(subset: Subset): string {
  const layers = subset.filter((part) => part !== 'mfcc');
  const numbers = layers.join(layers.some((layer) => layer > 9) ? '-' : '');
  return [...(subset.includes('mfcc') ? ['mfcc'] : []), ...(numbers === '' ? [] : [numbers])].join('+');
}

function combinations(items: number[], size: number): number[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    combinations(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]),
  );
}
