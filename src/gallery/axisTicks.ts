/** Where the labels of a map's second axis stand. */
import { niceTicks } from '../report/niceTicks.ts';
import { formatHertz, frequencyTicks } from '../report/spectrogramFigure.ts';
import type { MapAxis } from './galleryEntry.ts';

export interface AxisTick {
  label: string;
  /** Above the bottom of the picture, 0 … 1. */
  height: number;
}

/** Names that fit below each other. */
const mostNames = 12;

/**
 * Labels that do not touch: octaves in Hz, every C of notes, every name or every n-th, round values.
 *
 * @throws RangeError if the axis does not have `nBins` bins.
 * @example axisTicks({ names: ['left', 'right'] }, 2) // at heights 0.25 and 0.75
 */
export function axisTicks(axis: MapAxis, nBins: number): AxisTick[] {
  const [values] = Object.values(axis) as [ArrayLike<number | string>];
  if (values.length !== nBins) {
    throw new RangeError(`axisTicks: the axis is of ${values.length} bins, the map has ${nBins}.`);
  }
  if ('hertz' in axis) {
    return frequencyTicks(Array.from(axis.hertz)).map(({ hertz, height }) => ({
      label: formatHertz(hertz),
      height,
    }));
  }
  if ('notes' in axis) return noteTicks(Array.from(axis.notes));
  if ('names' in axis) {
    const step = Math.ceil(nBins / mostNames);
    return axis.names.flatMap((label, bin) =>
      bin % step === 0 ? [{ label, height: (bin + 0.5) / nBins }] : [],
    );
  }
  return valueTicks(Array.from(axis.values), axis.unit);
}

/** Every C, and A4 is 440 Hz. */
function noteTicks(hertz: number[]): AxisTick[] {
  return hertz.flatMap((value, bin) => {
    const semitone = Math.round(12 * Math.log2(value / 440) + 69); // of MIDI, where C4 is 60
    const isFirst = bin === 0 || Math.round(12 * Math.log2(hertz[bin - 1] / 440) + 69) !== semitone;
    const isC = semitone % 12 === 0 && isFirst;
    return isC ? [{ label: `C${semitone / 12 - 1}`, height: (bin + 0.5) / hertz.length }] : [];
  });
}

/** Round values at the height where they lie between the bins; the unit stands at the topmost. */
function valueTicks(values: number[], unit: string): AxisTick[] {
  const [first, last] = [values[0], values[values.length - 1]];
  const rising = last >= first ? values : values.toReversed();
  const ticks = niceTicks(rising[0], rising[rising.length - 1], 5).map((value) => {
    const above = Math.max(
      1,
      rising.findIndex((each) => each >= value),
    );
    const place = above - 1 + (value - rising[above - 1]) / (rising[above] - rising[above - 1]);
    const height = (place + 0.5) / rising.length;
    return { label: value.toLocaleString('en'), height: last >= first ? height : 1 - height };
  });
  const top = ticks.reduce((a, b) => (b.height > a.height ? b : a));
  return ticks.map((tick) => (tick === top ? { ...tick, label: `${tick.label} ${unit}` } : tick));
}
