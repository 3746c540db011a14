/** Every clip of a data set as the map that a study trains on. */
import type { Clip, Dataset, SkippedClip } from '../../datasets/index.ts';
import { AudioPool } from '../../src/audio/audioPool.ts';
import { loadAhead } from '../../src/features/loadAhead.ts';
import type { Reporter } from '../../src/reporter.ts';
import { requireTrainable } from '../../src/training/requireTrainable.ts';

export interface LoadMapsOptions<Maps> {
  /** Hz, at which clips are decoded or rendered. */
  sampleRate: number;
  /** Seconds from the start of a clip. */
  seconds: number;
  mapsOf: (samples: Float32Array) => Promise<Maps>;
  /** Of the progress bar. */
  title: string;
  reporter: Reporter;
}

/**
 * Decodes or renders every clip, and keeps its maps alone.
 *
 * @returns the clips that could be read, their maps in the same order, and those skipped with the reason
 */
export async function loadMaps<Maps>(
  dataset: Dataset,
  { sampleRate, seconds, mapsOf, title, reporter }: LoadMapsOptions<Maps>,
): Promise<{ dataset: Dataset; maps: Maps[]; skipped: SkippedClip[] }> {
  const maps: Maps[] = [];
  const usable: Clip[] = [];
  const skipped = [...dataset.skipped];
  const pool = new AudioPool({});
  const bar = reporter.bar(title, dataset.clips.length);
  try {
    for await (const loaded of loadAhead(pool, dataset.clips, { sampleRate, durationSeconds: seconds })) {
      if ('reason' in loaded) {
        skipped.push({ path: loaded.clip.id, reason: loaded.reason });
      } else {
        maps.push(await mapsOf(loaded.samples));
        usable.push(loaded.clip);
      }
      bar.update(usable.length + skipped.length - dataset.skipped.length);
    }
  } finally {
    bar.done();
    await pool.close();
  }
  return { dataset: requireTrainable(dataset, usable, skipped), maps, skipped };
}
