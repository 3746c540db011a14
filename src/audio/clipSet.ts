/** Labelled waveforms as training and evaluation want them, wherever the samples lie. */

/** A clip that need not be in memory. */
export interface StoredClip {
  /** Samples. */
  length: number;
  /** Samples `first` (included) to `end` (excluded). */
  read(first: number, end: number): Promise<Float32Array>;
}

export interface ClipSet {
  ids: string[];
  /** 0 or 1, row-major `[clips, tags]`. */
  targets: Float32Array;
  nTags: number;
  /** Mono samples of clip `index`, full scale ±1, at the model's sample rate. */
  waveform(index: number): Promise<Float32Array>;
  /** The clip where any stretch of it can be read without the rest; undefined where it is to be had whole. */
  stored?(index: number): StoredClip | undefined;
}

/** Row `index` of the targets. */
export function targetsOf({ targets, nTags }: ClipSet, index: number): Float32Array {
  return targets.subarray(index * nTags, (index + 1) * nTags);
}

/** All waveforms of a set in order, one at a time. */
export async function* waveformsOf(set: ClipSet): AsyncGenerator<Float32Array> {
  for (let index = 0; index < set.ids.length; index++) yield set.waveform(index);
}
