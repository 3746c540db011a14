/** A value over time, such as a waveform, as the band between its smallest and its largest value, with axes. */
import { markup, type Markup } from '../report/markup.ts';
import { niceTicks } from '../report/niceTicks.ts';
import { finiteRange } from '../report/spectrogramImage.ts';

/** Points along time: about two a pixel. */
const columns = 800;

/**
 * The axis spans as much below 0 as above it; from 0 on where no value is negative.
 *
 * @param name for those who do not see the picture
 * @param rate values a second
 */
export function curveFigure(
  name: string,
  values: Float32Array,
  { rate, unit = 'amplitude' }: { rate: number; unit?: string },
): Markup {
  const seconds = values.length / rate;
  const [low, high] = finiteRange(values);
  const peak = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const bottom = low < 0 ? -peak : 0;
  const fromTop = (value: number) => ((peak - value) / (peak - bottom)) * 100;
  const percent = (value: number) => `${value.toFixed(2)}%`;
  return markup`<div class="map curve">
<svg role="img" aria-label="${name}: ${seconds.toFixed(1)} s, peak ${peak.toPrecision(3)} ${unit}" viewBox="0 0 ${columns} 100" preserveAspectRatio="none">
<path class="curve" d="${envelopePath(values, fromTop)}"/></svg>
<svg aria-hidden="true">${niceTicks(bottom, peak, 4).map(
    (
      tick,
    ) => markup`<line class="tick" x1="-4" x2="0" y1="${percent(fromTop(tick))}" y2="${percent(fromTop(tick))}"/>
<text x="-7" y="${percent(fromTop(tick))}" dy="4" text-anchor="end">${tick.toLocaleString('en')}</text>`,
  )}
<text x="0" y="-8" text-anchor="start">${unit}</text>
${niceTicks(0, seconds, 6).map(
  (time) => markup`<svg x="${percent((100 * time) / seconds)}" y="100%"><line class="tick" y2="4"/>
<text y="17" text-anchor="${time === 0 ? 'start' : 'middle'}">${time}${time === 0 && ' s'}</text></svg>`,
)}</svg></div>`;
}

/** Along the largest values of each column and back along the smallest. */
function envelopePath(values: Float32Array, fromTop: (value: number) => number): string {
  const count = Math.min(columns, values.length);
  const edges = Array.from({ length: count }, (_, column) => {
    const part = values.subarray(
      Math.floor((column * values.length) / count),
      Math.floor(((column + 1) * values.length) / count),
    );
    return finiteRange(part);
  });
  const at = (column: number, value: number) =>
    `${((column * columns) / count).toFixed(1)} ${fromTop(Number.isFinite(value) ? value : 0).toFixed(2)}`;
  const over = edges.map(([, high], column) => at(column, high));
  const back = edges.map(([low], column) => at(column, low)).toReversed();
  return `M${[...over, ...back].join('L')}Z`;
}
