import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { expectGradient, expectLayerGradients } from './expectGradient.ts';
import { onEngines } from './onEngines.ts';

onEngines(() => {
  test('the gradient of a square passes, that of a wrong rule and of NaN do not', () => {
    const x = tf.randomNormal([3, 4], 0, 1, 'float32', 1);
    expectGradient(tf.square, x);
    const wrong = tf.customGrad((v, save) => {
      (save as tf.GradSaveFunc)([v as tf.Tensor]);
      return {
        value: tf.square(v as tf.Tensor),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.mul(dy, saved[0]), 2.02),
      };
    });
    expect(() => expectGradient((v) => wrong(v), x)).toThrow('gradient by input');
    expect(() => expectGradient((v) => tf.sqrt(v), tf.neg(tf.abs(x)))).toThrow('gradient by input');
  });

  test('a layer is checked by its input and its trained weights, which are as before afterwards', () => {
    const layer = new Spectrogram({ nFft: 16, trainableWindow: true });
    const x = tf.randomUniform([2, 40], -1, 1, 'float32', 4);
    layer.apply(x);
    const before = layer.getWeights()[0].dataSync().slice();
    expectLayerGradients(layer, x);
    expect(layer.getWeights()[0].dataSync()).toEqual(before);
  });
});
