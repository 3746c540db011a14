/** Tag probabilities of waveforms, many at a time. */
import * as tf from '@tensorflow/tfjs';
import { cut, windowOffsets, type Windows } from './windows.ts';

export interface PredictOptions {
  /** Default `'all'`: the mean over windows that cover the clip. */
  windows?: Windows;
  /** Windows that go through the model together; the result does not depend on it. Default 16. */
  batchSize?: number;
}

/**
 * Probabilities `[tags]` of each clip, in order. Clips are drawn as they are needed, so memory holds a batch.
 *
 * @param model waveform `[batch, samples]` to `[batch, tags]`
 * @param clips mono, full scale ±1, at the model's sample rate, not empty
 * @example for await (const probabilities of predictClips(model, [waveform])) …
 */
export async function* predictClips(
  model: tf.LayersModel,
  clips: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  options: PredictOptions = {},
): AsyncGenerator<Float32Array> {
  const waiting: { sum: Float64Array; windows: number; left: number }[] = [];
  for await (const { clip, probabilities } of predictWindows(
    model,
    cutClips(model, clips, options, waiting),
    options,
  )) {
    for (let tag = 0; tag < probabilities.length; tag++) clip.sum[tag] += probabilities[tag];
    clip.left--;
    while (waiting.length > 0 && waiting[0].left === 0) {
      const { sum, windows } = waiting.shift()!;
      yield Float32Array.from(sum, (total) => total / windows);
    }
  }
}

/** One clip's probabilities window by window: `[windows, tags]`, with the offsets in samples. */
export async function predictOverTime(
  model: tf.LayersModel,
  samples: Float32Array,
  { batchSize }: { batchSize?: number } = {},
): Promise<{ offsets: number[]; probabilities: Float32Array[] }> {
  const length = inputLength(model);
  const offsets = windowOffsets(samples.length, length, 'all');
  const windows = offsets.map((offset) => ({ window: cut(samples, offset, length) }));
  const probabilities: Float32Array[] = [];
  for await (const result of predictWindows(model, windows, { batchSize }))
    probabilities.push(result.probabilities);
  return { offsets, probabilities };
}

/** Samples that the model takes in. */
export function inputLength(model: tf.LayersModel): number {
  return model.inputs[0].shape[1]!;
}

interface WaitingClip {
  sum: Float64Array;
  windows: number;
  left: number;
}

async function* cutClips(
  model: tf.LayersModel,
  clips: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  { windows = 'all' }: PredictOptions,
  waiting: WaitingClip[],
): AsyncGenerator<{ window: Float32Array; clip: WaitingClip }> {
  const length = inputLength(model);
  const nTags = model.outputs[0].shape[1]!;
  for await (const samples of clips) {
    const offsets = windowOffsets(samples.length, length, windows);
    const clip = { sum: new Float64Array(nTags), windows: offsets.length, left: offsets.length };
    waiting.push(clip);
    for (const offset of offsets) yield { window: cut(samples, offset, length), clip };
  }
}

async function* predictWindows<T extends { window: Float32Array }>(
  model: tf.LayersModel,
  windows: Iterable<T> | AsyncIterable<T>,
  { batchSize = 16 }: PredictOptions,
): AsyncGenerator<T & { probabilities: Float32Array }> {
  let batch: T[] = [];
  for await (const window of windows) {
    if (batch.push(window) < batchSize) continue;
    yield* await predictBatch(model, batch);
    batch = [];
  }
  if (batch.length > 0) yield* await predictBatch(model, batch);
}

async function predictBatch<T extends { window: Float32Array }>(
  model: tf.LayersModel,
  batch: T[],
): Promise<(T & { probabilities: Float32Array })[]> {
  const length = inputLength(model);
  const waveforms = new Float32Array(batch.length * length);
  batch.forEach(({ window }, i) => waveforms.set(window, i * length));
  const output = tf.tidy(() => model.apply(tf.tensor2d(waveforms, [batch.length, length])) as tf.Tensor2D);
  const nTags = output.shape[1];
  try {
    const values = (await output.data()) as Float32Array; // asynchronous: webgpu has no synchronous read in Node
    return batch.map((item, i) => ({ ...item, probabilities: values.slice(i * nTags, (i + 1) * nTags) }));
  } finally {
    output.dispose();
  }
}
