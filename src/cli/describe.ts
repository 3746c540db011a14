/** Results as lines for a terminal of 80 columns. */
import type { SkippedClip } from '../../datasets/index.ts';
import type { Engine } from '../engine/engine.ts';
import type { TagEvaluation } from '../metrics/evaluateTags.ts';
import type { Baseline } from '../report/trainingReport.ts';
import type { TrainingRun } from '../training/trainTagger.ts';

export function describeEngine({ name, device, version, reason }: Engine): string {
  return `engine ${name}: ${device}, ${version}\n  ${reason}`;
}

/** What a training run gave, and where everything is. */
export function describeRun(run: TrainingRun): string {
  const lines = run.evaluation
    ? [`On ${run.evaluation.title}:`, ...describeEvaluation(run.evaluation, run.baseline)]
    : ['Trained; there were no clips to test on.'];
  return `${[
    ...lines,
    '',
    `model    ${run.path}/model`,
    `report   ${run.path}/report.html`,
    `metrics  ${run.path}/metrics.json`,
  ].join('\n')}\n`;
}

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
    lines.push(
      `  ${'baseline'.padEnd(13)} ${figure(baseline.meanRocAuc)}  mean ROC-AUC of a ${baseline.name}`,
    );
  const width = Math.min(30, Math.max(3, ...evaluation.perTag.map(({ tag }) => tag.length)));
  lines.push('', `  ${'tag'.padEnd(width)}  clips  ROC-AUC                  PR-AUC`);
  for (const row of evaluation.perTag) {
    const { tag, positives, rocAuc, rocAucInterval, prAuc, prAucInterval, undefinedReason } = row;
    const figures =
      undefinedReason ??
      `${figure(rocAuc)}  ${range(rocAucInterval)}  ${figure(prAuc)}  ${range(prAucInterval)}`;
    lines.push(`  ${tag.slice(0, width).padEnd(width)}  ${String(positives).padStart(5)}  ${figures}`);
  }
  return lines;
}

/** What was left out and why; nothing where all went well. */
export function describeSkipped(skipped: SkippedClip[]): string {
  if (skipped.length === 0) return '';
  const reasons = skipped.map(
    ({ path, reason }) => `  ${reason.includes(path) ? reason : `${path}: ${reason}`}`,
  );
  return `Skipped ${skipped.length}:\n${reasons.join('\n')}\n`;
}

function figure(value: number | null): string {
  return value === null ? '    -' : value.toFixed(3);
}

function range(interval: [number, number] | null | undefined): string {
  return interval ? `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : ' '.repeat(14);
}
