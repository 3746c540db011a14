/** One row of a dot plot, and its axis: positions are percentages, so that text and marks keep their size at every width. */

import type { Markup } from './markup.ts';
import { markup } from './markup.ts';
import { niceTicks } from './niceTicks.ts';

export interface DotAxis {
  low: number;
  high: number;
}

export interface DotRow {
  /** Where the filled dot stands. */
  value: number;
  /** Ends of the whisker. */
  interval: readonly [number, number] | null;
  /** Where the hollow diamond stands. */
  compared?: number | null;
  /** Where the vertical tick of a guess without knowledge stands; left out where there is none. */
  chance?: number | null;
}

export function dotPlotRow({ low, high }: DotAxis, { value, interval, compared, chance }: DotRow): Markup {
  const at = (figure: number) =>
    `${((100 * (Math.min(Math.max(figure, low), high) - low)) / (high - low)).toFixed(2)}%`;
  return markup`<svg class="dots" aria-hidden="true">
${ticksOf({ low, high }).map((tick) => markup`<line class="grid" x1="${at(tick)}" x2="${at(tick)}" y1="0" y2="100%"/>`)}
${chance != null && markup`<line class="chance" x1="${at(chance)}" x2="${at(chance)}" y1="15%" y2="85%"/>`}
${interval && markup`<line class="whisker" x1="${at(interval[0])}" x2="${at(interval[1])}" y1="50%" y2="50%"/>`}
<circle class="dot" cx="${at(value)}" cy="50%" r="4.5"/>
${compared != null && markup`<svg x="${at(compared)}" y="50%"><path class="diamond" d="M-6 0L0 -6L6 0L0 6Z"/></svg>`}</svg>`;
}

export function dotPlotAxis(axis: DotAxis): Markup {
  return markup`<svg class="dots" aria-hidden="true">${ticksOf(axis).map((tick) => {
    const position = ((tick - axis.low) / (axis.high - axis.low)) * 100;
    return markup`<text x="${position.toFixed(2)}%" y="50%" dy="4" text-anchor="middle">${tick}</text>`;
  })}</svg>`;
}

function ticksOf({ low, high }: DotAxis): number[] {
  return niceTicks(low, high, 5);
}
