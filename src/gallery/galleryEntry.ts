/** What the gallery shows of a layer, as data. */
import type * as tf from '@tensorflow/tfjs';

export interface GalleryEntry {
  /** The layer's class name. */
  layer: string;
  /** Tells entries of one layer apart. */
  variant?: string;
  /** What it does, one line. */
  about: string;
  /** Whose numbers it gives, or whose layer it is. */
  counterpart: string;
  /** What of it can be trained; null for nothing. */
  trainable: string | null;
  /** The layers that take the waveform `[1, samples]` there; the last is the one that is shown. */
  chain: (seed: number) => tf.layers.Layer[];
  /** Called as in training, where augmentations are at work. */
  training?: true;
  picture: CurvePicture | MapPicture;
}

/** One value over time, `[1, values]` or `[1, values, 1]`: a waveform, or a figure a frame. */
export interface CurvePicture {
  kind: 'curve';
  /** Of the values. Default `'amplitude'`. */
  unit?: string;
  /** Values a second. Default `sampleRate`. */
  rate?: number;
}

/** A picture of each named channel of `[1, frames, bins, channels]`; further axes count as channels. */
export interface MapPicture {
  kind: 'map';
  /** What stands on the second axis. */
  axis: MapAxis;
  /** Of the values; a list has one a channel. `'power'` and `'magnitude'` are drawn in decibels, which the figure says. */
  unit: string | string[];
  /** Share of the values, at either end, that may lie beyond the ends of the colours. Default 0. */
  beyond?: number;
  /** Default: those of `hopLength`. */
  secondsPerFrame?: number;
  /** Names of the channels that are drawn, from the first on. Default: the first, without a name. */
  channels?: string[];
}

export type MapAxis =
  /** Centre of each bin, Hz. */
  | { hertz: ArrayLike<number> }
  /** Centre of each bin, Hz, rising; labelled C1, C2, … */
  | { notes: ArrayLike<number> }
  /** Name of each bin. */
  | { names: readonly string[] }
  /** Value of each bin, in a unit other than Hz. */
  | { values: ArrayLike<number>; unit: string };
