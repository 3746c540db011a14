/** Horizontal bars made of parts, with their axis: positions are percentages, so that text keeps its size at every width. */
import type { LineStyle } from './lineChart.ts';
import type { Content, Markup } from './markup.ts';
import { markup } from './markup.ts';
import { niceTicks } from './niceTicks.ts';

export interface BarPart {
  name: string;
  style: LineStyle;
}

export interface BarChartOptions {
  title: string;
  /** Unit and meaning of the axis. */
  axis: string;
  /** Parts of each bar, from the left. */
  parts: BarPart[];
  /** `values`, each >= 0, go with `parts`; `note` stands behind the label, with the figures. */
  bars: { label: string; note: Content; values: number[] }[];
  /** End of the axis. Default: the longest bar. */
  end?: number;
}

const rowHeight = 30;
const lift = 20;

/**
 * @throws RangeError if a bar has another number of values than there are parts, or a value is not >= 0.
 * @example barChart({ title: 'Time', axis: 'seconds', parts: [{ name: 'all', style: 'first' }],
 *   bars: [{ label: 'one', note: '3 s', values: [3] }] })
 */
export function barChart({ title, axis, parts, bars, end }: BarChartOptions): Markup {
  for (const { label, values } of bars) {
    if (values.length !== parts.length || !values.every((value) => value >= 0)) {
      throw new RangeError(
        `barChart: "${label}" needs ${parts.length} values >= 0, one a part; got ${values.join(', ')}.`,
      );
    }
  }
  const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const longest = end ?? Math.max(...bars.map(({ values }) => total(values)));
  const percent = (value: number) => `${((100 * value) / longest).toFixed(2)}%`;
  return markup`<figure class="chart">
<figcaption><strong>${title}</strong> ${parts.map(
    ({ name, style }) =>
      markup`<span class="key"><svg width="14" height="12" aria-hidden="true"><rect width="14" height="12" ${fill(style)}/></svg> ${name}</span> `,
  )}</figcaption>
${bars.map(
  ({
    label,
    note,
    values,
  }) => markup`<p style="margin: 10px 0 2px"><b>${label}</b> <span class="note">${note}</span></p>
<svg width="100%" height="${rowHeight - 8}" aria-hidden="true">${values.map(
    (value, i) =>
      markup`<rect x="${percent(total(values.slice(0, i)))}" width="${percent(value)}" height="100%" ${fill(parts[i].style)}/>`,
  )}</svg>
`,
)}
<svg width="100%" height="${rowHeight + lift}" overflow="visible" aria-hidden="true">${niceTicks(
    0,
    longest,
    5,
  ).map(
    (tick) =>
      markup`<line class="tick" x1="${percent(tick)}" x2="${percent(tick)}" y1="0" y2="5"/><text x="${percent(tick)}" y="${lift}" text-anchor="${anchor(tick, longest)}">${tick.toLocaleString('en')}</text>`,
  )}<text x="50%" y="${2 * lift}" text-anchor="middle">${axis}</text></svg>
</figure>`;
}

/** Numbers at the ends stay inside. */
function anchor(tick: number, longest: number): string {
  if (tick === 0) return 'start';
  return tick > 0.95 * longest ? 'end' : 'middle';
}

function fill(style: LineStyle): Markup {
  return markup`style="fill: var(--${style})"`;
}
