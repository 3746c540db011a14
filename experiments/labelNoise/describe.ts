/** The study's answers as lines for a terminal. */
import { join } from 'node:path';
import { terminalWidth, wrapText } from '../../src/cli/wrapText.ts';
import { answersOf } from './answers.ts';
import type { LabelNoiseResult, TaskResult } from './report.ts';

export function describeStudy(
  { tasks, configuration, trainings, seconds }: LabelNoiseResult,
  out: string,
): string {
  return [
    ...tasks.flatMap((task) => describeTask(task, configuration.seeds)),
    `${trainings} trainings, ${(seconds / 60).toFixed(1)} minutes`,
    `result   ${join(out, 'result.json')}`,
    `report   ${join(out, 'report.html')}`,
    '',
  ].join('\n');
}

function describeTask({ name, analysis, trainClips, testClips }: TaskResult, seeds: number): string[] {
  return [
    `${name}: about ${trainClips} clips to train on, ${testClips} to test`,
    '',
    ...answersOf(analysis, seeds).flatMap(({ question, verdict, details }) => [
      ...wrapText(question, terminalWidth),
      ...wrapText(verdict, terminalWidth - 2).map((line) => `  ${line}`),
      ...details.flatMap((detail) =>
        wrapText(detail, terminalWidth - 4).map((line, i) => `${i === 0 ? '  - ' : '    '}${line}`),
      ),
      '',
    ]),
  ];
}
