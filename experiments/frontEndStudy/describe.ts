/** The study's answer in words, and its figures as lines for a terminal. */
import { join } from 'node:path';
import type { Difference, TaskAnalysis } from './analysis.ts';
import { amplitudes, frontEndName, scales, shares, type Share } from './design.ts';
import type { StudyResult, TaskResult } from './report.ts';

/** Does log halve the data needed? One sentence a task, with the figures that it rests on. */
export function answer({ name, metric, analysis }: Pick<TaskResult, 'name' | 'metric' | 'analysis'>): string {
  const { verdict, halving } = analysis;
  const at = (log: Share, linear: Share) =>
    describeDifference(halving.all.find((each) => each.log === log && each.linear === linear)!);
  const figures = `${metric} ${at(0.5, 1)} for 50 % against 100 %, ${at(0.25, 0.5)} for 25 % against 50 %`;
  const claim = {
    better: 'Yes, log at least halves the data needed: with half of them it is better than linear with all',
    same: 'Log with half the data is no worse than linear with all as far as the seeds can tell, which fits that it halves the data needed',
    worse: 'No, log does not halve the data needed: with half of them it is worse than linear with all',
  }[verdict];
  return `${name}: ${claim} (${figures}; with all data on both sides ${at(1, 1)}).`;
}

/** `+0.031 [+0.012, +0.050]`. */
export function describeDifference({ mean, interval }: Pick<Difference, 'mean' | 'interval'>): string {
  return interval === null
    ? signed(mean)
    : `${signed(mean)} [${signed(interval[0])}, ${signed(interval[1])}]`;
}

export function describeStudy({ tasks, seconds }: StudyResult, out: string): string {
  return [
    ...tasks.flatMap((task) => [...describeTask(task), '']),
    `${(seconds / 60).toFixed(1)} minutes of training`,
    `result   ${join(out, 'result.json')}`,
    `report   ${join(out, 'report.html')}`,
    '',
  ].join('\n');
}

function describeTask({ name, metric, analysis, testClips, ...rest }: TaskResult): string[] {
  const head = shares.map((share) => `${100 * share} %`.padStart(8)).join('');
  return [
    `${name}, ${metric} on ${testClips} clips; share of the training data:`,
    `${''.padEnd(28)}${head}`,
    ...describeCurves(analysis),
    answer({ name, metric, analysis, ...rest }),
  ];
}

/** A line a scale, with log and linear below each other; the best front end last. */
function describeCurves({ curves, cells }: TaskAnalysis): string[] {
  const lines = (['all', ...scales] as const).flatMap((group) =>
    amplitudes.map((amplitude) => {
      const { points } = curves[group].find((curve) => curve.amplitude === amplitude)!;
      const figures = points.map(({ mean }) => mean.toFixed(3).padStart(8));
      return `  ${`${group === 'all' ? 'all scales' : group}, ${amplitude}`.padEnd(26)}${figures.join('')}`;
    }),
  );
  const best = cells
    .filter(({ share }) => share === 1)
    .reduce((first, second) => (second.mean > first.mean ? second : first));
  return [...lines, `  best with all data: ${frontEndName(best.frontEnd)}, ${best.mean.toFixed(3)}`];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
