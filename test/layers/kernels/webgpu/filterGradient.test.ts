/** The split gradient by the filter against its definition in float64. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { onWebgpu, relativeError, useWebgpu } from '../../../support/webgpuAdapter.ts';
import { expectStockConvnetTrains } from '../../../support/expectStockConvnetTrains.ts';

type Pad = 'same' | 'valid' | number;

interface Case {
  image: [number, number, number, number];
  /** Height and width. */
  kernel: [number, number];
  filters: number;
  strides: [number, number];
  pad: Pad;
  seed?: number;
}

/** The definition. */
function definition({ image, kernel, filters, strides, pad }: Case, x: Float32Array, dy: Float32Array) {
  const [batch, height, width, channels] = image;
  const info = tf.backend_util.computeConv2DInfo(image, [...kernel, channels, filters], strides, 1, pad);
  const out = new Float64Array(kernel[0] * kernel[1] * channels * filters);
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < info.outHeight; oy++)
      for (let ox = 0; ox < info.outWidth; ox++)
        for (let i = 0; i < kernel[0]; i++)
          for (let j = 0; j < kernel[1]; j++) {
            const [h, w] = [oy * strides[0] - info.padInfo.top + i, ox * strides[1] - info.padInfo.left + j];
            if (h < 0 || h >= height || w < 0 || w >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let k = 0; k < filters; k++)
                out[((i * kernel[1] + j) * channels + c) * filters + k] +=
                  x[((b * height + h) * width + w) * channels + c] *
                  dy[((b * info.outHeight + oy) * info.outWidth + ox) * filters + k];
          }
  return out;
}

async function expectDefinition(item: Case, within = 2e-6): Promise<void> {
  const { image, kernel, filters, strides, pad, seed = 1 } = item;
  const filterShape: [number, number, number, number] = [...kernel, image[3], filters];
  const info = tf.backend_util.computeConv2DInfo(image, filterShape, strides, 1, pad);
  const random = (shape: number[], k: number) =>
    tf.randomNormal<tf.Rank.R4>(shape as Case['image'], 0, 1, 'float32', seed + k);
  const [x, dy] = [random(image, 0), random(info.outShape, 500)];
  const zero = tf.zeros<tf.Rank.R4>(filterShape);
  const convolve = (w: tf.Tensor) => tf.conv2d(x, w as tf.Tensor4D, strides, pad);
  const got = tf.grad(convolve)(zero, dy);
  expect(got.shape).toEqual(filterShape);
  const expected = definition(item, await x.data<'float32'>(), await dy.data<'float32'>());
  // Rounding grows with what is added up, not with what is left of it.
  const scale = Math.sqrt(info.batchSize * info.outHeight * info.outWidth);
  const error = relativeError(await got.data<'float32'>(), Float32Array.from(expected));
  const largest = Math.max(...expected.map(Math.abs));
  expect((error * largest) / Math.max(largest, scale)).toBeLessThan(within);
  tf.dispose([x, dy, zero, got]);
}

const base: Case = { image: [2, 9, 8, 3], kernel: [3, 3], filters: 5, strides: [1, 1], pad: 'same' };

await onWebgpu(() => {
  beforeAll(useWebgpu);

  test.each<[string, Partial<Case>]>([
    ['same, stride 1', {}],
    ['as in the compact convnet, first block', { image: [2, 40, 24, 1], filters: 32 }],
    ['as in the compact convnet, later block', { image: [2, 21, 12, 32], filters: 32 }],
    ['uneven strides, even kernel', { kernel: [2, 4], strides: [2, 3] }],
    ['valid, rows left over', { kernel: [3, 2], strides: [2, 2], pad: 'valid' }],
    ['padding of a number', { strides: [2, 2], pad: 2 }],
    ['one pixel wide', { image: [2, 9, 1, 3] }],
    ['one pixel', { image: [5, 1, 1, 2], kernel: [1, 1] }],
    ['more filters and elements than a tile', { image: [1, 6, 5, 17], filters: 35 }],
    ['a kernel wider than the image', { kernel: [3, 11], image: [2, 9, 3, 2] }],
    ['many workgroups', { image: [3, 64, 48, 2], filters: 3 }],
  ])('the filter gradient is the sum over positions: %s', async (_, difference) => {
    await expectDefinition({ ...base, ...difference });
  });

  test('the filter gradient is the sum over positions for random shapes', async () => {
    const side = (max: number) => fc.integer({ min: 1, max });
    const cases = fc
      .record({
        image: fc.tuple(side(3), side(15), side(15), side(9)),
        kernel: fc.tuple(side(5), side(5)),
        filters: side(36),
        strides: fc.tuple(side(3), side(3)),
        pad: fc.constantFrom<Pad>('same', 'valid', 1),
        seed: side(1000),
      })
      // TF.js 4.22 takes the height of the kernel for its width where the padding is a number.
      .filter(({ kernel, pad }) => pad !== 1 || kernel[0] === kernel[1])
      .filter(({ image, kernel, pad }) => pad === 'same' || (kernel[0] <= image[1] && kernel[1] <= image[2]));
    await fc.assert(
      fc.asyncProperty(cases, (item) => expectDefinition(item)),
      { seed: 7, numRuns: 10 },
    );
  });

  test('no images have a gradient of zeros', async () => {
    const [x, dy] = [tf.zeros([0, 4, 4, 2]), tf.zeros([0, 4, 4, 1])];
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 2, 1] };
    const dw = tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, attributes) as tf.Tensor;
    expect([...(await dw.data())]).toEqual(Array.from({ length: 18 }, () => 0));
  });

  test('a channelsFirst convolution keeps the stock gradient', async () => {
    const x = tf.randomNormal([1, 2, 5, 4], 0, 1, 'float32', 1) as tf.Tensor4D;
    const w = tf.randomNormal([3, 3, 2, 3], 0, 1, 'float32', 2) as tf.Tensor4D;
    const gradient = (nchw: boolean) =>
      tf.grad((v: tf.Tensor) =>
        nchw
          ? tf.conv2d(x, v as tf.Tensor4D, 1, 'same', 'NCHW')
          : tf.conv2d(tf.transpose(x, [0, 2, 3, 1]), v as tf.Tensor4D, 1, 'same'),
      )(w);
    const [got, expected] = [gradient(true), gradient(false)];
    expect(relativeError(await got.data<'float32'>(), await expected.data<'float32'>())).toBeLessThan(1e-5);
  });

  test('a stock convnet trains, and its loss falls', async () => {
    await expectStockConvnetTrains();
  });
});
