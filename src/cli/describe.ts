/** Results as lines for a terminal of 80 columns; paths and reasons are left whole. */
import type { SkippedClip } from '../../datasets/index.ts';
import type { Engine } from '../engine/engine.ts';
import type { TagEvaluation } from '../metrics/evaluateTags.ts';
import { describeMovement } from '../report/describeMovement.ts';
import type { Baseline } from '../report/trainingReport.ts';
import type { TrainingRun } from '../training/trainTagger.ts';
import { printable } from './printable.ts';
import { terminalWidth, wrapText } from './wrapText.ts';

export function describeEngine({ name, device, version, reason }: Engine): string {
  const [first, ...rest] = wrapText(`engine ${name}: ${device}, ${version}`, terminalWidth - 2);
  return [first, ...rest.map(indent), ...wrapText(reason, terminalWidth - 2).map(indent)].join('\n');
}

/** What a training run gave, and where everything is. */
export function describeRun(run: TrainingRun): string {
  const lines = run.evaluation
    ? [
        `${run.evaluation.title}, ${run.evaluation.clips} clips:`,
        ...describeEvaluation(run.evaluation, run.baseline),
      ]
    : ['Trained; there were no clips to test on.'];
  return `${[
    ...lines,
    '',
    ...run.frontEndMovement.map((row) => `moved    ${row.weight}: ${describeMovement(row)}`),
    `model    ${run.path}/model`,
    `report   ${run.path}/report.html`,
    `metrics  ${run.path}/metrics.json`,
  ].join('\n')}\n`;
}

/** With the figures and intervals beside it, a line has 80 columns. */
const mostTagWidth = 25;

/** Headline figures with their intervals, then a line a tag. */
export function describeEvaluation(evaluation: TagEvaluation, baseline?: Baseline): string[] {
  const { accuracy, accuracyInterval, meanRocAuc, meanRocAucInterval, meanPrAuc, meanPrAucInterval } =
    evaluation;
  const headline = [
    accuracy === undefined ? null : ['accuracy', accuracy, accuracyInterval],
    ['mean ROC-AUC', meanRocAuc, meanRocAucInterval],
    ['mean PR-AUC', meanPrAuc, meanPrAucInterval],
  ].filter((row) => row !== null) as [string, number | null, [number, number] | null | undefined][];
  const lines = headline.map(
    ([label, value, interval]) => `  ${label.padEnd(13)} ${figure(value)}  ${range(interval)}`,
  );
  if (baseline)
    lines.push(`  ${'baseline'.padEnd(13)} ${figure(baseline.meanRocAuc)}  ROC-AUC, ${baseline.name}`);
  const width = Math.min(mostTagWidth, Math.max(3, ...evaluation.perTag.map(({ tag }) => tag.length)));
  lines.push('', `  ${'tag'.padEnd(width)}  clips  ROC-AUC                  PR-AUC`);
  for (const row of evaluation.perTag) {
    const { tag, positives, rocAuc, rocAucInterval, prAuc, prAucInterval, undefinedReason } = row;
    const figures =
      undefinedReason ??
      `${figure(rocAuc)}  ${range(rocAucInterval)}  ${figure(prAuc)}  ${range(prAucInterval)}`;
    const name = tag.length > width ? `${tag.slice(0, width - 1)}…` : tag.padEnd(width);
    lines.push(`  ${name}  ${String(positives).padStart(5)}  ${figures}`);
  }
  return lines;
}

/** What was left out and why; nothing where all went well. */
export function describeSkipped(skipped: SkippedClip[]): string {
  if (skipped.length === 0) return '';
  const reasons = skipped.map(
    ({ path, reason }) => `  ${printable(reason.includes(path) ? reason : `${path}: ${reason}`)}`,
  );
  return `Skipped ${skipped.length}:\n${reasons.join('\n')}\n`;
}

function indent(line: string): string {
  return `  ${line}`;
}

function figure(value: number | null): string {
  return value === null || Number.isNaN(value) ? '    -' : value.toFixed(3);
}

function range(interval: [number, number] | null | undefined): string {
  return interval ? `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : ' '.repeat(14);
}
