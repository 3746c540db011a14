/** The study's answer in words, and its figures as lines for a terminal. */
import { join } from 'node:path';
import { terminalWidth, wrapText } from '../../src/cli/wrapText.ts';
import { describeDifference } from '../shared/describeDifference.ts';
import { outcomeOf, type TaskAnalysis } from './analysis.ts';
import { amplitudes, frontEndName, scales, shares, type Share } from './design.ts';
import type { StudyResult, TaskResult } from './report.ts';

/** Does log halve the data needed? In words, with the figures that they rest on. */
export function answer({ name, metric, analysis }: Pick<TaskResult, 'name' | 'metric' | 'analysis'>): string {
  const { verdict, halving, reached } = analysis;
  const claim = {
    yes: 'yes, log at least halves the data needed',
    'as far as can be told': 'log halves the data needed, as far as these seeds can tell',
    'in part': 'log halves the data needed only in part',
    no: 'no, log does not halve the data needed',
  }[verdict];
  const compare = (log: Share, linear: Share) => {
    const difference = halving.all.find((each) => each.log === log && each.linear === linear)!;
    const words = { better: 'better than', same: 'not to be told from', worse: 'worse than' }[outcomeOf(difference)]; // prettier-ignore
    return `log with ${100 * log} % is ${words} linear with ${100 * linear} %, ${describeDifference(difference)}`;
  };
  const found = reached.flatMap(({ linear, log }) =>
    log === null ? [] : [`with ${Math.round(100 * log)} % what linear reaches with ${100 * linear} %`],
  );
  const between =
    found.length > 0 ? ` Between the shares that were tried, log reaches ${found.join(' and ')}.` : '';
  return `${name}, ${metric}: ${claim}. With all data on both sides, ${compare(1, 1)}. With half as much, ${compare(0.5, 1)}; ${compare(0.25, 0.5)}.${between}`;
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

function describeTask({ name, metric, analysis, testClips }: TaskResult): string[] {
  const head = shares.map((share) => `${100 * share} %`.padStart(8)).join('');
  return [
    `${name}, ${metric} on ${testClips} clips; share of the training data:`,
    `${''.padEnd(28)}${head}`,
    ...describeCurves(analysis),
    ...wrapText(answer({ name, metric, analysis }), terminalWidth),
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
