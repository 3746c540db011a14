/** The two tasks: their clips as magnitudes. */
import type { Dataset, SkippedClip } from '../../datasets/index.ts';
import type { ClipSet } from '../../src/audio/clipSet.ts';
import type { Reporter } from '../../src/reporter.ts';
import { loadMaps } from '../shared/loadMaps.ts';
import { BaseMapMaker } from './baseMaps.ts';
import { mapOptions, scales, type Scale, type TaskName } from './design.ts';

export interface Task {
  name: TaskName;
  dataset: Dataset;
  /** Magnitudes of each clip, row-major `[nFrames, nBands]`. */
  magnitudes: Record<Scale, Float32Array[]>;
  skipped: SkippedClip[];
}

export async function loadTask(name: TaskName, dataset: Dataset, reporter: Reporter): Promise<Task> {
  const { sampleRate, seconds } = mapOptions;
  const maker = new BaseMapMaker();
  try {
    const loaded = await loadMaps(dataset, {
      ...{ sampleRate, seconds, reporter, title: `${name}: front ends` },
      mapsOf: (samples) => maker.maps(samples),
    });
    const { maps, skipped } = loaded;
    const magnitudes = Object.fromEntries(
      scales.map((scale) => [scale, maps.map((own) => own[scale])]),
    ) as Task['magnitudes'];
    return { name, dataset: loaded.dataset, magnitudes, skipped };
  } finally {
    maker.dispose();
  }
}

/** Clips with their maps in place of waveforms. */
export function clipSetOf(
  { clips, tags }: Dataset,
  members: number[],
  maps: readonly Float32Array[],
): ClipSet {
  return {
    ids: members.map((clip) => clips[clip].id),
    targets: Float32Array.from(
      members.flatMap((clip) => tags.map((tag) => Number(clips[clip].labels.includes(tag)))),
    ),
    nTags: tags.length,
    waveform: async (index) => maps[members[index]],
  };
}
