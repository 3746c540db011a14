/** Which clips a training of a study learns from, and which it is tested on. */
import { foldsOf, splitDataset, type Dataset } from '../../datasets/index.ts';

/** Data without a test part of their own are tested in folds, another one for each seed. */
export const nFolds = 4;

/** Indices of clips. */
export interface Parts {
  train: number[];
  test: number[];
}

/**
 * Which clips a cell trains on and is tested on. Data without a test part of their own are tested in folds, another
 * fold for each seed. Of what is left, the seed draws a half and of this a half, stratified, so that every share lies
 * within the next, and cells of the same share and seed see the same clips.
 *
 * @param share of the clips that are not tested: 1, ½, ¼ …
 * @param seed from 1
 */
export function partsOf(dataset: Dataset, share: number, seed: number): Parts {
  const all = dataset.clips.map((_, clip) => clip);
  const hasTest = dataset.clips.some(({ split }) => split === 'test');
  const folds = hasTest ? [] : foldsOf(dataset, nFolds, 1);
  const isTest = (clip: number) =>
    hasTest ? dataset.clips[clip].split === 'test' : folds[clip] === (seed - 1) % nFolds;
  let train = all.filter((clip) => !isTest(clip));
  for (let part = 1; part > share; part /= 2) train = halve(dataset, train, seed);
  return { train, test: all.filter(isTest) };
}

function halve(dataset: Dataset, members: number[], seed: number): number[] {
  const clips = members.map((clip) => ({ ...dataset.clips[clip], split: undefined }));
  const parts = splitDataset({ ...dataset, clips }, { valid: 0, test: 0.5, seed });
  return members.filter((_, i) => parts[i].split === 'train');
}
