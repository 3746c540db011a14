import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ChannelSwap } from '../../layers/channelSwap.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

/** `[clips, samples, channels]`, every value its channel. */
const channelsOf = (clips: number, channels: number) =>
  tf.tile(tf.reshape(tf.range(0, channels), [1, 1, channels]), [clips, 2, 1]);

/** The order of each clip's channels, which all samples must share. */
function ordersOf(x: tf.Tensor): string[] {
  const rows = x.arraySync() as number[][][];
  return rows.map((samples) => {
    expect(new Set(samples.map(String)).size).toBe(1);
    return samples[0].join('');
  });
}

onEngines(() => {
  test('outside training, and with one channel, the input passes unchanged', () => {
    const x = tf.randomNormal([2, 5, 3]);
    expectClose(new ChannelSwap().apply(x) as tf.Tensor, x, { atol: 0 });
    const mono = tf.randomNormal([2, 5, 1]);
    expectClose(new ChannelSwap().apply(mono, { training: true }) as tf.Tensor, mono, { atol: 0 });
  });

  test('each clip has an order of its own, and all six orders of three channels are as likely', () => {
    const out = new ChannelSwap({ seed: 3 }).apply(channelsOf(1200, 3), { training: true }) as tf.Tensor;
    const counts = new Map<string, number>();
    for (const order of ordersOf(out)) counts.set(order, (counts.get(order) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    // 200 expected of each, with a standard deviation of 13
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
  });

  test('waveforms and maps, channels last and second, are swapped alike', () => {
    const x = tf.randomNormal([4, 5, 6, 3], 0, 1, 'float32', 2);
    const swap = (input: tf.Tensor, dataFormat: 'channelsFirst' | 'channelsLast') =>
      new ChannelSwap({ seed: 8, dataFormat }).apply(input, { training: true, step: 4 }) as tf.Tensor;
    const last = swap(x, 'channelsLast');
    const first = swap(tf.transpose(x, [0, 3, 1, 2]), 'channelsFirst');
    expectClose(tf.transpose(first, [0, 2, 3, 1]), last, { atol: 0 });
    const waveform = swap(tf.reshape(x, [4, 30, 3]), 'channelsLast');
    expectClose(tf.reshape(waveform, [4, 5, 6, 3]), last, { atol: 0 });
  });

  test('seed and step name the draw; without a step every call draws anew', () => {
    const draw = (layer: ChannelSwap, step?: number) =>
      ordersOf(layer.apply(channelsOf(9, 4), { training: true, step }) as tf.Tensor).join();
    const layer = new ChannelSwap({ seed: 1 });
    expect(draw(layer, 7)).toBe(draw(new ChannelSwap({ seed: 1 }), 7));
    expect(draw(layer, 7)).not.toBe(draw(layer, 8));
    expect(draw(layer, 7)).not.toBe(draw(new ChannelSwap({ seed: 2 }), 7));
    expect(draw(layer)).not.toBe(draw(layer));
  });

  test('gradients go back to the channels that they came from', () => {
    const layer = new ChannelSwap({ seed: 5 });
    const run = (x: tf.Tensor) => layer.apply(x, { training: true, step: 1 }) as tf.Tensor;
    const x = tf.randomNormal([3, 2, 4], 0, 1, 'float32', 2);
    // the sum of x² knows no order
    expectClose(tf.grad((v) => tf.sum(tf.square(run(v))))(x), tf.mul(x, 2), { atol: 1e-6 });
  });
});

test('a tensor without channels is refused', () => {
  expect(() => new ChannelSwap().computeOutputShape([1, 100])).toThrow(
    'ChannelSwap needs [batch, samples, channels]',
  );
});
