/** The study's result as data, and as one page that opens offline. */
import type { SkippedClip } from '../../datasets/index.ts';
import { configurationTable } from '../../src/report/configurationTable.ts';
import { dotPlotAxis, dotPlotRow, type DotAxis } from '../../src/report/dotPlot.ts';
import { formatFigure, formatInterval } from '../../src/report/formatFigure.ts';
import { lineChart } from '../../src/report/lineChart.ts';
import { markup, type Markup } from '../../src/report/markup.ts';
import { htmlPage } from '../../src/report/htmlPage.ts';
import { describeDifference } from '../shared/describeDifference.ts';
import { studyStyle } from '../shared/studyStyle.ts';
import type { CellSummary, Difference, LearningCurve, TaskAnalysis } from './analysis.ts';
import { answer } from './describe.ts';
import { scales, shares, type FrontEnd, type Scale, type ScoredCell, type TaskName } from './design.ts';

export interface TaskResult {
  name: TaskName;
  metric: 'accuracy' | 'mean ROC-AUC';
  clips: number;
  tags: string[];
  /** At each share. */
  trainClips: number[];
  testClips: number;
  skipped: SkippedClip[];
  cells: ScoredCell[];
  analysis: TaskAnalysis;
}

export interface StudyResult {
  created: string;
  engine: { name: string; device: string; version: string };
  configuration: { seeds: number; steps: number } & Record<string, number | number[]>;
  tasks: TaskResult[];
  /** Of all trainings. */
  seconds: number;
}

/** @example await writeWhole('report.html', renderStudyReport(result)) */
export function renderStudyReport({ created, engine, configuration, tasks }: StudyResult): string {
  const { seeds, steps } = configuration;
  const title = 'X or log X: what a front end is worth';
  return htmlPage({
    title,
    note: markup`${created} · ${engine.name} ${engine.version} on ${engine.device}`,
    style: studyStyle,
    body: markup`<p>Choi et al. (arXiv:1709.01922) found that of all ways to prepare a spectrogram for a convnet only the logarithm
matters, and that without it about twice the data are needed. Here 24 front ends, {spectrogram, mel, CQT} × {linear, log}
× whitening × A-weighting, come as maps of one size to the same small convnet, with 25, 50 and 100 % of the training
clips, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} each: ${tasks.reduce((sum, { cells }) => sum + cells.length, 0)} trainings of
${steps} steps. Budget and rates are the same for all and were fixed before any result was seen; the net after the last
step is scored on clips that it has not heard.</p>
${tasks.map((task) => markup`<p class="answer">${answer(task)}</p>`)}
${
  seeds > 1 &&
  markup`<p class="note">Intervals are Student’s 95 % intervals over ${seeds} seeds. A seed draws the training clips, the start weights and, for
instruments, the fold that is tested; what is compared is paired: same seed, same clips, the same other choices. The
intervals are not corrected for the number of comparisons.</p>`
}
${tasks.map(taskSection)}
${configurationTable(configuration)}`,
  });
}

function taskSection(task: TaskResult): Markup {
  const { name, metric, tags, trainClips, testClips, analysis, skipped } = task;
  const groups = ['all', ...scales] as const;
  return markup`<section><h2>${name[0].toUpperCase() + name.slice(1)}: ${metric}</h2>
<p>About ${trainClips.join(', ')} clips to train on, drawn anew for each seed; ${testClips} to test; ${tags.length} ${metric === 'accuracy' ? 'classes' : 'tags'}.${
    skipped.length > 0 && ` Left out: ${skipped.map(({ path, reason }) => `${path} (${reason})`).join('; ')}.`
  }</p>
<div class="charts">${groups.map((group) => curveChart(group, analysis.curves[group], metric))}</div>
<h3>Log less linear</h3>
${differenceTable(
  groups.map((group) => ({ title: group === 'all' ? 'all scales' : group, rows: analysis.halving[group] })),
  `Difference in ${metric}; a bar that clears 0 is a difference that the seeds agree on.`,
)}
<h3>What each choice does with all training data</h3>
${differenceTable([{ title: '', rows: analysis.effects }], `Difference in ${metric}, all other choices being equal.`)}
<h3>All front ends</h3>
${cellTable(task)}
</section>`;
}

const lineStyles = { log: 'first', linear: 'second' } as const;

function curveChart(group: 'all' | Scale, curves: LearningCurve[], metric: string): Markup {
  return lineChart({
    title: group === 'all' ? 'All scales' : group,
    x: shares.map((share) => 100 * share),
    xTicks: shares.map((share) => 100 * share),
    xLabel: `% of the training clips; ${metric}`,
    limits: [0, 1],
    series: curves.toReversed().map(({ amplitude, points }) => ({
      name: amplitude,
      style: lineStyles[amplitude],
      values: points.map(({ mean }) => mean),
      intervals: points.map(
        ({ interval }) => interval && [Math.max(0, interval[0]), Math.min(1, interval[1])],
      ),
    })),
  });
}

interface DifferenceGroup {
  title: string;
  rows: Difference[];
}

function differenceTable(groups: DifferenceGroup[], caption: string): Markup {
  const ends = groups.flatMap(({ rows }) =>
    rows.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]),
  );
  const far = Math.ceil(20 * Math.max(0.02, ...ends.map(Math.abs)) + 1e-9) / 20;
  const axis = { low: -far, high: far };
  return markup`<div class="scroll"><table class="study"><caption>${caption}</caption>
<colgroup><col class="name"><col><col class="wide"><col class="count"></colgroup>
<thead><tr><th scope="col">comparison</th><th class="plotted" aria-hidden="true">${dotPlotAxis(axis)}</th><th scope="col">mean [95 % interval]</th><th scope="col">pairs won</th></tr></thead>
<tbody>${groups.map(
    ({
      title,
      rows,
    }) => markup`${title !== '' && markup`<tr class="group"><th colspan="4" scope="rowgroup">${title}</th></tr>`}
${rows.map(
  (row, i) => markup`<tr class="${i % 2 === 0 && 'even'}"><th scope="row">${row.name}</th>
<td class="plotted">${dotPlotRow(axis, { value: row.mean, interval: row.interval, chance: 0 })}</td>
<td>${describeDifference(row)}</td><td>${row.wins} of ${row.pairs}</td></tr>`,
)}`,
  )}</tbody></table></div>`;
}

function cellTable({ metric, tags, analysis: { cells } }: TaskResult): Markup {
  const chance = metric === 'accuracy' ? 1 / tags.length : 0.5;
  const axis = { low: Math.floor(10 * chance + 1e-9) / 10, high: 1 };
  const names = [...new Set(cells.map(({ frontEnd }) => describeFrontEnd(frontEnd)))];
  return markup`<p class="keys"><span class="key">${key(markup`<line class="whisker" x1="2" x2="24" y1="8" y2="8"/><circle class="dot" cx="13" cy="8" r="4.5"/>`)} all training clips, with the interval</span>
<span class="key">${key(markup`<path class="diamond" d="M7 8L13 2L19 8L13 14Z"/>`)} a quarter of them</span>
<span class="key">${key(markup`<line class="chance" x1="13" x2="13" y1="1" y2="15"/>`)} guessing</span></p>
<div class="scroll"><table class="study"><caption>${metric}, mean over the seeds [95 % interval].</caption>
<colgroup><col class="name"><col>${shares.map(() => markup`<col class="figure">`)}</colgroup>
<thead><tr><th scope="col">front end</th><th class="plotted" aria-hidden="true">${dotPlotAxis(axis)}</th>${shares.map(
    (share) => markup`<th scope="col">${100 * share} %</th>`,
  )}</tr></thead>
<tbody>${names.map((name, i) => {
    const own = shares.map((share) =>
      cells.find((cell) => cell.share === share && describeFrontEnd(cell.frontEnd) === name)!,
    );
    return markup`<tr class="${i % 2 === 0 && 'even'}"><th scope="row">${name}</th><td class="plotted">${cellDots(axis, own, chance)}</td>${own.map(
      ({ mean, interval }) =>
        markup`<td>${formatFigure(mean)} ${interval && markup`<span class="interval">${formatInterval(interval)}</span>`}</td>`,
    )}</tr>\n`;
  })}</tbody></table></div>`;
}

function cellDots(axis: DotAxis, own: CellSummary[], chance: number): Markup {
  const [quarter, all] = [own[0], own[own.length - 1]];
  return dotPlotRow(axis, { value: all.mean, interval: all.interval, compared: quarter.mean, chance });
}

/** `log mel, whitened, A-weighted`. */
function describeFrontEnd({ scale, amplitude, whitening, weighting }: FrontEnd): string {
  return [`${amplitude} ${scale}`, whitening && 'whitened', weighting && 'A-weighted']
    .filter(Boolean)
    .join(', ');
}

function key(drawing: Markup): Markup {
  return markup`<svg width="26" height="16" aria-hidden="true">${drawing}</svg>`;
}
