/** What a user reads when a batch is too large for the device, and that nothing grows while training. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { outOfDeviceMemory, tooLargeForDevice } from '../../../src/engine/deviceMemory.ts';
import { ConvBlock } from '../../../layers/convBlock.ts';
import { MelSpectrogram } from '../../../layers/melSpectrogram.ts';
import { Adam } from '../../../src/training/adam.ts';
import { binaryCrossentropy } from '../../../src/training/losses.ts';
import { InputError } from '../../../src/errors.ts';
import { onWebgpu, useWebgpu } from '../../support/webgpuAdapter.ts';

test('a batch of 16 feature maps of 16 MB in a limit of 128 MB: eight would fit', () => {
  const shape = [16, 1360, 96, 32];
  const error = tooLargeForDevice(shape, 267_386_880, 134_217_728);
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toBe(
    'webgpu: a tensor [16, 1360, 96, 32] needs 255 MB, and the device takes 128 MB in one piece: try --batch-size 8.',
  );
});

test('where not even one clip fits, shorter clips or another engine are the way out', () => {
  expect(tooLargeForDevice([2, 9000, 256, 32], 589_824_000, 134_217_728).message).toContain(
    'not even one clip fits; use shorter clips or --engine wasm',
  );
});

test('a matrix of frames has no batch to name: the share of it is', () => {
  expect(tooLargeForDevice([21_760, 512], 44_564_480, 33_554_432).message).toContain(
    'try 75 % of the batch size',
  );
});

test('a device without memory left asks for half the batch', () => {
  expect(outOfDeviceMemory([12, 340, 48, 32], 8 * 2 ** 30).message).toBe(
    'webgpu: the device is out of memory at 8192 MB: try --batch-size 6.',
  );
});

await onWebgpu(() => {
  beforeAll(useWebgpu);

  test('a tensor beyond the limit is refused before memory is taken, and the backend goes on', async () => {
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    const limit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
    const rows = Math.ceil(limit / 2 ** 12) + 1; // of 1024 floats
    const before = tf.memory() as unknown as { numBytesAllocatedInGPU: number };
    expect(() => tf.tidy(() => tf.tile(tf.ones([1, 1, 1024]), [2, Math.ceil(rows / 2), 1]))).toThrow(
      /webgpu: a tensor \[2, .* try --batch-size 1\./,
    );
    const after = tf.memory() as unknown as { numBytesAllocatedInGPU: number };
    expect(after.numBytesAllocatedInGPU - before.numBytesAllocatedInGPU).toBeLessThan(2 ** 20);
    expect([...(await tf.add(tf.tensor1d([1, 2]), 1).data())]).toEqual([2, 3]);
  });

  test('memory refused by the device ends in the batch size to try, at once and in every later read', async () => {
    const backend = tf.backend() as unknown as { device: GPUDevice; lastShape: number[] };
    const later = tf.tile(tf.ones([10, 32, 32, 2]), [1, 2, 1, 1]); // large enough not to be done on the processor
    // What Dawn sends when a driver has none left; SwiftShader would first take all that this machine has.
    const { GPUOutOfMemoryError: OutOfMemory } = globalThis as unknown as {
      GPUOutOfMemoryError: new (m: string) => GPUError;
    };
    const event = Object.assign(new Event('uncapturederror', { cancelable: true }), {
      error: new OutOfMemory('none'),
    });
    backend.device.dispatchEvent(event);
    await expect(later.data()).rejects.toThrow(
      /webgpu: the device is out of memory at .* MB: try --batch-size 5\./,
    );
    await useWebgpu();
    expect([...(await tf.add(tf.tensor1d([1, 2]), 1).data())]).toEqual([2, 3]);
  });

  test('tensors and the bytes of the GPU are flat over 100 steps of mel spectrogram, block, dense and Adam', async () => {
    const model = tf.sequential({
      layers: [
        new MelSpectrogram({
          inputShape: [600],
          sampleRate: 4000,
          nFft: 64,
          nMels: 8,
          decibel: { ref: 'max' },
        }),
        new ConvBlock({ filters: 4, poolSize: [4, 2], seed: 1 }),
        tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const adam = new Adam(variables);
    const x = tf.randomNormal([3, 600], 0, 1, 'float32', 1);
    const y = tf.oneHot([0, 1, 0], 2) as tf.Tensor2D;
    const step = async () => {
      const { value, grads } = tf.variableGrads(
        () => binaryCrossentropy(y, model.apply(x, { training: true }) as tf.Tensor2D),
        variables,
      );
      adam.apply(grads, 0.01);
      await value.data();
      tf.dispose([value, grads]);
      const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as unknown as Record<
        string,
        number
      >;
      return { numTensors, numBytesInGPU, numBytesAllocatedInGPU };
    };
    for (let i = 0; i < 5; i++) await step();
    const before = await step();
    for (let i = 0; i < 99; i++) await step();
    expect(await step()).toEqual(before);
  });
});
