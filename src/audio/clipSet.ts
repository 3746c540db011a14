/** Labelled waveforms as training and evaluation want them, wherever the samples lie. */
import type { Clip } from '../../datasets/index.ts';

export interface ClipSet {
  ids: string[];
  /** 0 or 1, NaN where it is unknown; row-major `[clips, tags]`. */
  targets: Float32Array;
  nTags: number;
  /** Mono samples of clip `index`, full scale ±1, at the model's sample rate. */
  waveform(index: number): Promise<Float32Array>;
}

/**
 * Targets of clips, row-major `[clips, tags]`: 1 where the tag applies, 0 where it does not, NaN where nobody knows.
 * A tag of a clip that is not among `tags` is passed over.
 */
export function targetMatrix(clips: readonly Clip[], tags: readonly string[]): Float32Array {
  const column = new Map(tags.map((tag, index) => [tag, index]));
  const targets = new Float32Array(clips.length * tags.length);
  clips.forEach(({ labels, unknown = [] }, row) => {
    const fill = (names: string[], value: number) => {
      for (const name of names) {
        const index = column.get(name);
        if (index !== undefined) targets[row * tags.length + index] = value;
      }
    };
    fill(labels, 1);
    fill(unknown, NaN);
  });
  return targets;
}

/** Row `index` of the targets. */
export function targetsOf({ targets, nTags }: ClipSet, index: number): Float32Array {
  return targets.subarray(index * nTags, (index + 1) * nTags);
}

/** All waveforms of a set in order, one at a time. */
export async function* waveformsOf(set: ClipSet): AsyncGenerator<Float32Array> {
  for (let index = 0; index < set.ids.length; index++) yield set.waveform(index);
}
