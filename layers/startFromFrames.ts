/** Learned chroma that starts from data: frames, or the centres that frames lie around, as weights. */
import * as tf from '@tensorflow/tfjs';
import { toChannelsFirst, type DataFormat } from './dataFormat.ts';
import { requireOneOf } from './dsp/checks.ts';
import { kMeans } from './dsp/kMeans.ts';
import { randomNumbers } from './dsp/randomNumbers.ts';
import type { LearnedChroma } from './learnedChroma.ts';
import { requireBins } from './mapAxes.ts';

export const frameStarts = ['sample', 'kMeans'] as const;

export interface StartFromFramesOptions {
  /** Each unit starts as a frame of its own, drawn at random, or as a centre found by k-means. Default `'kMeans'`. */
  method?: (typeof frameStarts)[number];
  /** Passes of k-means at most. Default 20. */
  iterations?: number;
  /** Of the draw, a 32-bit integer. Default 1. */
  seed?: number;
}

/**
 * Writes the first kernel of a layer, and builds it where it is not built: every unit's weights become what is drawn
 * from frames, divided by its Euclidean norm, so that the unit answers most to frames of that shape, however loud the
 * drawn one was. Biases and further layers stay; in a single layer the units are pitch classes in no order, which is
 * for training to find. Silent frames are left out. A pass of k-means takes frames × units × bins steps on this thread:
 * for large layers give it a few thousand frames, not all.
 *
 * The dictionary of single-layer networks: Coates, Lee & Ng 2011, "An analysis of single-layer networks in unsupervised
 * feature learning".
 *
 * @param frames a map as the layer takes it, in its data format; it is read, not disposed of
 * @throws RangeError if there are fewer frames with sound than units, or, for k-means, fewer that differ.
 * @example await startFromFrames(learnedChroma, trainingFrames, { method: 'sample', seed: 3 })
 */
export async function startFromFrames(
  layer: LearnedChroma,
  frames: tf.Tensor,
  options: StartFromFramesOptions = {},
): Promise<void> {
  const { method = 'kMeans', iterations, seed = 1 } = options;
  requireOneOf('startFromFrames: method', method, frameStarts);
  const dataFormat = layer.getConfig()['dataFormat'] as DataFormat;
  const length = requireBins('startFromFrames', frames.shape, dataFormat);
  if (!layer.built) layer.build(frames.shape);
  const [kernel, ...others] = layer.getWeights();
  const units = kernel.shape[1]!;
  const rows = withoutSilence(await readRows(frames as tf.Tensor4D, dataFormat), length);
  const n = rows.length / length;
  if (n < units) {
    throw new RangeError(
      `startFromFrames: ${units} units need as many frames with sound; got ${n}. Give more frames.`,
    );
  }
  const prototypes =
    method === 'kMeans'
      ? kMeans(rows, { length, k: units, iterations, seed })
      : sampleRows(rows, { length, n, count: units, seed });
  tf.tidy(() => {
    const drawn = tf.tensor2d(prototypes, [units, length]);
    layer.setWeights([tf.transpose(tf.div(drawn, tf.norm(drawn, 2, 1, true))), ...others]);
  });
}

/** `[frames of all clips and channels, bins]`, row-major. */
async function readRows(frames: tf.Tensor4D, dataFormat: DataFormat): Promise<Float32Array> {
  const inOrder = tf.tidy(() => tf.clone(toChannelsFirst(frames, dataFormat)));
  const values = (await inOrder.data()) as Float32Array;
  inOrder.dispose();
  return values;
}

function withoutSilence(rows: Float32Array, length: number): Float32Array {
  const kept = [];
  for (let at = 0; at < rows.length; at += length) {
    const row = rows.subarray(at, at + length);
    if (row.some((value) => value !== 0)) kept.push(row);
  }
  const joined = new Float32Array(kept.length * length);
  kept.forEach((row, i) => joined.set(row, i * length));
  return joined;
}

/** `count` rows, none twice. */
function sampleRows(
  rows: Float32Array,
  { length, n, count, seed }: { length: number; n: number; count: number; seed: number },
): Float32Array {
  const random = randomNumbers(seed, 0);
  const order = Int32Array.from({ length: n }, (_, row) => row);
  const sampled = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    const at = random.integer(i, n - 1);
    [order[i], order[at]] = [order[at], order[i]];
    sampled.set(rows.subarray(order[i] * length, (order[i] + 1) * length), i * length);
  }
  return sampled;
}
