/** The study's result as data, and as one page that opens offline. */
import { barChart } from '../../src/report/barChart.ts';
import { configurationTable } from '../../src/report/configurationTable.ts';
import type { Markup } from '../../src/report/markup.ts';
import { markup } from '../../src/report/markup.ts';
import { htmlPage } from '../../src/report/htmlPage.ts';

/** Seconds for all clips, projected from the median, the quickest and the slowest batch. */
export interface Time {
  seconds: number;
  low: number;
  high: number;
}

/** One size of the convnet. */
export interface OverheadSize {
  filters: number;
  /** Trainable. */
  parameters: number;
  /** Waveform to what the first block takes in. */
  frontEnd: Time;
  /** The front end in both. */
  training: Time;
  inference: Time;
}

export interface OverheadResult {
  created: string;
  engine: { name: string; device: string; version: string };
  configuration: { clips: number; seconds: number; batches: number; batchSize: number } & Record<
    string,
    number
  >;
  sizes: OverheadSize[];
}

type Whole = 'training' | 'inference';

/** @example await writeWhole('report.html', renderOverheadReport(result)) */
export function renderOverheadReport({ created, engine, configuration, sizes }: OverheadResult): string {
  const { clips, seconds, batches, batchSize } = configuration;
  const title = 'What the front end costs';
  return htmlPage({
    title,
    note: markup`${created} · ${engine.name} ${engine.version} on ${engine.device}`,
    body: markup`<p>Time for ${clips.toLocaleString('en')} clips of ${seconds} s through log-mel front end and convnet, for ${sizes.length}
sizes of the convnet, as in Choi, Joo &amp; Kim 2017, arXiv:1706.05781. Projected from the median of ${batches} batches of
${batchSize} clips of noise that lie in memory.</p>
<section><h2>Training</h2><div class="charts">${shareChart(sizes, 'training')}${timeChart(sizes, 'training')}</div></section>
<section><h2>Inference</h2><div class="charts">${shareChart(sizes, 'inference')}${timeChart(sizes, 'inference')}</div></section>
${figures(sizes)}
${configurationTable({ ...configuration, filters: sizes.map(({ filters }) => filters) })}`,
  });
}

const parts = [
  { name: 'front end', style: 'second' as const },
  { name: 'convnet', style: 'first' as const },
];

/** As the paper has it: each bar is the whole. */
function shareChart(sizes: OverheadSize[], whole: Whole): Markup {
  return barChart({
    title: 'Share',
    axis: '% of the time',
    parts,
    end: 100,
    bars: sizes.map((size) => {
      const share = shareOf(size, whole);
      return { label: labelOf(size), note: `front end ${share.toFixed(1)} %`, values: [share, 100 - share] };
    }),
  });
}

function timeChart(sizes: OverheadSize[], whole: Whole): Markup {
  return barChart({
    title: 'Time',
    axis: 'seconds',
    parts,
    bars: sizes.map((size) => {
      const [own, all] = [size.frontEnd.seconds, size[whole].seconds];
      const note = `${own.toFixed(0)} of ${all.toFixed(0)} s`;
      return { label: labelOf(size), note, values: [Math.min(own, all), Math.max(0, all - own)] };
    }),
  });
}

function figures(sizes: OverheadSize[]): Markup {
  const time = ({ seconds, low, high }: Time) =>
    `${seconds.toFixed(0)} [${low.toFixed(0)}–${high.toFixed(0)}]`;
  return markup`<section><h2>Figures</h2><div class="scroll"><table class="numbers">
<caption>Seconds for all clips: from the median batch [quickest–slowest]; share of the front end.</caption>
<thead><tr>${['parameters', 'channels', 'front end', 'training', 'share', 'inference', 'share'].map(
    (head) => markup`<th scope="col">${head}</th>`,
  )}</tr></thead>
<tbody>${sizes.map(
    (
      size,
    ) => markup`<tr><th scope="row">${size.parameters.toLocaleString('en')}</th><td>${size.filters}</td><td>${time(size.frontEnd)}</td>
<td>${time(size.training)}</td><td>${shareOf(size, 'training').toFixed(1)} %</td>
<td>${time(size.inference)}</td><td>${shareOf(size, 'inference').toFixed(1)} %</td></tr>
`,
  )}</tbody></table></div></section>`;
}

/** Percent; noise can make the part longer than the whole. */
function shareOf(size: OverheadSize, whole: Whole): number {
  return Math.min(100, (100 * size.frontEnd.seconds) / size[whole].seconds);
}

function labelOf({ parameters }: OverheadSize): string {
  return `${parameters.toLocaleString('en')} parameters`;
}
