import type { Clip } from '../../datasets/index.ts';

/** What to load of a clip's file, as `loadAudio` takes it: its segment, or nothing for the whole file. */
export function clipPart({ segment }: Pick<Clip, 'segment'>): {
  offsetSeconds?: number;
  durationSeconds?: number;
} {
  if (!segment) return {};
  return { offsetSeconds: segment.start, durationSeconds: segment.end - segment.start };
}
