import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ChromaCQT } from '../../layers/chromaCQT.ts';
import { ChromaSTFT } from '../../layers/chromaSTFT.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const byStft = { sampleRate: 8000, nFft: 512, hopLength: 256 };
const byCqt = { sampleRate: 8000, hopLength: 128, fMin: 130.813, nOctaves: 4 };
const sine = (hz: number) =>
  tf.tensor2d([Array.from({ length: 4000 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / 8000))]);

onEngines(() => {
  test('E in any octave gives pitch class 4 in every frame', () => {
    for (const hz of [329.63, 659.26, 1318.5]) {
      for (const layer of [new ChromaSTFT({ ...byStft, nFft: 2048 }), new ChromaCQT(byCqt)]) {
        const strongest = tf.argMax(layer.apply(sine(hz)) as tf.Tensor, 2).dataSync();
        expect(new Set(strongest)).toEqual(new Set([4]));
      }
    }
  });

  test('the strongest class of a frame reads 1, and silence reads 0 with finite gradients', () => {
    for (const layer of [new ChromaSTFT(byStft), new ChromaCQT(byCqt)]) {
      const peaks = tf.max(layer.apply(sine(440)) as tf.Tensor, 2);
      expectClose(peaks, new Float32Array(peaks.size).fill(1), { atol: 1e-6 });
    }
    for (const norm of [1, 2, 'inf'] as const) {
      const layer = new ChromaSTFT({ ...byStft, norm });
      const silence = tf.zeros([1, 1000]);
      expectClose(layer.apply(silence) as tf.Tensor, new Float32Array(4 * 12), { atol: 0 });
      const gradient = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(silence);
      expectClose(gradient, new Float32Array(1000), { atol: 0 });
    }
  });

  test('a bin weaker than the threshold reads 0', () => {
    const plain = (new ChromaCQT({ ...byCqt, norm: null }).apply(sine(440)) as tf.Tensor).dataSync();
    const cut = (
      new ChromaCQT({ ...byCqt, norm: null, threshold: 0.1 }).apply(sine(440)) as tf.Tensor
    ).dataSync();
    expectClose(
      cut,
      plain.map((value) => (value < 0.1 ? 0 : value)),
      { atol: 0 },
    );
    expect(plain.some((value) => value < 0.1)).toBe(true);
  });
});

test('options out of range are refused', () => {
  expect(() => new ChromaSTFT({ ...byStft, nChroma: 0 })).toThrow(
    'ChromaSTFT: nChroma must be an integer >= 1',
  );
  expect(() => new ChromaSTFT({ ...byStft, norm: 3 as never })).toThrow('ChromaSTFT: norm must be one of');
  expect(() => new ChromaCQT({ ...byCqt, threshold: -1 })).toThrow(
    'ChromaCQT: threshold must be >= 0; got -1',
  );
  expect(() => new ChromaCQT({ ...byCqt, nOctaves: 6 })).toThrow('At most 177 bins fit');
  expect(() => new ChromaCQT({ ...byCqt, binsPerOctave: 20 })).toThrow('must be a multiple of nChroma, 12');
});
