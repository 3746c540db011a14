/** Scores of trained cells under true labels, and under labels as noisy as those that were trained on. */
import { createRandom } from '../../datasets/random.ts';
import { rocAuc } from '../../src/metrics/rocAuc.ts';
import type { Noise } from './design.ts';
import { clipsOf, givenLabels, type Task } from './task.ts';

/** Mean ROC-AUC over the tags that have clips with and without them; NaN where none has. */
export function meanRocAuc(labels: Float32Array, scores: ArrayLike<number>, nTags: number): number {
  const clips = labels.length / nTags;
  let [sum, defined] = [0, 0];
  for (let tag = 0; tag < nTags; tag++) {
    const column = (matrix: ArrayLike<number>) =>
      Array.from({ length: clips }, (_, clip) => matrix[clip * nTags + tag]);
    const auc = rocAuc(column(labels), column(scores));
    if (Number.isNaN(auc)) continue;
    sum += auc;
    defined++;
  }
  return sum / defined;
}

/** Labels of the test clips of each seed, true and noisy, made once. */
export class TestLabels {
  private readonly task: Pick<Task, 'labels' | 'dataset'>;
  private readonly made = new Map<string, Float32Array>();

  constructor(task: Task) {
    this.task = task;
  }

  /** @param draw from 1 */
  of(noise: Noise | null, seed: number, draw: number): Float32Array {
    const name = noise === null ? `true ${seed}` : `${noise.kind} ${noise.rate} ${seed} ${draw}`;
    let labels = this.made.get(name);
    if (labels === undefined) {
      const { test } = clipsOf(this.task, 1, seed);
      labels = givenLabels(this.task, test, { noise, seed, draw });
      this.made.set(name, labels);
    }
    return labels;
  }
}

/** As many rows as there are, drawn with replacement. */
export function drawRows(rows: number, seed: number, draw: number): number[] {
  const random = createRandom(seed, draw, 9);
  return Array.from({ length: rows }, () => random.integer(0, rows - 1));
}
