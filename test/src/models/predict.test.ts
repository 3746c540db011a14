import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { inputLength, predictClips, predictOverTime } from '../../../src/models/predict.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { toneClip, toneModel, toneSamples } from '../../support/toneTask.ts';

/** Shorter than the input, equal, a little longer, and several windows long; their windows start here. */
const clips = [400, 1000, 1001, 2750, 700].map((samples, i) => toneClip(i % 2 === 0, 50 + i, samples));
const offsets = [[0], [0], [0, 1], [0, 438, 875, 1313, 1750], [0]];

onEngines(() => {
  let model: tf.LayersModel;
  let perWindow: number[][][];

  beforeAll(() => {
    model = toneModel({ exclusive: false });
    perWindow = clips.map((clip, i) => offsets[i].map((offset) => predictOne(model, window(clip, offset))));
  });

  test.each([1, 2, 3, 16])('a clip scores the mean over its windows, in batches of %i', async (batchSize) => {
    const got = await collect(predictClips(model, clips, { batchSize }));
    const means = perWindow.map((rows) => [0, 1].map((tag) => mean(rows.map((row) => row[tag]))));
    expectClose(
      got.map((row) => [...row]),
      means,
      { atol: 1e-6 },
    );
  });

  test('with the first window alone a clip scores that window', async () => {
    const got = await collect(predictClips(model, clips, { windows: 'first', batchSize: 3 }));
    expectClose(
      got.map((row) => [...row]),
      perWindow.map(([first]) => first),
      { atol: 1e-6 },
    );
  });

  test('over time, every window has its offset and its own probabilities', async () => {
    const got = await predictOverTime(model, clips[3], { batchSize: 2 });
    expect(got.offsets).toEqual(offsets[3]);
    expectClose(
      got.probabilities.map((row) => [...row]),
      perWindow[3],
      { atol: 1e-6 },
    );
  });

  test('clips may come one by one from a source that waits', async () => {
    async function* source() {
      for (const clip of clips) {
        await Promise.resolve();
        yield clip;
      }
    }
    const got = await collect(predictClips(model, source(), { batchSize: 4 }));
    expect(got).toHaveLength(clips.length);
    expectClose([...got[4]], perWindow[4][0], { atol: 1e-6 });
  });

  test('clips are drawn as they are needed, a batch ahead at most', async () => {
    let drawn = 0;
    function* source() {
      for (let i = 0; i < 100; i++) {
        drawn++;
        yield clips[1];
      }
    }
    const predictions = predictClips(model, source(), { batchSize: 4 });
    await predictions.next();
    expect(drawn).toBe(4);
    await predictions.return(undefined);
    expect(drawn).toBe(4);
  });

  test('no clips give no probabilities', async () => {
    expect(await collect(predictClips(model, []))).toEqual([]);
  });

  test('no tensor stays behind, of all clips, of one, or of a source that fails', async () => {
    const before = tf.memory().numTensors;
    await collect(predictClips(model, clips, { batchSize: 2 }));
    await predictOverTime(model, clips[3]);
    await predictClips(model, clips, { batchSize: 2 }).next();
    function* failing() {
      yield clips[1];
      throw new Error('cannot be read');
    }
    await expect(collect(predictClips(model, failing(), { batchSize: 2 }))).rejects.toThrow('cannot be read');
    await expect(collect(predictClips(model, [new Float32Array(0)]))).rejects.toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the input length is that of the model', () => {
    expect(inputLength(model)).toBe(toneSamples);
  });
});

/** The window at `offset`, the clip repeated where it ends before. */
function window(clip: Float32Array, offset: number): Float32Array {
  return Float32Array.from({ length: toneSamples }, (_, i) => clip[(offset + i) % clip.length]);
}

function predictOne(model: tf.LayersModel, samples: Float32Array): number[] {
  return tf.tidy(() =>
    Array.from((model.predict(tf.tensor2d(samples, [1, toneSamples])) as tf.Tensor).dataSync()),
  );
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value) / values.length;
}

async function collect(predictions: AsyncIterable<Float32Array>): Promise<Float32Array[]> {
  const all = [];
  for await (const probabilities of predictions) all.push(probabilities);
  return all;
}
