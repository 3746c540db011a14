/** The study's figures as lines for a terminal. */
import { join } from 'node:path';
import { printable } from '../../src/cli/printable.ts';
import { terminalWidth, wrapText } from '../../src/cli/wrapText.ts';
import { formatFigure, formatInterval } from '../../src/report/formatFigure.ts';
import { allPoolings, classifierDescription, nameCombination, type Comparison } from './compare.ts';
import type { MultiScaleResult } from './report.ts';

/** `+0.031 [+0.012, +0.050]`. */
export function describeComparison({ difference, interval }: Comparison): string {
  return `${signed(difference)} [${signed(interval[0])}, ${signed(interval[1])}]`;
}

export function describeMultiScale(result: MultiScaleResult, out: string): string {
  const { data, clips, classes, folds, rows, comparisons, unconverged, seconds } = result;
  const head = `${printable(data)}: ${clips} clips, ${classes.length} classes; accuracy by ${folds}; ${classifierDescription}`;
  return [
    ...wrapText(head, terminalWidth),
    ...allPoolings.flatMap((pooling) => [
      '',
      `  ${pooling.padEnd(25)} features  accuracy [95 % interval]`,
      ...rows
        .filter((row) => row.pooling === pooling)
        .map(
          (row) =>
            `  ${nameCombination(row).padEnd(25)} ${String(row.features).padStart(8)}     ${formatFigure(row.accuracy)} ${formatInterval(row.interval)}`,
        ),
    ]),
    '',
    'All scales and levels, less the best single scale as the other folds choose it:',
    ...comparisons.map(
      (row) =>
        `  ${`${row.pooling}, its ${row.levels}`.padEnd(25)} ${describeComparison(row)}, ${row.onlyAll} clips gained, ${row.onlySingle} lost`,
    ),
    ...(unconverged > 0 ? [`${unconverged} fits ended at the bound of steps, not converged.`] : []),
    '',
    `result   ${join(out, 'result.json')}`,
    `report   ${join(out, 'report.html')}`,
    `${seconds} s`,
    '',
  ].join('\n');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
