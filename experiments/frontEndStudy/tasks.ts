/** The two tasks: their clips as magnitudes, and which of them a cell trains on and is tested on. */
import { foldsOf, splitDataset, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import type { ClipSet } from '../../src/audio/clipSet.ts';
import type { Reporter } from '../../src/reporter.ts';
import { loadMaps } from '../shared/loadMaps.ts';
import { BaseMapMaker } from './baseMaps.ts';
import { mapOptions, nFolds, scales, type Scale, type Share, type TaskName } from './design.ts';

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

/** Indices of clips. */
export interface Parts {
  train: number[];
  test: number[];
}

/**
 * Which clips a cell trains on and is tested on. Data without a test part of their own are tested in folds, another
 * fold for each seed. Of what is left, the seed draws a half and of this a half, stratified, so that every share lies
 * within the next, and front ends of the same share and seed see the same clips.
 */
export function partsOf(dataset: Dataset, share: Share, seed: number): Parts {
  const all = dataset.clips.map((_, clip) => clip);
  const hasTest = dataset.clips.some(({ split }) => split === 'test');
  const folds = hasTest ? [] : foldsOf(dataset, nFolds, 1);
  const isTest = (clip: number) =>
    hasTest ? dataset.clips[clip].split === 'test' : folds[clip] === (seed - 1) % nFolds;
  let train = all.filter((clip) => !isTest(clip));
  for (let part = 1; part > share; part /= 2) train = halve(dataset, train, seed);
  return { train, test: all.filter(isTest) };
}

function halve(dataset: Dataset, members: number[], seed: number): number[] {
  const clips = members.map((clip) => ({ ...dataset.clips[clip], split: undefined }));
  const parts = splitDataset({ ...dataset, clips }, { valid: 0, test: 0.5, seed });
  return members.filter((_, i) => parts[i].split === 'train');
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
