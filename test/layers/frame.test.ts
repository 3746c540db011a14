import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Energy } from '../../layers/energy.ts';
import { Frame } from '../../layers/frame.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const counting = () => tf.reshape(tf.range(1, 8), [1, 7]); // 1 … 7

onEngines(() => {
  test('whole frames only, unless padEnd fills up every hop with padValue', () => {
    const whole = new Frame({ frameLength: 3, hopLength: 2 }).apply(counting()) as tf.Tensor;
    expect(whole.shape).toEqual([1, 3, 3, 1]);
    expectClose(whole, [1, 2, 3, 3, 4, 5, 5, 6, 7], { atol: 0 });
    const filled = new Frame({ frameLength: 3, hopLength: 2, padEnd: true, padValue: -1 });
    expectClose(filled.apply(counting()) as tf.Tensor, [1, 2, 3, 3, 4, 5, 5, 6, 7, 7, -1, -1], { atol: 0 });
  });

  test('frames may have gaps between, and a signal shorter than one is filled up', () => {
    const gaps = new Frame({ frameLength: 2, hopLength: 4 }).apply(counting()) as tf.Tensor;
    expectClose(gaps, [1, 2, 5, 6], { atol: 0 });
    const short = new Frame({ frameLength: 4, hopLength: 4, padEnd: true }).apply(
      tf.ones([1, 1]),
    ) as tf.Tensor;
    expectClose(short, [1, 0, 0, 0], { atol: 0 });
  });

  test('energy is the sum of squares for the reference duration, in both data formats', () => {
    const x = tf.tensor3d([[[1, 0], [2, 0], [3, 1], [4, 2]]]); // prettier-ignore
    const options = { sampleRate: 100, refDurationSeconds: 0.04, frameLength: 2, hopLength: 2 };
    expectClose(new Energy(options).apply(x) as tf.Tensor, [10, 0, 50, 10], { rtol: 1e-6 });
    const first = new Energy({ ...options, dataFormat: 'channelsFirst' });
    expectClose(first.apply(tf.transpose(x, [0, 2, 1])) as tf.Tensor, [10, 50, 0, 10], { rtol: 1e-6 });
  });

  test('energy of full scale, silence and one sample', () => {
    const layer = new Energy({ sampleRate: 1000 });
    expectClose(layer.apply(tf.fill([1, 200], -1)) as tf.Tensor, [100, 100, 100], { rtol: 1e-6 });
    expectClose(layer.apply(tf.zeros([1, 100])) as tf.Tensor, [0], { atol: 0 });
    expectClose(new Energy({ sampleRate: 10, padEnd: true, hopLength: 1 }).apply(tf.ones([1, 1])) as tf.Tensor, [1], { rtol: 1e-6 }); // prettier-ignore
  });

  test('NaN stays in the frames that hold it', () => {
    const x = tf.tensor2d([[0, 0, 0, NaN, 0, 0, 0, 0]]);
    const out = new Energy({ sampleRate: 100, frameLength: 3, hopLength: 2 }).apply(x) as tf.Tensor;
    expect(Array.from(out.dataSync(), Number.isNaN)).toEqual([false, true, false]); // [0,3) [2,5) [4,7)
  });
});

test('the sizes follow from the sampling rate as in Kapre at 22050 Hz', () => {
  const { frameLength, hopLength } = new Energy({ sampleRate: 22050 }).getConfig();
  expect([frameLength, hopLength]).toEqual([2205, 1102]);
});

test('a signal without a frame and options out of range are refused', () => {
  const layer = new Frame({ frameLength: 8, hopLength: 4 });
  expect(() => layer.apply(tf.ones([1, 7]))).toThrow('7 samples holds no frame of 8 samples without padding');
  expect(() => new Frame({ frameLength: 0, hopLength: 4 })).toThrow(
    'frameLength must be an integer >= 1 sample',
  );
  expect(() => new Frame({ frameLength: 8, hopLength: 4, padValue: NaN })).toThrow(
    'padValue must be a finite',
  );
  expect(() => new Energy({ sampleRate: 0 })).toThrow('sampleRate must be a number > 0');
});
