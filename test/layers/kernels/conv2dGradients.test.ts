import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { conv2dBackpropFilter } from '../../../layers/kernels/conv2dBackpropFilter/wasm.ts';
import { conv2dBackpropInput } from '../../../layers/kernels/conv2dBackpropInput/wasm.ts';
import { prepareKernels } from '../../../layers/kernels/index.ts';
import { bestBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import { expectClose } from '../../support/expectClose.ts';
import { expectStockConvnetTrains } from '../../support/expectStockConvnetTrains.ts';

type Shape4D = [number, number, number, number];
interface Case {
  image: Shape4D;
  filter: Shape4D;
  strides: [number, number];
  pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
}

const none: [number, number] = [0, 0];
const cases: [string, Case][] = [
  ['same, stride 1', { image: [2, 7, 5, 3], filter: [3, 3, 3, 4], strides: [1, 1], pad: 'same' }],
  ['same, uneven strides', { image: [3, 8, 6, 2], filter: [3, 5, 2, 3], strides: [2, 3], pad: 'same' }],
  ['same, even kernel', { image: [1, 6, 7, 2], filter: [2, 4, 2, 2], strides: [1, 2], pad: 'same' }],
  ['valid, rows left over', { image: [2, 9, 8, 1], filter: [3, 2, 1, 5], strides: [2, 2], pad: 'valid' }],
  ['a number', { image: [2, 5, 5, 2], filter: [3, 3, 2, 3], strides: [2, 2], pad: 2 }],
  [
    'explicit, four sides differ',
    { image: [2, 6, 5, 2], filter: [3, 3, 2, 3], strides: [1, 2], pad: [none, [0, 2], [1, 0], none] },
  ],
  [
    'more padding than the kernel reaches',
    { image: [2, 4, 5, 2], filter: [2, 3, 2, 3], strides: [2, 1], pad: [none, [3, 2], [4, 5], none] },
  ],
  ['one pixel wide', { image: [2, 6, 1, 3], filter: [3, 3, 3, 2], strides: [1, 1], pad: 'same' }],
  [
    "by Winograd's algorithm",
    { image: [2, 11, 14, 20], filter: [3, 3, 20, 36], strides: [1, 1], pad: 'same' },
  ],
  [
    "by Winograd's algorithm, strided",
    { image: [1, 12, 9, 16], filter: [3, 3, 16, 20], strides: [2, 1], pad: 'valid' },
  ],
  ['more than one tile', { image: [1, 5, 4, 18], filter: [3, 3, 18, 33], strides: [1, 1], pad: 'same' }],
];

/** Both gradients by the definition, in float64. */
function gradientsByDefinition(
  { image, filter, strides, pad }: Case,
  x: number[],
  w: number[],
  dy: number[],
) {
  const [batch, height, width, channels] = image;
  const [filterHeight, filterWidth, , filters] = filter;
  const info = tf.backend_util.computeConv2DInfo(image, filter, strides, 1, pad);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < info.outHeight; oy++)
      for (let ox = 0; ox < info.outWidth; ox++)
        for (let i = 0; i < filterHeight; i++)
          for (let j = 0; j < filterWidth; j++) {
            const y = oy * strides[0] - info.padInfo.top + i;
            const z = ox * strides[1] - info.padInfo.left + j;
            if (y < 0 || y >= height || z < 0 || z >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let k = 0; k < filters; k++) {
                const [at, by] = [
                  ((b * height + y) * width + z) * channels + c,
                  ((b * info.outHeight + oy) * info.outWidth + ox) * filters + k,
                ];
                const tap = ((i * filterWidth + j) * channels + c) * filters + k;
                dw[tap] += x[at] * dy[by];
                dx[at] += w[tap] * dy[by];
              }
          }
  return { dx, dw };
}

function expectGradients(kernels: KernelEngine, item: Case): void {
  const { image, filter, strides, pad } = item;
  const info = tf.backend_util.computeConv2DInfo(image, filter, strides, 1, pad);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>(image, 0, 1, 'float32', 3);
    const w = tf.randomNormal<tf.Rank.R4>(filter, 0, 1, 'float32', 5);
    const dy = tf.randomNormal<tf.Rank.R4>(info.outShape, 0, 1, 'float32', 4);
    const attributes = { strides, pad, dataFormat: 'NHWC' };
    const { dx, dw } = gradientsByDefinition(item, [...x.dataSync()], [...w.dataSync()], [...dy.dataSync()]);
    const byFilter = conv2dBackpropFilter(kernels, x, dy, { ...attributes, filterShape: filter });
    const byInput = conv2dBackpropInput(kernels, dy, w, { ...attributes, inputShape: image });
    // By Winograd's algorithm a value's rounding is that of its neighbours' products too: 1e-6 of the largest.
    const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expectClose(byFilter, dw, { atol: Math.max(2e-5, 1e-6 * largest(dw)), rtol: 1e-5 });
    expectClose(byInput, dx, { atol: Math.max(2e-5, 1e-6 * largest(dx)), rtol: 1e-5 });
  });
  expect(tf.memory().numTensors).toBe(before);
  kernels.arena.checkGuards();
  expect(kernels.arena.usedBytes).toBe(0);
}

describe.each(['wasm', 'cpu'])('with tensors of %s', (backend) => {
  let kernels: KernelEngine;
  beforeAll(async () => {
    await tf.setBackend(backend);
    kernels = await KernelEngine.create(bestBuild()!, undefined, new Arena({ guardBytes: 64 }));
  });

  test.each(cases)('both gradients of a convolution are their definition: %s', (_, item) => {
    expectGradients(kernels, item);
  });

  test('both gradients are their definition on random shapes', () => {
    const size = fc.integer({ min: 1, max: 9 });
    const few = fc.integer({ min: 1, max: 4 });
    const random = fc
      .record({
        image: fc.tuple(fc.integer({ min: 1, max: 3 }), size, size, fc.integer({ min: 1, max: 19 })),
        kernel: fc.tuple(few, few),
        filters: fc.integer({ min: 1, max: 19 }),
        strides: fc.tuple(few, few),
        pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
      })
      .filter(({ image, kernel, pad }) => pad === 'same' || (kernel[0] <= image[1] && kernel[1] <= image[2]));
    fc.assert(
      fc.property(random, ({ image, kernel, filters, strides, pad }) => {
        expectGradients(kernels, { image, filter: [...kernel, image[3], filters], strides, pad });
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

test('channelsFirst is refused, with the way out', async () => {
  const kernels = await KernelEngine.create(bestBuild()!, undefined, new Arena());
  const x = tf.zeros<tf.Rank.R4>([1, 2, 4, 4]);
  const attributes = { strides: 1, pad: 'same' as const, dataFormat: 'NCHW' };
  const shape: Shape4D = [3, 3, 2, 2];
  expect(() => conv2dBackpropFilter(kernels, x, x, { ...attributes, filterShape: shape })).toThrow(
    'Transpose to channelsLast',
  );
  expect(() =>
    conv2dBackpropInput(kernels, x, tf.zeros(shape), { ...attributes, inputShape: x.shape }),
  ).toThrow('Transpose to channelsLast');
});

test('a convnet of stock layers trains on wasm, and its loss falls', async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
  await prepareKernels('wasm');
  await expectStockConvnetTrains();
});
