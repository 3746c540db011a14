import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { chordVocabulary } from '../../../src/chords/chordVocabulary.ts';
import { templateLoss } from '../../../src/chords/templateLoss.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';

const vocabulary = chordVocabulary();
const oneHot = (...labels: (string | null)[]) =>
  tf.tensor2d(labels.map((label) => vocabulary.labels.map((each) => Number(each === label))));

onEngines(() => {
  test('the loss is the mean over the frames of the squared distance to the template', () => {
    const chroma = tf.tensor2d([
      [1, 0, 0, 0, 1, 0, 0, 0.5, 0, 0, 0, 0], // C without its whole fifth: 0.25
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], // to no chord: 4
    ]);
    expectClose(templateLoss(vocabulary)(oneHot('C:maj', 'N'), chroma), [(0.25 + 4) / 2], { atol: 1e-6 });
  });

  test('a frame without a known chord counts nothing, and where none is known the loss is 0', () => {
    const chroma = tf.tensor2d([new Array<number>(12).fill(3), new Array<number>(12).fill(0)]);
    const loss = templateLoss(vocabulary);
    expectClose(loss(oneHot(null, 'D:min'), chroma), [3], { atol: 1e-6 });
    expectClose(loss(oneHot(null, null), chroma), [0], { atol: 0 });
  });

  test('its gradient is twice the difference, shared among the frames', () => {
    const chroma = tf.tensor2d([new Array<number>(12).fill(0.5), new Array<number>(12).fill(0)]);
    const loss = templateLoss(vocabulary);
    const [gradient] = [tf.grad((x) => loss(oneHot('N', 'N'), x))(chroma)];
    expectClose(gradient, [...new Array<number>(12).fill(0.5), ...new Array<number>(12).fill(0)], {
      atol: 1e-6,
    });
    expect(gradient.shape).toEqual([2, 12]);
  });

  test('where every chord is known it is twelve times the mean squared error against the templates', () => {
    const chroma = tf.randomUniform([3, 12], 0, 1, 'float32', 5) as tf.Tensor2D;
    const templates = tf.tensor2d(vocabulary.templates, [25, 12]);
    const chords = oneHot('C#:min', 'N', 'B:maj');
    const error = tf.losses.meanSquaredError(tf.matMul(chords, templates), chroma);
    expectClose(templateLoss(vocabulary)(chords, chroma), tf.mul(error, 12).dataSync(), { rtol: 1e-6 });
  });
});
