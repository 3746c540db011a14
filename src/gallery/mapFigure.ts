/** A map with its axes and its colour bar. */
import { markup, type Markup } from '../report/markup.ts';
import { niceTicks } from '../report/niceTicks.ts';
import { decibelRange, drawSpectrogram, finiteRange, type TimeMap } from '../report/spectrogramImage.ts';
import { axisTicks } from './axisTicks.ts';
import type { MapAxis } from './galleryEntry.ts';

/** Few bins keep their edges. */
const blurFrom = 48;

/** Drawn down to 80 dB below the loudest. */
const isDecibel = /^dB($| of |\()/;

export interface MapFigureOptions {
  axis: MapAxis;
  unit: string;
  secondsPerFrame: number;
  /** As in `MapPicture`. Default 0. */
  beyond?: number;
}

/**
 * @param name for those who do not see the picture
 * @throws RangeError if the picture's axis does not have the map's number of bins.
 */
export function mapFigure(
  name: string,
  map: TimeMap,
  { axis, unit, secondsPerFrame, beyond = 0 }: MapFigureOptions,
): Markup {
  const { values, unit: drawnUnit } = drawn(map.values, unit);
  const range = isDecibel.test(drawnUnit) ? decibelRange(values) : quantileRange(values, beyond);
  const png = Buffer.from(drawSpectrogram({ ...map, values }, range)).toString('base64');
  const { nFrames, nBins } = map;
  const seconds = nFrames * secondsPerFrame;
  const atTime = (time: number) => `${((100 * (time / secondsPerFrame + 0.5)) / nFrames).toFixed(2)}%`;
  const fromTop = (height: number) => `${(100 * (1 - height)).toFixed(2)}%`;
  return markup`<div class="map${nBins < blurFrom && ' sharp'}">
<img src="data:image/png;base64,${png}" alt="${name}: ${seconds.toFixed(1)} s by ${nBins} bins, ${rangeText(range)} ${drawnUnit}">
<svg aria-hidden="true">${axisTicks(axis, nBins).map(
    ({
      label,
      height,
    }) => markup`<line class="tick" x1="-4" x2="0" y1="${fromTop(height)}" y2="${fromTop(height)}"/>
<text x="-7" y="${fromTop(height)}" dy="4" text-anchor="end">${label}</text>`,
  )}
${niceTicks(0, seconds - secondsPerFrame, 6).map(
  (time) => markup`<svg x="${atTime(time)}" y="100%"><line class="tick" y2="4"/>
<text y="17" text-anchor="${time === 0 ? 'start' : 'middle'}">${time}${time === 0 && ' s'}</text></svg>`,
)}</svg>
${colourBar(range, drawnUnit)}</div>`;
}

function colourBar([low, high]: [number, number], unit: string): Markup {
  // six digits: a last step of rounding must not take a tick at the very end
  const ticks = high > low ? niceTicks(Number(low.toPrecision(6)), Number(high.toPrecision(6)), 4) : [];
  const decimals = ticks.length < 2 ? 0 : Math.max(0, Math.ceil(-Math.log10(ticks[1] - ticks[0]) - 1e-9));
  return markup`<div class="colours" aria-hidden="true"><svg>${ticks.map((tick) => {
    const y = `${((100 * (high - tick)) / (high - low)).toFixed(2)}%`;
    return markup`<line class="tick" x1="100%" x2="100%" y1="${y}" y2="${y}"/><text x="17" y="${y}" dy="4">${tick.toFixed(decimals)}</text>`;
  })}<text x="100%" y="-8" text-anchor="middle">${unit}</text></svg></div>`;
}

/** Power and magnitude span too many decades for a colour scale: they are drawn in decibels. */
function drawn(values: Float32Array, unit: string): { values: Float32Array; unit: string } {
  if (unit !== 'power' && unit !== 'magnitude') return { values, unit };
  const factor = unit === 'power' ? 10 : 20;
  return {
    values: values.map((value) => factor * Math.log10(Math.max(value, 1e-20))),
    unit: `dB of ${unit}`,
  };
}

/** Without the share `beyond` at either end. */
function quantileRange(values: Float32Array, beyond: number): [number, number] {
  if (beyond === 0) return finiteRange(values);
  const sorted = values.filter(Number.isFinite).sort();
  const skipped = Math.floor(beyond * sorted.length);
  return sorted.length === 0 ? finiteRange(values) : [sorted[skipped], sorted[sorted.length - 1 - skipped]];
}

function rangeText([low, high]: [number, number]): string {
  return high >= low ? `${low.toPrecision(3)} to ${high.toPrecision(3)}` : 'nothing finite';
}
