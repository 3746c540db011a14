import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { MuLawDecoding } from '../../layers/muLawDecoding.ts';
import { MuLawEncoding } from '../../layers/muLawEncoding.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

onEngines(() => {
  test('every level comes back from the waveform that it stands for', () => {
    for (const quantizationChannels of [2, 3, 16, 256, 65536]) {
      const levels = tf.range(0, quantizationChannels, 1, 'int32');
      const waveform = new MuLawDecoding({ quantizationChannels }).apply(tf.expandDims(levels)) as tf.Tensor;
      const back = new MuLawEncoding({ quantizationChannels }).apply(waveform) as tf.Tensor;
      expect(back.dtype).toBe('int32');
      expectClose(back, levels, { atol: 0 });
    }
  });

  test('silence lies in the middle, full scale at the ends, and what is beyond too', () => {
    const layer = new MuLawEncoding({ quantizationChannels: 256 });
    expectClose(layer.apply(tf.tensor2d([[-9, -1, 0, 1, 9]])) as tf.Tensor, [0, 0, 128, 255, 255], {
      atol: 0,
    });
  });
});

test('fewer than 2 levels, more than 65536 and fractions are refused', () => {
  for (const quantizationChannels of [1, 65537, 2.5, NaN]) {
    expect(() => new MuLawEncoding({ quantizationChannels })).toThrow('must be an integer in [2, 65536]');
    expect(() => new MuLawDecoding({ quantizationChannels })).toThrow('MuLawDecoding: quantizationChannels');
  }
});
