import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { chooseFeatureLayers, extractFeatures } from '../../../src/features/extractFeatures.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { toneClip, toneModel, toneSamples } from '../../support/toneTask.ts';

/** Shorter than the input of 1000, equal, a little longer, several windows long; their windows start here. */
const clips = [400, 1000, 1001, 2750].map((samples, i) => toneClip(i % 2 === 0, 50 + i, samples));
const offsets = [[0], [0], [0, 1], [0, 438, 875, 1313, 1750]];
const [filters, nBlocks] = [4, 5];

onEngines(() => {
  let model: tf.LayersModel;
  /** `[clip][window]`, all layers one after the other. */
  let perWindow: number[][][];
  const expected = (wanted: number[]) =>
    perWindow.map((rows) =>
      wanted.flatMap((layer) =>
        Array.from({ length: filters }, (_, unit) => mean(rows.map((row) => row[filters * layer + unit]))),
      ),
    );

  beforeAll(async () => {
    model = toneModel();
    giveStatistics(model);
    perWindow = [];
    for (const [i, clip] of clips.entries()) {
      const rows: number[][] = [];
      for (const offset of offsets[i]) rows.push(await slowFeatures(model, repeated(clip, offset)));
      perWindow.push(rows);
    }
  });

  test.each([1, 2, 3, 16])(
    'a row is the mean over time and frequency of each block, and over windows, in batches of %i',
    async (batchSize) => {
      const rows = await collect(extractFeatures({ model }, clips, { batchSize }));
      expect(rows.map((row) => row.length)).toEqual(clips.map(() => nBlocks * filters));
      expectClose(rows, expected([0, 1, 2, 3, 4]), { atol: 2e-6, rtol: 2e-6 });
    },
  );

  test('layers stand in the order that is asked for', async () => {
    const rows = await collect(extractFeatures({ model }, clips, { layers: [3, 0], batchSize: 3 }));
    expectClose(rows, expected([3, 0]), { atol: 2e-6, rtol: 2e-6 });
    const one = await collect(extractFeatures({ model }, clips, { layers: [2] }));
    expectClose(one, expected([2]), { atol: 2e-6, rtol: 2e-6 });
  });

  test('with the first window alone a clip has the features of that window', async () => {
    const rows = await collect(extractFeatures({ model }, clips, { windows: 'first' }));
    expectClose(
      rows,
      perWindow.map(([first]) => first),
      { atol: 2e-6, rtol: 2e-6 },
    );
  });

  test('a short clip is repeated, or followed by silence where that is asked for', async () => {
    const silent = new Float32Array(toneSamples);
    silent.set(clips[0]);
    const [row, whole] = await collect(
      extractFeatures({ model }, [clips[0], clips[1]], { shortClips: 'zeros' }),
    );
    expectClose(row, await slowFeatures(model, silent), { atol: 2e-6, rtol: 2e-6 });
    expectClose(whole, perWindow[1][0], { atol: 2e-6, rtol: 2e-6 });
    expect(Math.max(...row.map((value, i) => Math.abs(value - perWindow[0][0][i])))).toBeGreaterThan(0.01);
  });

  test('the last layer is what the classifier sees', async () => {
    const pool = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('pool').output as tf.SymbolicTensor,
    });
    const seen = await (pool.apply(tf.tensor2d(clips[1], [1, toneSamples])) as tf.Tensor).data();
    const [row] = await collect(extractFeatures({ model }, [clips[1]], { layers: [4] }));
    expectClose(row, seen, { atol: 2e-6, rtol: 2e-6 });
  });

  test('clips are drawn as they are needed, a batch ahead at most', async () => {
    let drawn = 0;
    function* source() {
      for (let i = 0; i < 100; i++) {
        drawn++;
        yield clips[1];
      }
    }
    const rows = extractFeatures({ model }, source(), { batchSize: 4 });
    await rows.next();
    expect(drawn).toBe(4);
    await rows.return(undefined);
  });

  test('no tensor is left behind', async () => {
    await collect(extractFeatures({ model }, clips));
    const { numTensors } = tf.memory();
    await collect(extractFeatures({ model }, clips));
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

test('the published net has 5 × 32 features', () => {
  const model = createCompactConvnet({ sampleRate: 12_000, samples: 348_000, nTags: 50 });
  expect(chooseFeatureLayers(model)).toEqual(
    [0, 1, 2, 3, 4].map((index) => ({ index, name: `block${index}`, units: 32 })),
  );
});

test('layers that are not there, or stand twice, are refused with those that there are', () => {
  const model = toneModel();
  const choose =
    (...layers: number[]) =>
    () =>
      chooseFeatureLayers(model, layers);
  expect(choose(0, 5)).toThrow(
    'the model has no layer 5; choose from 0, 1, 2, 3, 4, each once, or take all.',
  );
  expect(choose(1, 0, 1)).toThrow('layer 1 stands twice; choose from 0, 1, 2, 3, 4');
});

test('a model without blocks is refused', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
  expect(() => chooseFeatureLayers(model)).toThrow('no layers block0, block1');
});

/** Statistics and shifts off their start values, which would hide a batch norm that is left out. */
function giveStatistics(model: tf.LayersModel): void {
  for (const layer of model.layers.filter(({ name }) => name.startsWith('block'))) {
    const [kernel, ...vectors] = layer.getWeights();
    const values = [0.1, 1.3, -0.2, 0.4, 0.7]; // bias, gamma, beta, mean, variance
    layer.setWeights([
      kernel,
      ...vectors.map((vector, i) =>
        tf.add(tf.fill(vector.shape, values[i]), tf.mul(0.05, tf.range(0, vector.size))),
      ),
    ]);
  }
}

/** Block outputs read out one by one and averaged in float64. */
async function slowFeatures(model: tf.LayersModel, window: Float32Array): Promise<number[]> {
  const features: number[] = [];
  for (let block = 0; block < nBlocks; block++) {
    const until = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer(`block${block}`).output as tf.SymbolicTensor,
    });
    const output = until.apply(tf.tensor2d(window, [1, toneSamples])) as tf.Tensor4D;
    const values = await output.data();
    for (let unit = 0; unit < filters; unit++) {
      features.push(mean(Array.from(values).filter((_, i) => i % filters === unit)));
    }
  }
  return features;
}

function repeated(clip: Float32Array, offset: number): Float32Array {
  return Float32Array.from({ length: toneSamples }, (_, t) => clip[(offset + t) % clip.length]);
}

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

async function collect(rows: AsyncIterable<Float32Array>): Promise<number[][]> {
  const all: number[][] = [];
  for await (const row of rows) all.push([...row]);
  return all;
}
