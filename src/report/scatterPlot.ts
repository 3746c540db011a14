/** Named points in a square. */
import type { Markup } from './markup.ts';
import { markup } from './markup.ts';
import { niceTicks } from './niceTicks.ts';

export interface ScatterPlotOptions {
  title: string;
  xLabel: string;
  yLabel: string;
  points: { name: string; x: number; y: number }[];
}

const size = 300;
const [left, top] = [52, 14];

/**
 * Draws named points; each axis has the range of its coordinates. A point tells its name where a pointer rests.
 *
 * @throws RangeError if a coordinate is not finite, or there is no point.
 * @example scatterPlot({ title: 'AUC', xLabel: 'given', yLabel: 'audited', points: [{ name: 'a', x: 0.8, y: 0.9 }] })
 */
export function scatterPlot({ title, xLabel, yLabel, points }: ScatterPlotOptions): Markup {
  const values = points.flatMap(({ x, y }) => [x, y]);
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw new RangeError(`scatterPlot: "${title}" needs points with finite coordinates.`);
  }
  const range = (coordinates: number[]) => {
    const [low, high] = [Math.min(...coordinates), Math.max(...coordinates)];
    const margin = 0.08 * (high - low) || 0.05;
    const share = (value: number) => (value - low + margin) / (high - low + 2 * margin);
    return { share, ticks: niceTicks(low - margin, high + margin, 5) };
  };
  const [horizontal, vertical] = [range(points.map(({ x }) => x)), range(points.map(({ y }) => y))];
  const atX = (value: number) => (left + size * horizontal.share(value)).toFixed(1);
  const atY = (value: number) => (top + size * (1 - vertical.share(value))).toFixed(1);
  return markup`<figure class="chart"><figcaption><strong>${title}</strong></figcaption>
<svg viewBox="0 0 ${left + size + 14} ${top + size + 46}" width="${left + size + 14}" height="${top + size + 46}" style="max-width: 100%; height: auto" role="img" aria-label="${title}">
${horizontal.ticks.map(
  (tick) =>
    markup`<line class="grid" x1="${atX(tick)}" x2="${atX(tick)}" y1="${top}" y2="${top + size}"/><text x="${atX(tick)}" y="${top + size + 16}" text-anchor="middle">${tick}</text>`,
)}
${vertical.ticks.map(
  (tick) =>
    markup`<line class="grid" y1="${atY(tick)}" y2="${atY(tick)}" x1="${left}" x2="${left + size}"/><text x="${left - 6}" y="${atY(tick)}" dy="4" text-anchor="end">${tick}</text>`,
)}
${points.map(({ name, x, y }) => markup`<circle class="dot" cx="${atX(x)}" cy="${atY(y)}" r="5"><title>${name}: ${x.toFixed(3)}, ${y.toFixed(3)}</title></circle>`)}
<text x="${left + size / 2}" y="${top + size + 36}" text-anchor="middle">${xLabel}</text>
<text transform="translate(11 ${top + size / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>
</svg></figure>`;
}
