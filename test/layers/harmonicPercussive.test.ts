import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { HarmonicPercussive } from '../../layers/harmonicPercussive.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

/** A steady tone in bin 3 and a click in frame 5 of `[1, 9, 8, 1]`; where they cross both are strong. */
const cross = () =>
  tf.tensor4d(
    Array.from({ length: 72 }, (_, i) => (i % 8 === 3 || Math.floor(i / 8) === 5 ? 1 : 0)),
    [1, 9, 8, 1],
  );
const kernels = { harmonicKernel: 3, percussiveKernel: 3 };

onEngines(() => {
  test('a tone is harmonic, a click percussive, their crossing half of each', () => {
    const parts = new HarmonicPercussive(kernels).apply(cross()) as tf.Tensor;
    expect(parts.shape).toEqual([1, 9, 8, 2]);
    const [harmonic, percussive] = tf.unstack(parts, 3).map((part) => part.dataSync());
    const at = (frame: number, bin: number) => frame * 8 + bin;
    expect([harmonic[at(1, 3)], percussive[at(1, 3)]]).toEqual([1, 0]);
    expect([harmonic[at(5, 6)], percussive[at(5, 6)]]).toEqual([0, 1]);
    expect([harmonic[at(5, 3)], percussive[at(5, 3)]]).toEqual([0.5, 0.5]);
  });

  test('with margins of 1 the parts add up to the input, and silence is split in halves', () => {
    const x = tf.abs(tf.randomNormal([1, 12, 10, 1], 0, 1, 'float32', 3));
    const [harmonic, percussive] = tf.unstack(new HarmonicPercussive(kernels).apply(x) as tf.Tensor, 3);
    expectClose(tf.add(harmonic, percussive), x, { atol: 1e-6 });
    const masks = new HarmonicPercussive({ ...kernels, mask: true }).apply(
      tf.zeros([1, 5, 5, 1]),
    ) as tf.Tensor;
    expectClose(masks, new Float32Array(50).fill(0.5), { atol: 0 });
  });

  test('one component is one half of both, in either data format', () => {
    const x = tf.abs(tf.randomNormal([2, 12, 10, 3], 0, 1, 'float32', 5));
    const options = { ...kernels, harmonicMargin: 1.2, percussiveMargin: 1.5 };
    const both = new HarmonicPercussive(options).apply(x) as tf.Tensor;
    const first = new HarmonicPercussive({ ...options, component: 'harmonic' }).apply(x) as tf.Tensor;
    const turned = new HarmonicPercussive({
      ...{ ...options, component: 'percussive', dataFormat: 'channelsFirst' },
    }).apply(tf.transpose(x, [0, 3, 1, 2])) as tf.Tensor;
    expectClose(tf.slice(both, [0, 0, 0, 0], [2, 12, 10, 3]), first, { atol: 0 });
    expectClose(tf.slice(both, [0, 0, 0, 3], [2, 12, 10, 3]), tf.transpose(turned, [0, 2, 3, 1]), {
      atol: 0,
    });
  });

  test('the gradient is the mask, whatever the medians', () => {
    const x = tf.abs(tf.randomNormal([1, 9, 8, 1], 0, 1, 'float32', 6));
    const options = { ...kernels, component: 'harmonic' } as const;
    const gradient = tf.grad((y) => tf.sum(new HarmonicPercussive(options).apply(y) as tf.Tensor))(x);
    expectClose(gradient, new HarmonicPercussive({ ...options, mask: true }).apply(x) as tf.Tensor, {
      atol: 1e-6,
    });
  });
});

test('even kernels, margins below 1 and axes too short are refused', () => {
  expect(() => new HarmonicPercussive({ harmonicKernel: 4 })).toThrow('must be odd; got 4. Use 5');
  expect(() => new HarmonicPercussive({ percussiveMargin: 0.5 })).toThrow(
    'percussiveMargin must be >= 1; got 0.5',
  );
  expect(() => new HarmonicPercussive({ power: 0 })).toThrow(
    "power, unless 'hard', must be a number > 0; got 0",
  );
  expect(() => new HarmonicPercussive().apply(tf.zeros([1, 9, 33, 1]))).toThrow(
    'a median of 31 needs at least 15 frames; got 9. Lower harmonicKernel.',
  );
});
