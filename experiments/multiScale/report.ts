/** The study's result as data and as a page. */
import type { SkippedClip } from '../../datasets/index.ts';
import { configurationTable } from '../../src/report/configurationTable.ts';
import { dotPlotAxis, dotPlotRow, type DotAxis } from '../../src/report/dotPlot.ts';
import { formatFigure, formatInterval } from '../../src/report/formatFigure.ts';
import type { Markup } from '../../src/report/markup.ts';
import { markup } from '../../src/report/markup.ts';
import { htmlPage } from '../../src/report/htmlPage.ts';
import { allPoolings, classifierDescription, nameCombination, type Pooling, type ScaleComparison } from './compare.ts'; // prettier-ignore
import { describeComparison } from './describe.ts';
import type { Scale } from './taggers.ts';

export interface MultiScaleResult extends ScaleComparison {
  created: string;
  engine: { name: string; device: string; version: string };
  /** Of the clips that are told apart. */
  data: string;
  clips: number;
  classes: string[];
  folds: string;
  scales: Scale[];
  /** Options that the result follows from. */
  configuration: Record<string, unknown>;
  /** Files that could not be listed, and clips that a tagger could not read. */
  skipped: SkippedClip[];
  seconds: number;
}

const poolingTitles: Record<Pooling, string> = {
  mean: 'Mean pooled',
  max: 'Max pooled',
  both: 'Mean and max pooled',
};

/** @example await writeWhole('report.html', renderMultiScaleReport(result)) */
export function renderMultiScaleReport(result: MultiScaleResult): string {
  const { created, engine, data, clips, classes, folds, scales, comparisons, skipped, unconverged } = result;
  const title = 'Many levels, many scales';
  return htmlPage({
    title,
    note: markup`${created} · ${engine.name} ${engine.version} on ${engine.device} · ${data}: ${clips} clips, ${classes.length} classes`,
    body: markup`<p>Lee and Nam (2017, arXiv:1703.01793) put features of several levels of several taggers side by side, the taggers
differing in the length of their input. Here the taggers hear ${scales.map(({ name }) => name).join(', ')}; a level is a
block of the convnet, its maps pooled over a window, and windows are averaged over the clip. Each set of features goes to a
${classifierDescription}; accuracy by ${folds}.</p>
${allPoolings.map((pooling) => poolingSection(result, pooling))}
<section><h2>All scales and levels against the best single scale</h2>
<p class="note">The single scale is chosen anew for every fold by the scores of the others, so that it gains nothing from the
choice. Differences are paired: the same clips, the same folds.</p>
<div class="scroll"><table class="numbers">
<thead><tr><th scope="col">pooling</th><th scope="col">against</th><th scope="col">difference [95 % interval]</th><th scope="col">only all right</th><th scope="col">only single right</th><th scope="col">single</th><th scope="col">chosen (folds)</th></tr></thead>
<tbody>${comparisons.map(
      (row) =>
        markup`<tr><th scope="row">${row.pooling}</th><td>best scale, ${row.levels}</td><td>${describeComparison(row)}</td><td>${row.onlyAll}</td><td>${row.onlySingle}</td><td>${formatFigure(row.singleAccuracy)}</td><td>${row.chosen.map(({ scale, parts }) => `${scale} (${parts})`).join(', ')}</td></tr>
`,
    )}</tbody></table></div></section>
<section><h2>Notes</h2><ul>
<li>Intervals are over the clips that are tested: Wilson's for an accuracy, a bootstrap for a difference. They cover neither the
choice of the clips that were trained on nor another training of the taggers, of which there is one a scale. They are not
corrected for the number of comparisons.</li>
<li>Where the last level has one place left on its map, mean and maximum over it are the same, and are taken once.</li>
<li>More features are not the same as more scales: the sets differ in size, as the tables say.</li>
${unconverged > 0 && markup`<li>${unconverged} fits were ended at the bound of steps without having converged.</li>`}
${skipped.map(({ path, reason }) => markup`<li>Left out: <code>${path}</code> (${reason})</li>`)}
</ul></section>
${configurationTable(result.configuration)}`,
  });
}

function poolingSection({ rows, classes }: MultiScaleResult, pooling: Pooling): Markup {
  const own = rows.filter((row) => row.pooling === pooling);
  const chance = 1 / classes.length;
  const axis: DotAxis = {
    low: Math.floor(10 * Math.min(...rows.map(({ interval }) => interval[0]), chance)) / 10,
    high: Math.ceil(10 * Math.max(...rows.map(({ interval }) => interval[1]))) / 10,
  };
  return markup`<section><h2>${poolingTitles[pooling]}</h2>
<table class="tags"><caption>Dot: accuracy; whisker: 95 % interval; dashed tick: guessing, ${formatFigure(chance)}.</caption>
<colgroup><col class="tag"><col class="count"><col><col class="figure"></colgroup>
<thead><tr class="axes"><th scope="col" class="tag">features of</th><th scope="col" class="count">number</th><th scope="col" class="plotted">${dotPlotAxis(axis)}</th><th scope="col" class="figure">accuracy</th></tr></thead>
<tbody>${own.map(
    (row) =>
      markup`<tr><th scope="row" class="tag">${nameCombination(row)}</th><td class="features">${row.features}</td><td class="plotted">${dotPlotRow(axis, { value: row.accuracy, interval: row.interval, chance })}</td>
<td class="figure"><b>${formatFigure(row.accuracy)}</b> <span class="interval">${formatInterval(row.interval)}</span></td></tr>
`,
  )}</tbody></table></section>`;
}
