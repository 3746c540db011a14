import type { EpochRecord } from '../training/history.ts';
import { formatFigure } from './formatFigure.ts';
import type { LineSeries } from './lineChart.ts';
import { lineChart } from './lineChart.ts';
import type { Markup } from './markup.ts';
import { markup } from './markup.ts';

/** Loss and validation figures over the epochs, as charts and as a table. */
export function trainingCurves(history: EpochRecord[], keptEpoch?: number): Markup | null {
  if (history.length === 0) return null;
  const x = history.map((record) => record.epoch);
  const best = history.some((record) => record.epoch === keptEpoch) ? keptEpoch : epochOfLowestLoss(history);
  const mark = best === undefined ? undefined : { x: best, label: `best: epoch ${best}` };
  const curve = (name: string, style: LineSeries['style'], key: keyof EpochRecord): LineSeries => ({
    name,
    style,
    values: history.map((record) => record[key]),
  });
  const measured = (line: LineSeries) => line.values.some((value) => value !== null);
  const losses = [curve('training', 'first', 'trainLoss'), curve('validation', 'second', 'validLoss')];
  const figures = [
    curve('ROC-AUC', 'first', 'validRocAuc'),
    curve('PR-AUC', 'second', 'validPrAuc'),
    curve('accuracy', 'third', 'validAccuracy'),
  ].filter(measured);

  return markup`<section><h2>Training</h2>
<div class="charts">
${lineChart({ title: 'Loss', x, xLabel: 'epoch', series: losses.filter(measured), mark })}
${figures.length > 0 && lineChart({ title: 'Validation', x, xLabel: 'epoch', series: figures, mark, limits: [0, 1] })}
</div>
<details><summary>Epoch by epoch</summary><div class="scroll"><table class="numbers">
<caption>Training history; figures are of the validation clips unless they say otherwise.</caption>
<thead><tr>${[
    'epoch',
    'training loss',
    'loss',
    'ROC-AUC',
    'PR-AUC',
    'accuracy',
    'learning rate',
    'seconds',
  ].map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${history.map(
    (
      record,
    ) => markup`<tr${record.epoch === best && markup` class="best"`}><th scope="row">${record.epoch}${record.epoch === best && ' (best)'}</th>
<td>${record.trainLoss.toFixed(4)}</td><td>${record.validLoss?.toFixed(4) ?? '–'}</td>
<td>${formatFigure(record.validRocAuc)}</td><td>${formatFigure(record.validPrAuc)}</td><td>${formatFigure(record.validAccuracy)}</td>
<td>${Number(record.learningRate.toPrecision(3))}</td><td>${record.seconds.toFixed(1)}</td></tr>\n`,
  )}</tbody></table></div></details>
</section>`;
}

function epochOfLowestLoss(history: EpochRecord[]): number | undefined {
  let best: EpochRecord | undefined;
  for (const record of history) {
    if (record.validLoss !== null && record.validLoss < (best?.validLoss ?? Infinity)) best = record;
  }
  return best?.epoch;
}
