import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { conv2dBackpropFilter } from '../../../layers/kernels/conv2dBackpropFilter/wasm.ts';
import { prepareKernels } from '../../../layers/kernels/index.ts';

interface Case {
  name: string;
  image: [number, number, number, number];
  filter: [number, number, number];
  filters: number;
  strides: [number, number];
  pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
}

const [none] = [[0, 0] as [number, number]];
const cases: Case[] = [
  {
    name: 'same, stride 1',
    image: [2, 7, 5, 3],
    filter: [3, 3, 3],
    filters: 4,
    strides: [1, 1],
    pad: 'same',
  },
  {
    name: 'same, uneven strides',
    image: [3, 8, 6, 2],
    filter: [3, 5, 2],
    filters: 3,
    strides: [2, 3],
    pad: 'same',
  },
  {
    name: 'same, even kernel',
    image: [1, 6, 7, 2],
    filter: [2, 4, 2],
    filters: 2,
    strides: [1, 2],
    pad: 'same',
  },
  {
    name: 'valid, rows left over',
    image: [2, 9, 8, 1],
    filter: [3, 2, 1],
    filters: 5,
    strides: [2, 2],
    pad: 'valid',
  },
  { name: 'a number', image: [2, 5, 5, 2], filter: [3, 3, 2], filters: 3, strides: [2, 2], pad: 2 },
  {
    name: 'explicit, four sides differ',
    image: [2, 6, 5, 2],
    filter: [3, 3, 2],
    filters: 3,
    strides: [1, 2],
    pad: [none, [0, 2], [1, 0], none],
  },
  {
    name: 'one pixel wide',
    image: [2, 6, 1, 3],
    filter: [3, 3, 3],
    filters: 2,
    strides: [1, 1],
    pad: 'same',
  },
];

/** The definition, in float64. */
function filterGradient(
  { image, filter, filters, strides, pad }: Case,
  x: ArrayLike<number>,
  dy: tf.Tensor4D,
) {
  const [batch, height, width, channels] = image;
  const info = tf.backend_util.computeConv2DInfo(image, [...filter, filters], strides, 1, pad);
  const g = dy.arraySync();
  const out = new Float64Array(filter[0] * filter[1] * channels * filters);
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < info.outHeight; oy++)
      for (let ox = 0; ox < info.outWidth; ox++)
        for (let i = 0; i < filter[0]; i++)
          for (let j = 0; j < filter[1]; j++) {
            const [iy, ix] = [
              oy * strides[0] - info.padInfo.top + i,
              ox * strides[1] - info.padInfo.left + j,
            ];
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let k = 0; k < filters; k++)
                out[((i * filter[1] + j) * channels + c) * filters + k] +=
                  x[((b * height + iy) * width + ix) * channels + c] * g[b][oy][ox][k];
          }
  return out;
}

for (const backend of ['wasm', 'cpu']) {
  test.each(cases)(`the filter gradient on ${backend} is the sum over positions: $name`, async (item) => {
    await tf.setBackend(backend);
    await prepareKernels(backend);
    const { image, filter, filters, strides, pad } = item;
    const info = tf.backend_util.computeConv2DInfo(image, [...filter, filters], strides, 1, pad);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>(image, 0, 1, 'float32', 3);
      const dy = tf.randomNormal<tf.Rank.R4>(info.outShape, 0, 1, 'float32', 4);
      const got = conv2dBackpropFilter(x, dy, {
        strides,
        pad,
        dataFormat: 'NHWC',
        filterShape: [...filter, filters],
      });
      const expected = filterGradient(item, x.dataSync(), dy);
      got.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
}

test('a convnet of stock layers trains on wasm, and its loss falls', async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
  await prepareKernels('wasm');
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 8, 1], filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  const x = tf.randomNormal([16, 12, 8, 1], 0, 1, 'float32', 5);
  const y = tf.mean(x, [1, 2]);
  const { history } = await model.fit(x, y, { epochs: 20, batchSize: 16 });
  expect(history.loss[19]).toBeLessThan(0.5 * Number(history.loss[0]));
});

test('channelsFirst is refused, with the way out', () => {
  const x = tf.zeros<tf.Rank.R4>([1, 2, 4, 4]);
  const attributes = { strides: 1, pad: 'same' as const, dataFormat: 'NCHW', filterShape: [3, 3, 2, 2] };
  expect(() => conv2dBackpropFilter(x, x, attributes as Parameters<typeof conv2dBackpropFilter>[2])).toThrow(
    'Transpose to channelsLast',
  );
});
