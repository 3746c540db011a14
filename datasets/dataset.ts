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
  /** Of the samples as they are stored: equal audio has equal hashes. */
  sha256: string;
}

export interface Clip {
  /** Unique within its data set; for files, the path relative to the data set's root. */
  id: string;
  /** Path of an audio file, the function that renders the samples, or their place in a store. */
  source: string | RenderClip | StoredSamples;
  /** Tags that apply, each one of the data set's `tags`. */
  labels: string[];
  /**
   * Tags of which nobody knows whether they apply; a tag in neither list does not apply. They take no part in the
   * loss and in the measures. Default: none.
   */
  unknown?: string[];
  /** Part of the file at `source`, seconds; without it the clip is the whole file. */
  segment?: Segment;
  /** Where the data set fixes it; otherwise the user of the data splits. */
  split?: Split;
  /** From 1, where the data set was published with folds. */
  fold?: number;
  /** Numbers that the data set gives beside tags, by name, such as arousal; see the facts of the data set. */
  values?: Record<string, number>;
  /** Name or identifier, where the metadata has it: clips of one artist belong in one part. */
  artist?: string;
  album?: string;
  /** Of this recording, where it is not that of the whole data set. */
  licence?: string;
}

/** A stretch of time, seconds from the start of a file. */
export interface Segment {
  start: number;
  /** > `start`. */
  end: number;
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
  /** Name of the published split that the clips carry, where there is one. */
  split?: string;
}

/** A fault of the data that the user can mend: the message names what, where, what was expected and the way out. */
export class DatasetError extends Error {
  override name = 'DatasetError';
}
