/** The study's result as data, and as one page that opens offline. */
import type { SkippedClip } from '../../datasets/index.ts';
import type { MeanInterval } from '../../src/metrics/studentInterval.ts';
import { configurationTable } from '../../src/report/configurationTable.ts';
import { dotPlotAxis, dotPlotRow } from '../../src/report/dotPlot.ts';
import { formatFigure, formatInterval } from '../../src/report/formatFigure.ts';
import { htmlPage } from '../../src/report/htmlPage.ts';
import { lineChart, type LineSeries, type LineStyle } from '../../src/report/lineChart.ts';
import { markup, type Markup } from '../../src/report/markup.ts';
import { describeDifference } from '../shared/describeDifference.ts';
import { studyStyle } from '../shared/studyStyle.ts';
import type { Ranking, TaskAnalysis } from './analysis.ts';
import { answersOf, describeNoise, kindWords, percent } from './answers.ts';
import { remedyOptions, type System } from './design.ts';

export interface TaskResult {
  name: string;
  clips: number;
  tags: string[];
  exclusive: boolean;
  /** Of the usual system. */
  trainClips: number;
  testClips: number;
  skipped: SkippedClip[];
  analysis: TaskAnalysis;
}

export interface LabelNoiseResult {
  created: string;
  engine: { name: string; device: string; version: string };
  configuration: { seeds: number; steps: number } & Record<string, unknown>;
  systems: System[];
  tasks: TaskResult[];
  trainings: number;
  /** Of all trainings. */
  seconds: number;
}

/** @example await writeWhole('report.html', renderLabelNoiseReport(result)) */
export function renderLabelNoiseReport(result: LabelNoiseResult): string {
  const { created, engine, configuration, tasks, trainings, systems } = result;
  const { seeds, steps } = configuration;
  const title = 'How much do wrong labels matter?';
  return htmlPage({
    title,
    note: markup`${created} · ${engine.name} ${engine.version} on ${engine.device}`,
    style: studyStyle,
    body: markup`<p>Choi et al. (arXiv:1706.02361) asked whether training and evaluation survive the wrong labels of music data. Here the
truth is known and the noise is put in on purpose, in four ways: ${noiseList(tasks)}. A small convnet is trained on noisy
labels and scored by true ones and by test labels as noisy; ${systems.length} systems of different quality are ranked by both; and
remedies are held side by side. ${trainings} trainings of up to ${steps} steps, the net after the last step, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}.</p>
${tasks.map((task) => markup`${tasks.length > 1 && markup`<h2>Answers: ${task.name}</h2>`}${answersSection(task, seeds)}`)}
<p class="note">Intervals are Student’s 95 % intervals over ${seeds} seeds, not corrected for the number of comparisons; differences are
paired by seed. A seed draws the training clips, the start weights, the noise and, for data without a test part, the fold
that is tested. Alright: the whole interval lies within what is tolerated; not alright: the whole interval lies beyond it.
The figures in brackets after a rate are the change that the question asks about, with its interval. Test labels are made noisy ${String(configuration.nDraws)} times, and what they say is averaged for each seed.</p>
${tasks.map((task) => taskSections(task, tasks.length > 1))}
${configurationTable(configuration)}`,
  });
}

function noiseList(tasks: TaskResult[]): string {
  const kinds = [...new Set(tasks.flatMap(({ analysis }) => analysis.effects.map(({ kind }) => kind)))];
  return kinds.map((kind) => kindWords[kind]).join('; ');
}

function answersSection({ analysis }: TaskResult, seeds: number): Markup {
  return markup`${answersOf(analysis, seeds).map(
    ({
      question,
      verdict,
      details,
    }) => markup`<div class="answer"><p><strong>${question}</strong> ${unbroken(verdict)}</p>
<ul>${details.map((detail) => markup`<li>${unbroken(detail)}</li>`)}</ul></div>\n`,
  )}`;
}

function taskSections(task: TaskResult, named: boolean): Markup {
  const { name, trainClips, testClips, tags, skipped, analysis } = task;
  const rates = analysis.rankings[0].points.map(({ rate }) => 100 * rate);
  return markup`<section><h2>${named && `${name}: `}Training on noisy labels</h2>
<p>About ${trainClips} clips to train on, ${testClips} to test; ${tags.length} tags; mean ROC-AUC over the tags.${
    skipped.length > 0 && ` Left out: ${skipped.map(({ path, reason }) => `${path} (${reason})`).join('; ')}.`
  }</p>
<div class="charts">${analysis.effects.map(({ kind, points }) =>
    lineChart({
      title: capitalized(kindWords[kind]),
      ...{ x: [0, ...rates], xTicks: [0, ...rates], xLabel: 'rate, %', limits: [0, 1] },
      series: [
        series('true test labels', 'first', points.map(({ onTrue }) => onTrue)), // prettier-ignore
        series('as noisy', 'second', points.map(({ onNoisy }) => onNoisy)), // prettier-ignore
      ],
    }),
  )}</div>
${effectTable(analysis)}</section>
<section><h2>${named && `${name}: `}Ranking systems by noisy labels</h2>
<p>The systems learnt from true labels; noisy are the labels that they are ranked by. Kendall’s τ is 1 where the order is the
true one, 0 where it is left to chance, and below 0 where the labels say the contrary of the truth. Dashed: true labels on test clips drawn anew with replacement, which is what
chance does to a ranking without any noise.</p>
<div class="charts">${analysis.rankings.map(({ kind, points }) =>
    lineChart({
      title: capitalized(kindWords[kind]),
      ...{ x: rates, xTicks: rates, xLabel: 'rate, %; Kendall’s τ', limits: [-1, 1] },
      series: [
        series('noisy labels', 'first', points.map(({ tau }) => tau)), // prettier-ignore
        { name: 'clips drawn anew', style: 'second', values: rates.map(() => analysis.redrawn.tau.mean) },
      ],
    }),
  )}</div>
${rankingTable(analysis)}</section>
${analysis.remedies.length > 0 && remediesSection(task, named)}`;
}

function series(name: string, style: LineStyle, points: MeanInterval[]): LineSeries {
  return {
    ...{ name, style },
    values: points.map(({ mean }) => mean),
    intervals: points.map(({ interval }) => interval),
  };
}

function effectTable({ effects }: TaskAnalysis): Markup {
  return markup`<div class="scroll"><table class="numbers">
<caption>Precision and recall are those of the given positive labels. “As noisy”: by test labels with the same noise.</caption>
<thead><tr><th scope="col">rate</th><th scope="col">precision</th><th scope="col">recall</th><th scope="col">ROC-AUC, true labels</th><th scope="col">change by the noise</th><th scope="col">as noisy</th><th scope="col">as noisy − true</th></tr></thead>
<tbody>${effects.map(
    ({ kind, points }) =>
      markup`${groupRow(kindWords[kind], 7)}${points.slice(1).map(
        (
          point,
        ) => markup`<tr><th scope="row">${percent(point.rate)}</th><td>${point.precision.toFixed(2)}</td><td>${point.recall.toFixed(2)}</td>
<td>${figure(point.onTrue)}</td><td>${describeDifference(point.change)}</td><td>${figure(point.onNoisy)}</td><td>${describeDifference(point.misjudged)}</td></tr>\n`,
      )}`,
  )}</tbody></table></div>`;
}

function rankingTable({ rankings, redrawn }: TaskAnalysis): Markup {
  const row = (rate: string, ranking: Ranking, change: string) =>
    markup`<tr><th scope="row">${rate}</th><td>${figure(ranking.tau)}</td><td>${formatInterval(ranking.tauSpread)}</td><td>${figure(ranking.spearman)}</td><td>${change}</td><td>${percent(ranking.bestFound)}</td><td>${figure(ranking.regret)}</td></tr>\n`;
  return markup`<div class="scroll"><table class="numbers">
<caption>“Single draws”: 95 % of them lie there. “Given away”: the true ROC-AUC lost by choosing the system that looks best.</caption>
<thead><tr><th scope="col">rate</th><th scope="col">τ</th><th scope="col">single draws</th><th scope="col">Spearman’s ρ</th><th scope="col">τ less that of clips drawn anew</th><th scope="col">best found</th><th scope="col">given away</th></tr></thead>
<tbody>${groupRow('true labels, clips drawn anew', 7)}${row('0 %', redrawn, '–')}${rankings.map(
    ({ kind, points }) =>
      markup`${groupRow(kindWords[kind], 7)}${points.map((point) => row(percent(point.rate), point, describeDifference(point.change)))}`,
  )}</tbody></table></div>`;
}

function groupRow(title: string, columns: number): Markup {
  return markup`<tr class="group"><th colspan="${columns}" scope="rowgroup">${title}</th></tr>\n`;
}

function remediesSection({ name, analysis: { remedies } }: TaskResult, named: boolean): Markup {
  const ends = remedies.flatMap(({ rows, clean }) =>
    [...rows.map(({ onTrue }) => onTrue), clean].flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]),
  );
  const axis = { low: Math.floor(20 * Math.min(...ends)) / 20, high: Math.ceil(20 * Math.max(...ends)) / 20 };
  return markup`<section><h2>${named && `${name}: `}Remedies side by side</h2>
<p>Trained on the same noisy labels, scored by true ones. “More data” has twice the clips with labels as noisy. Rates that a
remedy needs come from setting the labels of ${remedyOptions.audited} training clips right, which are used for nothing else.</p>
<div class="scroll"><table class="study"><caption>Mean ROC-AUC on true test labels, and its gain over no remedy.</caption>
<colgroup><col class="name"><col><col class="wide"><col class="wide"></colgroup>
<thead><tr><th scope="col">remedy</th><th class="plotted" aria-hidden="true">${dotPlotAxis(axis)}</th><th scope="col">mean [95 % interval]</th><th scope="col">gain [95 % interval]</th></tr></thead>
<tbody>${remedies.map(({ noise, clean, rows }) => {
    const lines = [
      ...rows.map(({ remedy, onTrue, gain }) => ({
        ...{ title: remedy === 'none' ? 'no remedy' : remedy, onTrue },
        gain: remedy === 'none' ? '' : describeDifference(gain),
      })),
      { title: 'true labels', onTrue: clean, gain: '' },
    ];
    return markup`${groupRow(describeNoise(noise), 4)}${lines.map(
      (
        { title, onTrue, gain },
        i,
      ) => markup`<tr class="${i % 2 === 0 && 'even'}"><th scope="row">${title}</th>
<td class="plotted">${dotPlotRow(axis, { value: onTrue.mean, interval: onTrue.interval, chance: rows[0].onTrue.mean })}</td><td>${figure(onTrue)}</td><td>${gain}</td></tr>`,
    )}`;
  })}</tbody></table></div>
<p class="note">The tick in each row stands at no remedy.</p></section>`;
}

function figure({ mean, interval }: MeanInterval): Markup {
  return markup`${formatFigure(mean)} ${interval && markup`<span class="interval">${formatInterval(interval)}</span>`}`;
}

/** Keeps a number and its % on one line. */
function unbroken(text: string): string {
  return text.replaceAll(' %', '\u00a0%');
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
