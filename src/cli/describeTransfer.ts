/** A transfer experiment's result as a table for a terminal. */
import { describeSetting } from '../transfer/settings.ts';
import { nameSubset } from '../transfer/subsets.ts';
import type { TransferResult, TransferRow } from '../transfer/transferResult.ts';

/** @param out run folder, where one was written */
export function describeTransfer(result: TransferResult, out?: string): string {
  const { task, kind, metric, rows, random, honestBest, unconverged, folds, seconds } = result;
  const hasPublished = rows.some(({ published }) => published !== null);
  const lines = [
    `${task}: ${metric}, ${folds}`,
    '',
    hasPublished
      ? '  layers      published  ours      difference  nested  whole grid  nested [95 % interval]'
      : '  layers      paper  nested  whole grid  nested [95 % interval]  by',
    ...rows.map((row) => describeRow(row)),
    ...(random.length > 0 ? ['', '  from random weights:', ...random.map((row) => describeRow(row))] : []),
    '',
  ];
  if (honestBest) {
    const { score, interval } = honestBest;
    lines.push(`Layers and setting chosen without the part tested: ${figure(score)} ${range(interval)}`);
  }
  lines.push(
    `${hasPublished ? 'ours' : 'paper'}: of features as they are, as in the paper; whole grid: standardised too.`,
    'Both of the setting that is best by this very score; nested: of one that the other parts choose.',
  );
  if (unconverged > 0) {
    lines.push(`${unconverged} fits were ended at the bound of --max-iterations, without having converged.`);
  }
  if (out !== undefined) lines.push(`report   ${out}/report.html`, `pipeline ${out}/pipeline.json`);
  return `${[...lines, `${seconds} s`].join('\n')}\n`;

  function describeRow({ subset, score, nestedScore, published, difference, whole }: TransferRow): string {
    const ofPaper = hasPublished
      ? `${published?.toFixed(6) ?? '-'.padEnd(8)}   ${score.toFixed(6)}  ${difference === null ? '-'.padEnd(9) : signed(difference)}   `
      : `${figure(score)}  `;
    const ofWhole = `${figure(whole.score)}       ${figure(whole.nestedScore)} ${range(whole.nestedInterval)}`;
    const setting = hasPublished ? '' : `   ${describeSetting(whole.classifier, kind)}`;
    return `  ${nameSubset(subset).padEnd(10)}  ${ofPaper}${figure(nestedScore)}   ${ofWhole}${setting}`.trimEnd();
  }
}

function figure(value: number | null): string {
  return value === null || Number.isNaN(value) ? '    -' : value.toFixed(3);
}

function range(interval: [number, number] | null): string {
  return interval ? `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : ' '.repeat(14);
}

function signed(value: number): string {
  if (Math.abs(value) < 5e-7) return '0.000000';
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(6)}`;
}
