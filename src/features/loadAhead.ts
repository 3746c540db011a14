/** Clips decoded in other threads while the ones before them are computed. */
import type { Clip } from '../../datasets/index.ts';
import type { AudioPool } from '../audio/audioPool.ts';
import { clipPart } from '../audio/clipPart.ts';
import { inOrder } from '../audio/inOrder.ts';
import { requireLength } from '../audio/requireLength.ts';
import { InputError } from '../errors.ts';

/** A clip's samples, or the reason why there are none. */
export type LoadedClip = { clip: Clip; samples: Float32Array } | { clip: Clip; reason: string };

export interface LoadAheadOptions {
  /** Hz. */
  sampleRate: number;
  /** Seconds to load from the start; undefined for all. */
  durationSeconds?: number;
  /** Clips that are being loaded or lie loaded at a time, >= 1. Default: 4 for each thread of the pool. */
  ahead?: number;
}

/**
 * Loads clips in order. A file that is bad comes with its reason; rendered clips are rendered on this thread.
 * Memory holds `ahead` clips and the one in use, however many there are.
 */
export function loadAhead(
  pool: AudioPool,
  clips: Iterable<Clip>,
  { sampleRate, durationSeconds, ahead = 4 * pool.threads }: LoadAheadOptions,
): AsyncGenerator<LoadedClip> {
  return inOrder(clips, ahead, async (clip) => {
    const { source } = clip;
    try {
      if (typeof source !== 'string') {
        const whole = source(sampleRate);
        const samples =
          durationSeconds === undefined ? whole : whole.subarray(0, Math.round(durationSeconds * sampleRate));
        return { clip, samples };
      }
      const part = clipPart(clip);
      const { samples } = await pool.load(source, {
        sampleRate,
        ...part,
        durationSeconds: atMost(part.durationSeconds, durationSeconds),
      });
      requireLength(source, samples, sampleRate);
      return { clip, samples };
    } catch (error) {
      if (error instanceof InputError) return { clip, reason: error.message };
      throw error;
    }
  });
}

/** The smaller of two limits, either of which may be missing. */
function atMost(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
