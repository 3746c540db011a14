/** A square or oblong of coloured cells with names on both sides. */
import { magmaPalette } from './magma.ts';
import type { Markup } from './markup.ts';
import { markup } from './markup.ts';

export interface HeatMapOptions {
  title: string;
  /** Meaning of a cell, for the caption. */
  meaning: string;
  rows: readonly string[];
  columns: readonly string[];
  /** `[rows][columns]`; NaN leaves a cell empty. */
  values: number[][];
  /** Values of the darkest and the lightest colour; what lies beyond has the end's colour. */
  range: readonly [number, number];
}

/** Units of the drawing: a cell, and the room for names. */
const cell = 14;
const names = 118;

/**
 * Draws a matrix in magma, dark for low. Each cell tells its names and value where a pointer rests on it.
 *
 * @throws RangeError if the values are not `[rows][columns]`, or the range is empty.
 * @example heatMap({ title: 'C', meaning: 'share', rows: ['a'], columns: ['b'], values: [[0.5]], range: [0, 1] })
 */
export function heatMap({
  title,
  meaning,
  rows,
  columns,
  values,
  range: [low, high],
}: HeatMapOptions): Markup {
  if (values.length !== rows.length || values.some((row) => row.length !== columns.length)) {
    throw new RangeError(`heatMap: values must be [${rows.length}][${columns.length}], one for each cell.`);
  }
  if (!(high > low)) throw new RangeError(`heatMap: the range must rise; got ${low} to ${high}.`);
  const width = names + cell * columns.length;
  const height = names + cell * rows.length;
  const colour = (value: number) => {
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return `#${magmaPalette[Math.round(255 * share)].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  return markup`<figure class="chart">
<figcaption><strong>${title}</strong> <span class="key">${low} <span class="ramp"></span> ${high}</span><p class="note">${meaning}</p></figcaption>
<div class="scroll"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="max-width: 100%; height: auto" role="img" aria-label="${title}">
${rows.map((name, row) => markup`<text x="${names - 5}" y="${names + cell * (row + 0.8)}" text-anchor="end">${name}</text>`)}
${columns.map((name, column) => markup`<text transform="translate(${names + cell * (column + 0.8)} ${names - 5}) rotate(-90)">${name}</text>`)}
${values.map((line, row) =>
  line.map(
    (value, column) =>
      !Number.isNaN(value) &&
      markup`<rect x="${names + cell * column}" y="${names + cell * row}" width="${cell}" height="${cell}" fill="${colour(value)}"><title>${rows[row]} → ${columns[column]}: ${value.toFixed(3)}</title></rect>`,
  ),
)}
</svg></div></figure>`;
}
