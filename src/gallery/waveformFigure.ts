/** A waveform as the band between its smallest and its largest sample, with axes. */
import { markup, type Markup } from '../report/markup.ts';
import { niceTicks } from '../report/niceTicks.ts';
import { finiteRange } from '../report/spectrogramImage.ts';

/** Points along time: about two a pixel. */
const columns = 800;

/** @param name for those who do not see the picture */
export function waveformFigure(name: string, samples: Float32Array, sampleRate: number): Markup {
  const seconds = samples.length / sampleRate;
  const [low, high] = finiteRange(samples);
  const peak = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const atAmplitude = (value: number) => ((peak - value) / (2 * peak)) * 100;
  const percent = (value: number) => `${value.toFixed(2)}%`;
  return markup`<div class="map wave">
<svg role="img" aria-label="${name}: ${seconds.toFixed(1)} s, peak ${peak.toPrecision(3)}" viewBox="0 0 ${columns} 100" preserveAspectRatio="none">
<path class="wave" d="${envelopePath(samples, atAmplitude)}"/></svg>
<svg aria-hidden="true">${niceTicks(-peak, peak, 4).map(
    (
      tick,
    ) => markup`<line class="tick" x1="-4" x2="0" y1="${percent(atAmplitude(tick))}" y2="${percent(atAmplitude(tick))}"/>
<text x="-7" y="${percent(atAmplitude(tick))}" dy="4" text-anchor="end">${tick}</text>`,
  )}
${niceTicks(0, seconds, 6).map(
  (time) => markup`<svg x="${percent((100 * time) / seconds)}" y="100%"><line class="tick" y2="4"/>
<text y="17" text-anchor="${time === 0 ? 'start' : 'middle'}">${time}${time === 0 && ' s'}</text></svg>`,
)}</svg></div>`;
}

/** Along the largest samples of each column and back along the smallest. */
function envelopePath(samples: Float32Array, atAmplitude: (value: number) => number): string {
  const count = Math.min(columns, samples.length);
  const edges = Array.from({ length: count }, (_, column) => {
    const part = samples.subarray(
      Math.floor((column * samples.length) / count),
      Math.floor(((column + 1) * samples.length) / count),
    );
    return finiteRange(part);
  });
  const at = (column: number, value: number) =>
    `${((column * columns) / count).toFixed(1)} ${atAmplitude(Number.isFinite(value) ? value : 0).toFixed(2)}`;
  const over = edges.map(([, high], column) => at(column, high));
  const back = edges.map(([low], column) => at(column, low)).toReversed();
  return `M${[...over, ...back].join('L')}Z`;
}
