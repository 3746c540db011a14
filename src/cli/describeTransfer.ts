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
    `  layers       score   nested [95 % interval]  ${hasPublished ? 'published  difference' : 'by'}`,
    ...rows.map((row) => describeRow(row)),
    ...(random.length > 0 ? ['', '  from random weights:', ...random.map((row) => describeRow(row))] : []),
    '',
  ];
  if (honestBest) {
    const { score, interval } = honestBest;
    lines.push(`Layers and setting chosen without the part tested: ${figure(score)} ${range(interval)}`);
  }
  lines.push(
    'score: of the best setting by this same score, as the paper has it; nested: without that bias.',
  );
  if (unconverged > 0) {
    lines.push(`${unconverged} fits were ended at the bound of --max-iterations, without having converged.`);
  }
  if (out !== undefined) lines.push(`report   ${out}/report.html`, `pipeline ${out}/pipeline.json`);
  return `${[...lines, `${seconds} s`].join('\n')}\n`;

  function describeRow({
    subset,
    score,
    nestedScore,
    nestedInterval,
    published,
    difference,
    classifier,
  }: TransferRow): string {
    const nested = `${figure(nestedScore)} ${range(nestedInterval)}`;
    const beside = hasPublished
      ? `${published === null ? '-' : published.toFixed(6)}   ${difference === null ? '-' : signed(difference)}`
      : describeSetting(classifier, kind);
    return `  ${nameSubset(subset).padEnd(11)}  ${score.toFixed(hasPublished ? 6 : 3).padEnd(6)}  ${nested}  ${beside}`;
  }
}

function figure(value: number | null): string {
  return value === null || Number.isNaN(value) ? '    -' : value.toFixed(3);
}

function range(interval: [number, number] | null): string {
  return interval ? `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : ' '.repeat(14);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(6)}`;
}
