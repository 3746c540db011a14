/**
 * A line chart that keeps its text size at every width: positions are percentages, and only the lines themselves are
 * stretched, with strokes that do not scale. Colours come from the page's style sheet, so it follows light and dark.
 */

import { formatFigure } from './formatFigure.ts';
import type { Markup } from './markup.ts';
import { markup } from './markup.ts';
import { niceTicks } from './niceTicks.ts';

/** Looks of a line; each differs in dash as well as in colour. */
export type LineStyle = 'first' | 'second' | 'third';

export interface LineSeries {
  name: string;
  style: LineStyle;
  /** One value for each x; null leaves a gap. */
  values: (number | null)[];
  /** Ends of an interval at each x, drawn as a band. */
  intervals?: ([number, number] | null)[];
}

export interface LineChartOptions {
  title: string;
  /** Rising, at least one. */
  x: number[];
  xLabel: string;
  /** Where the axis has its numbers. Default: round ones. */
  xTicks?: number[];
  series: LineSeries[];
  /** A value of x to mark with a vertical line. */
  mark?: { x: number; label: string };
  /** The values cannot go beyond these. */
  limits?: [number, number];
}

/** Below this many points each one is drawn as a dot too. */
const DOTS_UP_TO = 15;

export function lineChart(options: LineChartOptions): Markup {
  const { title, x, xLabel, series, mark, limits } = options;
  const [left, right] = [x[0], x[x.length - 1]];
  const xTicks = options.xTicks ?? niceTicks(left, right, 6, 1);
  const atX = (value: number) => (right > left ? ((value - left) / (right - left)) * 100 : 50);
  const [bottom, top] = valueRange(series, limits);
  const atY = (value: number) => ((top - value) / (top - bottom)) * 100;
  const yTicks = niceTicks(bottom, top, 5);
  const decimals = yTicks.length < 2 ? 2 : Math.max(0, Math.ceil(-Math.log10(yTicks[1] - yTicks[0]) - 1e-9));

  return markup`<figure class="chart">
<figcaption><strong>${title}</strong> ${series.map(
    (line) => markup`<span class="key"><svg width="26" height="10" aria-hidden="true">
<line x1="1" x2="25" y1="5" y2="5" class="line ${line.style}"/></svg> ${line.name}</span> `,
  )}</figcaption>
<div class="plot"><svg role="img" aria-label="${describe(title, x, series, xLabel)}">
${yTicks.map(
  (tick) => markup`<line class="grid" x1="0" x2="100%" y1="${atY(tick)}%" y2="${atY(tick)}%"/>
<text x="-7" y="${atY(tick)}%" dy="4" text-anchor="end">${tick.toFixed(decimals)}</text>`,
)}
${xTicks.map(
  (tick) =>
    markup`<svg x="${atX(tick)}%" y="100%"><line class="tick" y2="4"/><text y="17" text-anchor="middle">${tick}</text></svg>`,
)}
<line class="tick" x1="0" x2="100%" y1="100%" y2="100%"/>
<text x="100%" y="100%" dy="34" text-anchor="end" class="axis">${xLabel}</text>
${mark && drawMark(mark.label, atX(mark.x))}
<svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none">
${series.map((line) => line.intervals && drawBand(line.style, line.intervals, x.map(atX), atY))}
${series.map((line) => drawLine(line, x.map(atX), atY, x.length <= DOTS_UP_TO))}
</svg></svg></div></figure>`;
}

function valueRange(series: LineSeries[], limits?: [number, number]): [number, number] {
  const values = series
    .flatMap((line) => [...line.values, ...(line.intervals ?? []).flatMap((ends) => ends ?? [])])
    .filter(isNumber);
  if (values.length === 0) return limits ?? [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = high > low ? 0.06 * (high - low) : 0.1 * Math.abs(high) || 0.1;
  return [Math.max(low - margin, limits?.[0] ?? -Infinity), Math.min(high + margin, limits?.[1] ?? Infinity)];
}

function drawMark(label: string, position: number): Markup {
  const toTheLeft = position > 50;
  return markup`<line class="mark" x1="${position}%" x2="${position}%" y1="0" y2="100%"/>
<text class="mark" x="${position}%" dx="${toTheLeft ? -5 : 5}" y="0" dy="-5" text-anchor="${toTheLeft ? 'end' : 'start'}">${label}</text>`;
}

/** Up one side and back the other; an x without an interval is passed over. */
function drawBand(
  style: LineStyle,
  intervals: ([number, number] | null)[],
  positions: number[],
  atY: (value: number) => number,
): Markup {
  const edge = (end: 0 | 1) =>
    intervals.flatMap((ends, i) => (ends ? [`${positions[i].toFixed(3)} ${atY(ends[end]).toFixed(3)}`] : []));
  return markup`<polygon class="band ${style}" points="${[...edge(0), ...edge(1).toReversed()].join(' ')}"/>`;
}

function drawLine(
  { style, values }: LineSeries,
  positions: number[],
  atY: (value: number) => number,
  dots: boolean,
): Markup {
  const at = (i: number) => `${positions[i].toFixed(3)} ${atY(values[i] as number).toFixed(3)}`;
  const there = (i: number) => isNumber(values[i]);
  const path = values.map((_, i) => (there(i) ? `${there(i - 1) ? 'L' : 'M'}${at(i)}` : '')).join('');
  // A dot is a line of no length with round ends, so that stretching does not make it an ellipse.
  const isDot = (i: number) => there(i) && (dots || !(there(i - 1) || there(i + 1)));
  const dotPath = values.map((_, i) => (isDot(i) ? `M${at(i)}h0` : '')).join('');
  return markup`<path class="line ${style}" d="${path}"/>${dotPath !== '' && markup`<path class="point ${style}" d="${dotPath}"/>`}`;
}

function describe(title: string, x: number[], series: LineSeries[], xLabel: string): string {
  const ends = series.map(({ name, values }) => {
    const known = values.filter(isNumber);
    return `${name} from ${formatFigure(known[0])} to ${formatFigure(known.at(-1))}`;
  });
  return `${title} over ${xLabel} ${x[0]} to ${x[x.length - 1]}: ${ends.join('; ')}`;
}

function isNumber(value: number | null | undefined): value is number {
  return Number.isFinite(value);
}
