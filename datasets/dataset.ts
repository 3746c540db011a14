/** What every data set yields: clips with labels, and the list of tags. Decoding is not its business. */

/** Which part of a published or drawn split a clip belongs to. */
export type Split = 'train' | 'valid' | 'test';

/** Renders a clip's mono samples, full scale ±1, at the given rate in Hz; the same call always gives the same samples. */
export type RenderClip = (sampleRate: number) => Float32Array;

/** Samples that `sonotag prepare` has written: mono, little-endian, one after the other. */
export interface StoredSamples {
  /** A shard of the store. */
  file: string;
  /** Byte of the file at which the first sample stands. */
  position: number;
  /** Samples. */
  length: number;
  /** `int16` has its full scale, 1, at 32768. */
  encoding: 'int16' | 'float32';
  /** Hz. */
  sampleRate: number;
}

export interface Clip {
  /** Unique within its data set; for files, the path relative to the data set's root. */
  id: string;
  /** Path of an audio file, the function that renders the samples, or their place in a store. */
  source: string | RenderClip | StoredSamples;
  /** Tags that apply, each one of the data set's `tags`. */
  labels: string[];
  /** Where the data set fixes it; otherwise the user of the data splits. */
  split?: Split;
}

/** A clip that code renders. */
export interface RenderedClip extends Clip {
  source: RenderClip;
}

/** A source that was left out, and why. */
export interface SkippedClip {
  path: string;
  reason: string;
}

export interface Dataset {
  name: string;
  clips: Clip[];
  /** All tags in the order of the model's outputs. */
  tags: string[];
  /** True where every clip carries exactly one tag (classes), false for multi-label tagging. */
  exclusive: boolean;
  /** What was found and not listed. */
  skipped: SkippedClip[];
}

/** A fault of the data that the user can mend: the message names what, where, what was expected and the way out. */
export class DatasetError extends Error {
  override name = 'DatasetError';
}
