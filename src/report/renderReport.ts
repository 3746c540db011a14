/** The report of a training run as one HTML page that opens offline. */

import { configurationTable } from './configurationTable.ts';
import { confusionTable } from './confusionTable.ts';
import { exampleClips } from './exampleClips.ts';
import { formatFigure, formatInterval } from './formatFigure.ts';
import { htmlPage } from './htmlPage.ts';
import type { Content, Markup } from './markup.ts';
import { markup } from './markup.ts';
import { tagFigures } from './tagFigures.ts';
import { trainingCurves } from './trainingCurves.ts';
import type { FoldResult, TrainingReport } from './trainingReport.ts';

/**
 * Renders a report: one self-contained HTML page without scripts or links, readable on a phone, on a desk and on paper,
 * in light and dark. Every text from outside is escaped. Parts that are missing are left out.
 *
 * @throws RangeError if an example's spectrogram does not have one value for each frame and bin.
 * @example await writeFile('report.html', renderReport(report))
 */
export function renderReport(report: TrainingReport): string {
  const { evaluation } = report;
  return htmlPage({
    title: report.title,
    note: `${report.created} · ${report.engine.name} ${report.engine.version} on ${report.engine.device}`,
    body: markup`${headline(report)}
${trainingCurves(report.history, report.bestEpoch)}
${report.folds && report.folds.length > 0 && foldTable(report.folds)}
${evaluation && tagFigures(evaluation, report.baseline)}
${
  evaluation?.confusion &&
  confusionTable(
    evaluation.perTag.map(({ tag }) => tag),
    evaluation.confusion,
  )
}
${exampleClips(report.examples, evaluation?.confusion !== undefined)}
${configurationTable(report.configuration)}
${skippedFiles(report.skipped)}
${
  report.notes.length > 0 &&
  markup`<section><h2>Notes</h2><ul>${report.notes.map((note) => markup`<li>${note}</li>`)}</ul></section>`
}`,
  });
}

function headline({ evaluation, baseline, summary }: TrainingReport): Markup {
  const card = (label: string, value: string, detail: Content) =>
    markup`<div class="card"><dt>${label}</dt><dd><b>${value}</b><small>${detail}</small></dd></div>`;
  const interval = (ends: [number, number] | null | undefined) =>
    ends && markup`95 % interval <span>${formatInterval(ends)}</span>`;
  return markup`<section><h2 class="hidden">Results</h2>
${
  (evaluation || baseline) &&
  markup`<dl class="cards">${
    evaluation && [
      card('Mean ROC-AUC', formatFigure(evaluation.meanRocAuc), interval(evaluation.meanRocAucInterval)),
      card('Mean PR-AUC', formatFigure(evaluation.meanPrAuc), interval(evaluation.meanPrAucInterval)),
      evaluation.accuracy !== undefined &&
        card('Accuracy', formatFigure(evaluation.accuracy), interval(evaluation.accuracyInterval)),
    ]
  }${baseline && card('Baseline ROC-AUC', formatFigure(baseline.meanRocAuc), baseline.name)}</dl>`
}
${evaluation && markup`<p class="note">${evaluation.title}: ${evaluation.clips} clips, ${evaluation.perTag.length} tags.</p>`}
${
  summary.length > 0 &&
  markup`<dl class="facts">${summary.map(({ label, value }) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`
}</section>`;
}

function foldTable(folds: FoldResult[]): Markup {
  const withAccuracy = folds.some((fold) => fold.accuracy !== undefined);
  const accuracies = folds.flatMap((fold) => fold.accuracy ?? []);
  return markup`<section><h2>Cross-validation</h2><div class="scroll"><table class="numbers">
<caption>Each fold is tested on clips that its model was not trained on; the last row is mean ± standard deviation over folds.</caption>
<thead><tr><th scope="col">fold</th><th scope="col">clips</th>${withAccuracy && markup`<th scope="col">accuracy</th>`}<th scope="col">mean ROC-AUC</th></tr></thead>
<tbody>${folds.map(
    ({ fold, clips, accuracy, meanRocAuc }) =>
      markup`<tr><th scope="row">${fold}</th><td>${clips}</td>${withAccuracy && markup`<td>${formatFigure(accuracy)}</td>`}<td>${formatFigure(meanRocAuc)}</td></tr>\n`,
  )}</tbody>
<tfoot><tr><th scope="row">all</th><td>${folds.reduce((sum, { clips }) => sum + clips, 0)}</td>
${withAccuracy && markup`<td>${meanAndDeviation(accuracies)}</td>`}<td>${meanAndDeviation(folds.map(({ meanRocAuc }) => meanRocAuc))}</td></tr></tfoot>
</table></div></section>`;
}

function skippedFiles(skipped: TrainingReport['skipped']): Markup {
  if (skipped.length === 0) {
    return markup`<section><h2>Skipped files</h2><p>None: every file could be used.</p></section>`;
  }
  return markup`<section><h2>Skipped files</h2><details${skipped.length <= 20 && markup` open`}><summary>${skipped.length} left out</summary>
<div class="scroll"><table><caption class="hidden">Files that were left out, and why</caption>
<thead><tr><th scope="col">file</th><th scope="col">reason</th></tr></thead>
<tbody>${skipped.map(({ path, reason }) => markup`<tr><th scope="row"><code>${path}</code></th><td>${reason}</td></tr>\n`)}</tbody></table></div></details></section>`;
}

/** `0.812 ± 0.034`, with the sample's standard deviation (n - 1). */
function meanAndDeviation(values: number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return values.length > 1
    ? `${formatFigure(mean)} ± ${formatFigure(Math.sqrt(variance))}`
    : formatFigure(mean);
}
