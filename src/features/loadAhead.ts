/** Clips decoded in other threads while the ones before them are computed. */
import type { Clip } from '../../datasets/index.ts';
import type { AudioPool } from '../audio/audioPool.ts';
import { clipPart } from '../audio/clipPart.ts';
import { inOrder } from '../audio/inOrder.ts';
import { requireLength } from '../audio/requireLength.ts';
import { InputError } from '../errors.ts';
import { isStored, requireStoredRate, StoreReader } from '../store/storeReader.ts';

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
 *
 * @throws InputError if a clip lies in a store of another rate.
 */
export async function* loadAhead(
  pool: AudioPool,
  clips: Iterable<Clip>,
  { sampleRate, durationSeconds, ahead = 4 * pool.threads }: LoadAheadOptions,
): AsyncGenerator<LoadedClip> {
  const reader = new StoreReader();
  const most = durationSeconds === undefined ? Infinity : Math.round(durationSeconds * sampleRate);
  const load = async (clip: Clip): Promise<LoadedClip> => {
    const { source } = clip;
    requireStoredRate(clip, sampleRate);
    try {
      if (isStored(source)) {
        return { clip, samples: await reader.read(source, 0, Math.min(most, source.length)) };
      }
      if (typeof source !== 'string') {
        const whole = source(sampleRate);
        return { clip, samples: whole.subarray(0, most) };
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
  };
  try {
    yield* inOrder(clips, ahead, load);
  } finally {
    await reader.close();
  }
}

/** The smaller of two limits, either of which may be missing. */
function atMost(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
