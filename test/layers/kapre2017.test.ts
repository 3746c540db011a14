import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { countSameFrames } from '../../layers/dsp/framing.ts';
import { kapre2017 } from '../../layers/kapre2017.ts';
import { MelSpectrogram } from '../../layers/melSpectrogram.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const options = { ...kapre2017, nFft: 64, hopLength: 24, sampleRate: 8000, nMels: 4 };

onEngines(() => {
  test('one sample, and fewer than a window, still give ceil(samples / hopLength) frames', () => {
    const layer = new Spectrogram({ nFft: 64, hopLength: 24, center: 'same', window: 'boxcar' });
    // one sample of 3 in zeros: the same magnitude at every frequency
    expectClose(layer.apply(tf.tensor2d([[3]])) as tf.Tensor, new Float32Array(33).fill(9), { rtol: 1e-5 });
    expect((layer.apply(tf.ones([2, 25])) as tf.Tensor).shape).toEqual([2, 2, 33, 1]);
  });
});

test('a clip of the published tagger, 29 s at 12 kHz, has its 1360 frames', () => {
  const shape = new MelSpectrogram({ ...kapre2017, sampleRate: 12000, nMels: 96 }).computeOutputShape([
    1, 348000,
  ]);
  expect(shape).toEqual([1, 1360, 96, 1]);
  expect(countSameFrames(348000, { nFft: 512, hopLength: 256 })).toEqual({
    nFrames: 1360,
    before: 208,
    after: 208,
  });
  expect(countSameFrames(10, { nFft: 4, hopLength: 3 })).toEqual({ nFrames: 4, before: 1, after: 2 });
  expect(() => countSameFrames(0, { nFft: 4, hopLength: 3 })).toThrow('0 samples holds no frame');
});

test('another word than same is refused', () => {
  expect(() => new Spectrogram({ center: 'valid' as 'same' })).toThrow('true, false, same');
  expect(() => new MelSpectrogram({ ...options, powerMelgram: 3 as 2 })).toThrow(
    'powerMelgram must be one of',
  );
});
