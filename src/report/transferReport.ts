/** The report of a transfer experiment as one HTML page that opens offline. */
import { describeSetting } from '../transfer/settings.ts';
import { nameSubset } from '../transfer/subsets.ts';
import type { TransferResult, TransferRow } from '../transfer/transferResult.ts';
import { configurationTable } from './configurationTable.ts';
import { dotPlotAxis, dotPlotRow, type DotAxis } from './dotPlot.ts';
import { formatFigure, formatInterval } from './formatFigure.ts';
import type { Content } from './markup.ts';
import { Markup, markup } from './markup.ts';
import { htmlPage } from './htmlPage.ts';

/** The chart of the subsets has one plot a row, which keeps its place beside the name on a phone. */
const subsetStyle = new Markup(`@media (max-width: 880px) {
  .subsets tr, .subsets .axes { grid-template-columns: 4.5em 1fr 10.5em; grid-template-areas: none; }
  .subsets .tag, .subsets .axes .tag { grid-area: auto; display: block; font-size: .8rem; } }
`);

export interface TransferReportFacts {
  /** Date and time, as it is to be printed. */
  created: string;
  configuration: Record<string, unknown>;
}

/**
 * A self-contained page without scripts or links: the chart of the layer subsets, best first, and the table of what we
 * got, what was published, and the difference.
 *
 * @example await writeWhole('report.html', renderTransferReport(result, { created, configuration }))
 */
export function renderTransferReport(
  result: TransferResult,
  { created, configuration }: TransferReportFacts,
): string {
  const { task, metric, kind, clips, classes, folds, rows, random } = result;
  const title = `Transfer: ${task}`;
  return htmlPage({
    title,
    note: markup`${created} · ${clips} clips${kind === 'classification' && `, ${classes.length} classes`} · ${folds} · ${result.seconds} s`,
    style: subsetStyle,
    body: markup`${headline(result)}
${subsetChart(result)}
${scoreTable('Scores', rows, result)}
${random.length > 0 && scoreTable('From random weights', random, result)}
<section><h2>Notes</h2><ul>
<li><b>paper</b> is the score of Choi et al. 2017 (arXiv:1703.09179): the best mean ${metric} over its grid of settings, each part weighted by
its clips. Features are as they are: the published code means to try standardised ones too, but its scaler is never switched on.</li>
<li><b>whole grid</b> has standardised features too; the pipeline is of this.</li>
<li>Both choose the setting by the very score that is reported, so they are too good. <b>nested</b> is of settings that were chosen without
the part tested (nested cross-validation). Its 95 % interval is ${kind === 'classification' ? "Wilson's over the clips" : 'a bootstrap over the clips'}; it does not cover the choice
of the clips that were trained on.</li>
${
  result.unconverged > 0 &&
  markup`<li>${result.unconverged} fits of support vector machines were ended at the bound of steps without having converged; with a higher
<code>--max-iterations</code> their settings may score a little differently.</li>`
}</ul></section>
${configurationTable(configuration)}`,
  });
}

function headline({ rows, honestBest, metric, kind }: TransferResult): Markup {
  const best = rows.reduce((a, b) => (b.whole.score > a.whole.score ? b : a));
  const { score, nestedScore, nestedInterval, classifier } = best.whole;
  const card = (label: string, value: string, detail: Content) =>
    markup`<div class="card"><dt>${label}</dt><dd><b>${value}</b><small>${detail}</small></dd></div>`;
  const ofInterval = (ends: [number, number] | null) =>
    ends && markup`95 % interval <span>${formatInterval(ends)}</span>`;
  return markup`<section><h2 class="hidden">Results</h2><dl class="cards">
${card(`Best ${metric}, layers ${nameSubset(best.subset)}`, formatFigure(score), describeSetting(classifier, kind))}
${nestedScore !== null && card('The same, nested', formatFigure(nestedScore), ofInterval(nestedInterval))}
${honestBest && card('Layers chosen too, nested', formatFigure(honestBest.score), ofInterval(honestBest.interval))}
</dl></section>`;
}

/** Rows of dots: the nested score of the whole grid with its interval, and the paper's way of scoring as a diamond. */
function subsetChart({ rows, random, metric, kind, classes }: TransferResult): Markup {
  const sorted = [...rows].sort((a, b) => b.whole.score - a.whole.score);
  const ofRandom = new Map(random.map((row) => [nameSubset(row.subset), row]));
  const shown = [...rows, ...random].flatMap(({ score, whole }) => [
    ...[score, whole.score],
    ...(whole.nestedInterval ?? []),
  ]);
  const axis: DotAxis = {
    low: Math.floor(Math.min(...shown) * 10) / 10,
    high: Math.ceil(Math.max(...shown) * 10) / 10,
  };
  if (axis.low === axis.high) axis.low -= 0.1;
  const guess = kind === 'classification' ? 1 / classes.length : 0;
  const chance = guess >= axis.low ? guess : null;
  const withRandom = random.length > 0;
  return markup`<section><h2>Subsets of the layers</h2>
<p class="keys"><span class="key">${key(markup`<line class="whisker" x1="2" x2="24" y1="8" y2="8"/><circle class="dot" cx="13" cy="8" r="4.5"/>`)} whole grid, nested ${metric} with 95 % interval</span>
<span class="key">${key(markup`<path class="diamond" d="M7 8L13 2L19 8L13 14Z"/>`)} paper</span></p>
<table class="tags subsets"><caption>By falling score; ${withRandom && 'the second of two rows is from random weights; '}the layer next to the spectrogram is 0.</caption>
<colgroup><col class="tag"><col><col class="figure"></colgroup>
<thead><tr class="axes"><th scope="col" class="tag">layers</th><th scope="col" class="plotted">${dotPlotAxis(axis)}</th><th scope="col" class="figure">${metric}</th></tr></thead>
<tbody>${sorted.map((row) => {
    const name = nameSubset(row.subset);
    const control = ofRandom.get(name);
    return [chartRow(row, name, axis, chance), control && chartRow(control, 'random weights', axis, chance)];
  })}</tbody></table></section>`;
}

function chartRow(
  { score, whole }: TransferRow,
  label: string,
  axis: DotAxis,
  chance: number | null,
): Markup {
  const { nestedScore, nestedInterval } = whole;
  const value = nestedScore ?? whole.score;
  return markup`<tr><th scope="row" class="tag">${label}</th><td class="plotted">${dotPlotRow(axis, { value, interval: nestedInterval, compared: score, chance })}</td>
<td class="figure"><b>${formatFigure(value)}</b> ${nestedInterval && markup`<span class="interval">${formatInterval(nestedInterval)}</span>`}</td></tr>
`;
}

function scoreTable(title: string, rows: TransferRow[], { metric, kind }: TransferResult): Markup {
  const best = Math.max(...rows.map(({ whole }) => whole.score));
  const withPublished = rows.some(({ published }) => published !== null);
  const heads = [
    ...['layers', 'features'],
    ...(withPublished ? ['published', 'ours', 'difference'] : ['paper']),
    ...['nested', 'whole grid', 'nested', '95 % interval', 'best setting'],
  ];
  const ofPaper = ({ score, published, difference }: TransferRow) =>
    withPublished
      ? markup`<td>${published?.toFixed(6) ?? '–'}</td><td>${score.toFixed(6)}</td><td>${difference === null ? '–' : signed(difference)}</td>`
      : markup`<td>${formatFigure(score)}</td>`;
  return markup`<section><h2>${title}</h2><div class="scroll"><table class="numbers">
<caption>${metric}${withPublished && ', published, ours, and the difference,'} by subset of the layers; the best is shaded.</caption>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      markup`<tr${row.whole.score === best && markup` class="best"`}><th scope="row">${nameSubset(row.subset)}</th><td>${row.features}</td>${ofPaper(row)}<td>${formatFigure(row.nestedScore)}</td>
<td>${formatFigure(row.whole.score)}</td><td>${formatFigure(row.whole.nestedScore)}</td><td>${formatInterval(row.whole.nestedInterval)}</td><td>${describeSetting(row.whole.classifier, kind)}</td></tr>
`,
  )}</tbody></table></div></section>`;
}

function signed(value: number): string {
  if (Math.abs(value) < 5e-7) return '0.000000';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(6)}`;
}

function key(drawing: Markup): Markup {
  return markup`<svg width="26" height="16" aria-hidden="true">${drawing}</svg>`;
}
