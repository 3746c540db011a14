/** The study's result as data, and as one page that opens offline. */
import type { SkippedClip } from '../../datasets/index.ts';
import { configurationTable } from '../../src/report/configurationTable.ts';
import { dotPlotAxis, dotPlotRow, type DotAxis } from '../../src/report/dotPlot.ts';
import { formatFigure } from '../../src/report/formatFigure.ts';
import { figureTable, htmlPage } from '../../src/report/htmlPage.ts';
import { lineChart } from '../../src/report/lineChart.ts';
import { markup, type Markup } from '../../src/report/markup.ts';
import { scatterPlot } from '../../src/report/scatterPlot.ts';
import type { Figure, Group, StudyAnalysis } from './analysis.ts';
import { chromaFigure, searchFigure, studyStyle } from './chromaFigures.ts';
import { answers, contestants, describeDifference, describeFigure } from './describe.ts';
import {
  armName,
  describeArm,
  type Arm,
  type Condition,
  type Decoding,
  type HyperParameters,
} from './design.ts';
import type { StudyPictures } from './pictures.ts';
import type { CurvePoint } from './trainChroma.ts';

/** A trial without its clips. */
export interface TrialSummary {
  arm: Arm;
  trial: number;
  /** Mean recall over the conditions on the validation clips. */
  valid: number;
  /** Recall on the test clips: as they are, and over all other conditions. */
  clean: number;
  distorted: number;
  decoding: Decoding;
  curve: CurvePoint[];
  seconds: number;
}

export interface StudyResult {
  created: string;
  engine: { name: string; device: string; version: string };
  configuration: Record<string, unknown>;
  data: {
    name: string;
    train: number;
    valid: number;
    test: number;
    /** Instruments of the test clips that training did not hear; none for recordings. */
    unseen: string[];
    skipped: SkippedClip[];
  };
  conditions: Condition[];
  draws: HyperParameters[];
  trials: TrialSummary[];
  analysis: StudyAnalysis;
  pictures: StudyPictures;
  /** Of all trials together. */
  seconds: number;
}

/** @example await writeWhole('report.html', renderStudyReport(result)) */
export function renderStudyReport(result: StudyResult): string {
  const { created, engine, configuration, data, trials, draws, analysis, pictures } = result;
  const { skipped } = data;
  const title = 'Learned chroma: the filterbank that training finds';
  return htmlPage({
    title,
    note: markup`${created} · ${engine.name} ${engine.version} on ${engine.device}`,
    style: studyStyle,
    body: markup`<p>Chroma is octave equivalence: a fixed matrix from the bins of a constant-Q transform to twelve pitch classes.
Humphrey’s practicum of 2013 asks what training finds in its place. Here one, two or three rectified layers are trained
towards the templates of the chords that are played, on ${data.train} clips; ${data.valid} others choose between
${draws.length === 1 ? 'one draw' : `${draws.length} draws`} of the hyper-parameters for each kind, the same draws for all, and ${data.test} are tested. Fixed
chroma has as many draws of compression and decoding. All are decoded alike: nearest template, smoothed by Viterbi’s path.</p>
${answers(result).map((sentence) => markup`<p class="answer">${sentence}</p>`)}
<p class="note">Intervals are 95 % bootstrap intervals over the test clips, differences paired clip by clip; they know nothing of another draw of
training clips or hyper-parameters, and are not corrected for the number of comparisons.</p>
${skipped.length > 0 && markup`<p class="note">Left out: ${skipped.map(({ path, reason }) => `${path} (${reason})`).join('; ')}.</p>`}
<section><h2>Fixed against learned</h2>${contestTable(result)}</section>
<section><h2>All kinds</h2>${armTable(result)}</section>
<section><h2>What each choice does</h2>${effectTable(analysis)}</section>
<section><h2>The whole search</h2>
<p>Every trial’s recall on the test clips as they are; the ring marks the one that the validation clips chose, by the mean over all
conditions.</p>
${searchFigure(trials, analysis)}
<div class="charts">${searchScatters(result)}</div></section>
<section><h2>Weights</h2><p class="note">One layer, all distortions; bins from left to right (${pictures.weights[0].values.length / 12}, from C1, three a semitone), pitch classes upwards
from C. Each map has its own range.</p>
<div class="charts">${pictures.weights.map((picture) => chromaFigure(picture, { unit: 'octaves' }))}</div></section>
<section><h2>One progression</h2>${pictures.progressions.map(
      ({ condition, clip, seconds, maps }) => markup`<h3>${clip}, ${condition}</h3>
<div class="charts">${maps.map((picture) => chromaFigure(picture, { unit: 'seconds', length: seconds }))}</div>`,
    )}</section>
<section><h2>Learning curves</h2><p class="note">Template loss of the chosen trials, all distortions: on training batches, which are distorted, and on
validation frames, which are not.</p>
<div class="charts">${learningCurves(result)}</div></section>
<section><h2>Draws</h2>${drawTable(draws)}</section>
${configurationTable(configuration)}`,
  });
}

/** Room for intervals, in steps of a tenth. */
function axisOf(figures: readonly Figure[]): DotAxis {
  const lowest = Math.min(...figures.map(({ value, interval }) => interval?.[0] ?? value));
  return { low: Math.max(0, Math.floor(10 * lowest) / 10), high: 1 };
}

function contestTable({ analysis, conditions }: StudyResult): Markup {
  const [fixed, chosen] = contestants(analysis);
  const groups: Group[] = [...conditions, 'distorted'];
  const axis = axisOf(groups.flatMap((group) => [fixed.recalls[group]!, chosen.recalls[group]!]));
  return markup`<p class="keys"><span class="key">${key(markup`<line class="whisker" x1="2" x2="24" y1="8" y2="8"/><circle class="dot" cx="13" cy="8" r="4.5"/>`)} learned, with the interval</span>
<span class="key">${key(markup`<path class="diamond" d="M7 8L13 2L19 8L13 14Z"/>`)} octave equivalence</span></p>
<div class="scroll"><table class="study"><caption>Weighted recall over major, minor and no chord; learned: ${describeArm(chosen.arm)}. “distorted” is all but clean together.</caption>
<colgroup><col class="short"><col><col class="figure"><col class="figure"><col class="wide"></colgroup>
<thead><tr><th scope="col">clips</th><th class="plotted" aria-hidden="true">${dotPlotAxis(axis)}</th><th scope="col">fixed</th><th scope="col">learned</th><th scope="col">difference</th></tr></thead>
<tbody>${groups.map((group, i) => {
    const [before, learned] = [fixed.recalls[group]!, chosen.recalls[group]!];
    return markup`<tr class="${i % 2 === 0 && 'even'}"><th scope="row">${group}</th>
<td class="plotted">${dotPlotRow(axis, { value: learned.value, interval: learned.interval, compared: before.value })}</td>
<td>${describeFigure(before)}</td><td>${describeFigure(learned)}</td><td>${describeDifference(chosen.gains[group]!)}</td></tr>\n`;
  })}</tbody></table></div>`;
}

function armTable({ analysis, conditions }: StudyResult): Markup {
  const shown = (['clean', 'noise 0 dB', 'distorted'] as const).filter(
    (group) => group === 'distorted' || conditions.includes(group),
  );
  return figureTable(
    'The trial of each kind that the validation clips chose: its recall there, mean over the conditions, and on the test clips with intervals.',
    ['kind', 'validation', ...shown],
    analysis.arms.map(({ arm, valid, recalls }) => [
      armName(arm) === analysis.chosen ? markup`<b>${describeArm(arm)}</b>` : describeArm(arm),
      formatFigure(valid),
      ...shown.map((group) => describeFigure(recalls[group]!)),
    ]),
  );
}

function effectTable({ effects }: StudyAnalysis): Markup {
  const ends = effects.flatMap(({ clean, distorted }) => [
    ...(clean.interval ?? []),
    ...(distorted.interval ?? []),
  ]);
  const far = Math.ceil(20 * Math.max(0.02, ...ends.map(Math.abs)) + 1e-9) / 20;
  const axis = { low: -far, high: far };
  return markup`<p class="keys"><span class="key">${key(markup`<line class="whisker" x1="2" x2="24" y1="8" y2="8"/><circle class="dot" cx="13" cy="8" r="4.5"/>`)} clips as they are, with the interval</span>
<span class="key">${key(markup`<path class="diamond" d="M7 8L13 2L19 8L13 14Z"/>`)} distorted</span></p>
<div class="scroll"><table class="study"><caption>Difference in recall between two kinds, the chosen trial of each; with all distortions in training, unless it says otherwise.</caption>
<colgroup><col class="name"><col><col class="wide"><col class="wide"></colgroup>
<thead><tr><th scope="col">comparison</th><th class="plotted" aria-hidden="true">${dotPlotAxis(axis)}</th><th scope="col">clean</th><th scope="col">distorted</th></tr></thead>
<tbody>${effects.map(
    (
      { name, clean, distorted },
      i,
    ) => markup`<tr class="${i % 2 === 0 && 'even'}"><th scope="row">${name}</th>
<td class="plotted">${dotPlotRow(axis, { value: clean.value, interval: clean.interval, compared: distorted.value, chance: 0 })}</td>
<td>${describeDifference(clean)}</td><td>${describeDifference(distorted)}</td></tr>\n`,
  )}</tbody></table></div>`;
}

function searchScatters({ trials, draws }: StudyResult): Markup[] {
  const learned = trials.filter(({ arm }) => arm.layers > 0);
  const plot = (title: string, xLabel: string, x: (trial: TrialSummary) => number) =>
    scatterPlot({
      ...{ title, xLabel, yLabel: 'test recall, distorted' },
      points: learned.map((trial) => ({
        name: `${describeArm(trial.arm)}, trial ${trial.trial}`,
        x: x(trial),
        y: trial.distorted,
      })),
    });
  const drawOf = ({ trial }: TrialSummary) => draws[trial - 1];
  return [
    plot('Chosen by validation', 'validation recall', ({ valid }) => valid),
    plot('Learning rate', 'log10 of the rate', (trial) => Math.log10(drawOf(trial).learningRate)),
    plot('Compression', 'log10 of the compression', (trial) => Math.log10(drawOf(trial).compression)),
  ];
}

function learningCurves({ trials, analysis }: StudyResult): Markup[] {
  return analysis.arms
    .filter(({ arm }) => arm.training.length > 1)
    .map(({ arm, best }) => {
      const { curve } = trials.find((trial) => trial.trial === best && armName(trial.arm) === armName(arm))!;
      return lineChart({
        title: `${arm.layers} ${arm.layers === 1 ? 'layer' : 'layers'}${arm.regularised ? ', regularised' : ''}`,
        x: curve.map(({ step }) => step),
        xLabel: 'steps; template loss',
        series: [
          { name: 'training', style: 'second', values: curve.map(({ train }) => train) },
          { name: 'validation', style: 'first', values: curve.map(({ valid }) => valid) },
        ],
      });
    });
}

function drawTable(draws: readonly HyperParameters[]): Markup {
  const short = (value: number) => String(Number(value.toPrecision(3)));
  const rows: [string, (draw: HyperParameters) => string][] = [
    ['compression', ({ compression }) => short(compression)],
    ['learning rate', ({ learningRate }) => short(learningRate)],
    ['noise on octaves', ({ octaveNoise }) => short(octaveNoise)],
    ['deviation, deeper', ({ startNoise }) => short(startNoise)],
    ['hidden units, 2', ({ hiddenUnits }) => hiddenUnits[2].join(' ')],
    ['hidden units, 3', ({ hiddenUnits }) => hiddenUnits[3].join(' ')],
    ['L2', ({ l2 }) => short(l2)],
    ['L1', ({ l1 }) => short(l1)],
    ['L1 of activations', ({ activityL1 }) => short(activityL1)],
    ['largest norm', ({ maxNorm }) => short(maxNorm)],
    ['dropout', ({ dropout }) => short(dropout)],
    ['point noise', ({ pointNoise }) => short(pointNoise)],
    ['start from data', ({ dataStart }) => (dataStart ? 'yes' : 'no')],
  ];
  return markup`<details><summary>Hyper-parameters of every trial</summary>${figureTable(
    'A kind uses what concerns it; regularisers those of regularised kinds alone.',
    ['', ...draws.map((_, i) => String(i + 1))],
    rows.map(([name, read]) => [name, ...draws.map(read)]),
  )}</details>`;
}

function key(drawing: Markup): Markup {
  return markup`<svg width="26" height="16" aria-hidden="true">${drawing}</svg>`;
}
