/** A data set as maps and true labels, and the noise that its labels are given. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset, SkippedClip } from '../../datasets/index.ts';
import { ApplyFilterbank, Spectrogram } from '../../layers/index.ts';
import { cut } from '../../src/models/windows.ts';
import { injectNoise } from '../../src/noise/injectNoise.ts';
import type { Reporter } from '../../src/reporter.ts';
import { averagingMatrix } from '../shared/averagingMatrix.ts';
import { loadMaps } from '../shared/loadMaps.ts';
import { partsOf, type Parts } from '../shared/partsOf.ts';
import { mapOptions, type Noise } from './design.ts';

const { sampleRate, seconds, nFft, hopLength, nFrames, nBands } = mapOptions;

export interface Task {
  name: string;
  dataset: Dataset;
  /** Mel magnitudes of each clip, row-major `[nFrames, nBands]`. */
  magnitudes: Float32Array[];
  /** Their decibels. */
  decibels: Float32Array[];
  /** The truth, `[clips, tags]`. Classes that exclude each other are tags like others here. */
  labels: Float32Array;
  skipped: SkippedClip[];
}

export async function loadTask(name: string, listed: Dataset, reporter: Reporter): Promise<Task> {
  const spectrogram = new Spectrogram({ nFft, hopLength, power: 1 });
  const mel = new ApplyFilterbank({ sampleRate, nMels: nBands });
  const mapsOf = async (samples: Float32Array) => {
    const map = tf.tidy(() => {
      const length = Math.round(seconds * sampleRate);
      const waveform = tf.tensor2d(cut(samples, 0, length), [1, length]);
      const bands = mel.apply(spectrogram.apply(waveform)) as tf.Tensor4D; // [1, frames, nBands, 1]
      const frames = bands.shape[1];
      const overFrames = tf.tensor2d(averagingMatrix(frames, nFrames), [frames, nFrames]);
      return tf.matMul(overFrames, tf.reshape(bands, [frames, nBands]) as tf.Tensor2D, true);
    });
    const values = (await map.data()) as Float32Array;
    map.dispose();
    return values;
  };
  try {
    const title = `${name}: maps`;
    const { dataset, maps, skipped } = await loadMaps(listed, {
      ...{ sampleRate, seconds, mapsOf, title, reporter },
    });
    const labels = dataset.clips.flatMap((clip) =>
      dataset.tags.map((tag) => Number(clip.labels.includes(tag))),
    );
    return {
      ...{ name, dataset, skipped, magnitudes: maps, decibels: maps.map(decibelsOf) },
      labels: Float32Array.from(labels),
    };
  } finally {
    spectrogram.dispose();
    mel.dispose();
  }
}

/** Down to 80 dB below the clip's peak; silence is 0 everywhere. */
function decibelsOf(magnitudes: Float32Array): Float32Array {
  const peak = magnitudes.reduce((most, value) => Math.max(most, value), 0);
  return magnitudes.map((value) => (peak > 0 ? 20 * Math.log10(Math.max(value, 1e-4 * peak)) : 0));
}

/**
 * The clips of a training. Half of those that may be trained on are kept back for the remedy "more data".
 *
 * @param share of the other half; 2 takes the half kept back as well
 */
export function clipsOf({ dataset }: Pick<Task, 'dataset'>, share: number, seed: number): Parts {
  return partsOf(dataset, share / 2, seed);
}

/**
 * Labels of some clips as they are given.
 *
 * @param draw 0 for training; from 1 for test labels, each with errors of its own from the same noise
 */
export function givenLabels(
  { labels, dataset }: Pick<Task, 'labels' | 'dataset'>,
  members: readonly number[],
  { noise, seed, draw }: { noise: Noise | null; seed: number; draw: number },
): Float32Array {
  const nTags = dataset.tags.length;
  const all = noise === null ? labels : injectNoise(labels, { nTags, ...noise, seed, stream: draw });
  const own = new Float32Array(members.length * nTags);
  members.forEach((clip, row) => own.set(all.subarray(clip * nTags, (clip + 1) * nTags), row * nTags));
  return own;
}
