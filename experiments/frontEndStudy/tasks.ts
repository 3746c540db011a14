/** The two tasks: their clips as magnitudes, and which of them a cell trains on and is tested on. */
import { foldsOf, splitDataset, type Clip, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import { AudioPool } from '../../src/audio/audioPool.ts';
import type { ClipSet } from '../../src/audio/clipSet.ts';
import { loadAhead } from '../../src/features/loadAhead.ts';
import { requireTrainable } from '../../src/training/requireTrainable.ts';
import type { Reporter } from '../../src/reporter.ts';
import { BaseMapMaker } from './baseMaps.ts';
import { mapOptions, nFolds, scales, type Scale, type Share, type TaskName } from './design.ts';

export interface Task {
  name: TaskName;
  dataset: Dataset;
  /** Magnitudes of each clip, row-major `[nFrames, nBands]`. */
  magnitudes: Record<Scale, Float32Array[]>;
  skipped: SkippedClip[];
}

/** Decodes or renders every clip, and keeps its magnitudes alone. */
export async function loadTask(name: TaskName, dataset: Dataset, reporter: Reporter): Promise<Task> {
  const { sampleRate, seconds } = mapOptions;
  const magnitudes: Task['magnitudes'] = { spectrogram: [], mel: [], CQT: [] };
  const usable: Clip[] = [];
  const skipped = [...dataset.skipped];
  const pool = new AudioPool({});
  const maker = new BaseMapMaker();
  const bar = reporter.bar(`${name}: front ends`, dataset.clips.length);
  try {
    for await (const loaded of loadAhead(pool, dataset.clips, { sampleRate, durationSeconds: seconds })) {
      if ('reason' in loaded) {
        skipped.push({ path: loaded.clip.id, reason: loaded.reason });
      } else {
        const maps = await maker.maps(loaded.samples);
        for (const scale of scales) magnitudes[scale].push(maps[scale]);
        usable.push(loaded.clip);
      }
      bar.update(usable.length + skipped.length - dataset.skipped.length);
    }
  } finally {
    bar.done();
    maker.dispose();
    await pool.close();
  }
  return { name, dataset: requireTrainable(dataset, usable, skipped), magnitudes, skipped };
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
