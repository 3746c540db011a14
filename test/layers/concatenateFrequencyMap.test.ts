import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ConcatenateFrequencyMap } from '../../layers/concatenateFrequencyMap.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

onEngines(() => {
  test('the added channel rises from 0 to 1 along the bins, in both data formats', () => {
    const last = new ConcatenateFrequencyMap().apply(tf.fill([1, 2, 3, 1], 7)) as tf.Tensor;
    expectClose(last, [7, 0, 7, 0.5, 7, 1, 7, 0, 7, 0.5, 7, 1], { atol: 0 });
    const first = new ConcatenateFrequencyMap({ dataFormat: 'channelsFirst' });
    expectClose(first.apply(tf.fill([1, 1, 2, 3], 7)) as tf.Tensor, [7, 7, 7, 7, 7, 7, 0, 0.5, 1, 0, 0.5, 1], { atol: 0 }); // prettier-ignore
  });
});

test('a waveform is refused', () => {
  expect(() => new ConcatenateFrequencyMap().computeOutputShape([1, 2, 3])).toThrow('needs a map');
});
