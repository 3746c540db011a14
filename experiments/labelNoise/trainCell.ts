/** One training, from the cell's name to scores of the test clips. */
import { clipsOf, givenLabels, type Task } from './task.ts';
import type { Cell } from './design.ts';
import { trainWith } from './remedy.ts';

/** Decimals that scores are kept with. */
const decimals = 5;

export interface TrainedCell {
  /** Of the test clips, `[clips, tags]`. */
  scores: number[];
  trainClips: number;
  seconds: number;
}

export async function trainCell(task: Task, cell: Cell, steps: number): Promise<TrainedCell> {
  const { noise, system, remedy, seed } = cell;
  const start = performance.now();
  const { train, test } = clipsOf(task, remedy === 'more data' ? 2 * system.share : system.share, seed);
  const maps = system.log ? task.decibels : task.magnitudes;
  const lesson = {
    maps: train.map((clip) => maps[clip]),
    labels: givenLabels(task, train, { noise, seed, draw: 0 }),
    nTags: task.dataset.tags.length,
    filters: system.filters,
    steps: Math.max(1, Math.round(steps * system.steps)),
    seed,
  };
  const truth = givenLabels(task, train, { noise: null, seed, draw: 0 });
  const scores = await trainWith(
    remedy,
    lesson,
    truth,
    test.map((clip) => maps[clip]),
  );
  return {
    scores: Array.from(scores, (score) => Number(score.toFixed(decimals))),
    trainClips: train.length,
    seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
  };
}
