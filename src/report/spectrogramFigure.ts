import type { Markup } from './markup.ts';
import { markup } from './markup.ts';
import { niceTicks } from './niceTicks.ts';
import { drawSpectrogram } from './spectrogramImage.ts';
import type { SpectrogramPicture } from './trainingReport.ts';

/** Octaves of 1 kHz, the frequencies of ISO 266's octave series. */
const OCTAVES = [31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16000];
/** Least distance between two frequency labels, as a share of the picture's height. */
const LABEL_DISTANCE = 0.11;

/** A spectrogram with its axes in seconds and Hz, or with names of the bins in place of Hz. */
export function spectrogramFigure(id: string, picture: SpectrogramPicture): Markup {
  const png = Buffer.from(drawSpectrogram(picture)).toString('base64');
  const seconds = picture.nFrames * picture.secondsPerFrame;
  const labels = picture.binNames
    ? nameTicks(picture.binNames)
    : frequencyTicks(picture.binFrequencies).map(({ hertz, height }) => ({
        label: formatHertz(hertz),
        height,
      }));
  // Ticks stand at the middle of their pixel.
  const atTime = (time: number) => (100 * (time / picture.secondsPerFrame + 0.5)) / picture.nFrames;
  return markup`<div class="spectrogram">
<img src="data:image/png;base64,${png}" alt="Spectrogram of ${id}: ${seconds.toFixed(1)} s${extent(picture.binFrequencies)}">
<svg aria-hidden="true">
${labels.map(
  ({
    label,
    height,
  }) => markup`<line class="tick" x1="-4" x2="0" y1="${(100 * (1 - height)).toFixed(2)}%" y2="${(100 * (1 - height)).toFixed(2)}%"/>
<text x="-7" y="${(100 * (1 - height)).toFixed(2)}%" dy="4" text-anchor="end">${label}</text>`,
)}
${niceTicks(0, seconds - picture.secondsPerFrame, 5).map(
  (time) => markup`<svg x="${atTime(time).toFixed(2)}%" y="100%"><line class="tick" y2="4"/>
<text y="17" text-anchor="${time === 0 ? 'start' : 'middle'}">${time}${time === 0 && ' s'}</text></svg>`,
)}</svg></div>`;
}

/**
 * Octave frequencies that fit on an axis of the given bins, thinned so that labels do not touch.
 *
 * @param binFrequencies Hz, `[bins]`; without labels where they do not rise.
 * @returns Each frequency with its height above the bottom of the picture, 0 … 1.
 */
export function frequencyTicks(binFrequencies: readonly number[]): { hertz: number; height: number }[] {
  const nBins = binFrequencies.length;
  if (binFrequencies.some((hertz, bin) => !(hertz > (binFrequencies[bin - 1] ?? -1)))) return [];
  const ticks: { hertz: number; height: number }[] = [];
  for (const hertz of OCTAVES.toReversed()) {
    const above = binFrequencies.findIndex((frequency) => frequency >= hertz);
    if (above === -1 || (above === 0 && binFrequencies[0] > hertz)) continue;
    const below = Math.max(above - 1, 0);
    const gap = binFrequencies[above] - binFrequencies[below];
    const bin = below + (gap > 0 ? (hertz - binFrequencies[below]) / gap : 0);
    const height = (bin + 0.5) / nBins;
    if (ticks.length === 0 || ticks[ticks.length - 1].height - height >= LABEL_DISTANCE) {
      ticks.push({ hertz, height });
    }
  }
  return ticks;
}

/** Names that fit beside the picture, thinned evenly so that they do not touch, with their heights. */
function nameTicks(names: readonly string[]): { label: string; height: number }[] {
  const every = Math.ceil(LABEL_DISTANCE * names.length);
  return names
    .map((label, bin) => ({ label, height: (bin + 0.5) / names.length }))
    .filter((_, bin) => bin % every === 0);
}

function extent(binFrequencies: number[]): string {
  return binFrequencies.length === 0
    ? ''
    : `, ${formatHertz(binFrequencies[0])} to ${formatHertz(binFrequencies[binFrequencies.length - 1])}`;
}

/** `125 Hz`, `2.5 kHz`. */
export function formatHertz(hertz: number): string {
  return hertz < 1000 ? `${Math.round(hertz)} Hz` : `${Number((hertz / 1000).toFixed(1))} kHz`;
}
