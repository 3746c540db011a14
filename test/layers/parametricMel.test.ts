import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { melFilterbank } from '../../layers/dsp/mel.ts';
import { ParametricMel } from '../../layers/parametricMel.ts';
import { expectClose } from '../support/expectClose.ts';
import { expectLayerGradients } from '../support/expectGradient.ts';
import { onEngines } from '../support/onEngines.ts';

const sampleRate = 8000;
/** `[bins, nMels]`: what the layer makes of each bin alone. */
function matrixOf(layer: ParametricMel, nBins: number): number[][] {
  const eachBin = tf.reshape(tf.eye(nBins), [1, nBins, nBins, 1]);
  return tf.squeeze(layer.apply(eachBin) as tf.Tensor, [0, 3]).arraySync() as number[][];
}

onEngines(() => {
  test('bands start where the triangles of the mel filterbank are, as wide at half their height, of unit area', () => {
    const nBins = 2049;
    const options = { sampleRate, nMels: 5, fMin: 200, fMax: 3000, melScale: 'htk' } as const;
    const gaussians = matrixOf(new ParametricMel(options), nBins);
    const triangles = melFilterbank({ ...options, nFft: 4096 });
    const hzPerBin = sampleRate / 4096;
    const widthOf = (band: number[]) => band.filter((value) => value >= Math.max(...band) / 2).length;
    for (let mel = 0; mel < 5; mel++) {
      const gaussian = gaussians.map((row) => row[mel]);
      const triangle = gaussians.map((_, bin) => triangles[bin * 5 + mel]);
      const peakOf = (band: number[]) => band.indexOf(Math.max(...band));
      expect(Math.abs(peakOf(gaussian) - peakOf(triangle))).toBeLessThanOrEqual(1);
      expect(Math.abs(widthOf(gaussian) - widthOf(triangle))).toBeLessThanOrEqual(2);
      expect(gaussian.reduce((sum, value) => sum + value * hzPerBin)).toBeCloseTo(1, 3);
    }
  });

  test('the weights move centres by start widths and widths by factors of e', () => {
    const layer = new ParametricMel({ sampleRate, nMels: 3, norm: null });
    layer.build([null, 2, 33, 1]);
    const before = layer.readBands();
    layer.setWeights([tf.tensor1d([0, 2, -1]), tf.tensor1d([0, Math.LN2, 0])]);
    const after = layer.readBands();
    const [c, w] = [before.centres.dataSync(), before.widths.dataSync()];
    expectClose(after.centres, [c[0], c[1] + 2 * w[1], c[2] - w[2]], { rtol: 1e-6 });
    expectClose(after.widths, [w[0], 2 * w[1], w[2]], { rtol: 1e-6 });
    const [centre, width] = [after.centres.dataSync()[1], after.widths.dataSync()[1]];
    const band = matrixOf(layer, 33).map((row) => row[1]);
    const gaussian = band.map((_, bin) => Math.exp(-0.5 * ((bin * 125 - centre) / width) ** 2));
    expectClose(band, gaussian, { atol: 2e-6 });
  });

  test('gradients by the input, centres and widths are those of finite differences', () => {
    const input = tf.randomUniform([2, 3, 33, 1], 0, 1, 'float32', 6);
    for (const norm of ['slaney', null] as const) {
      const layer = new ParametricMel({ sampleRate, nMels: 4, norm });
      layer.build(input.shape);
      layer.setWeights([tf.tensor1d([0.3, -0.2, 0.5, 0.1]), tf.tensor1d([0.2, 0.1, -0.3, 0.2])]);
      expectLayerGradients(layer, input);
    }
  });

  test('a band learns the frequency that carries the target', async () => {
    const layer = new ParametricMel({ sampleRate, nMels: 1, fMin: 500, fMax: 1500, norm: null });
    const power = tf.randomUniform([8, 10, 33, 1], 0, 1, 'float32', 3);
    const target = tf.slice(power, [0, 0, 9, 0], [-1, -1, 1, -1]); // 9 · 125 = 1125 Hz
    const adam = tf.train.adam(0.05);
    layer.build(power.shape);
    for (let step = 0; step < 150; step++) {
      adam.minimize(
        () => tf.mean(tf.squaredDifference(layer.apply(power) as tf.Tensor, target)) as tf.Scalar,
      );
    }
    expect(Math.abs(layer.readBands().centres.dataSync()[0] - 1125)).toBeLessThan(125 / 4);
  });
});

test('bad options are refused', () => {
  expect(() => new ParametricMel({ sampleRate, fMax: 5000 })).toThrow('fMax <= 4000 Hz');
  expect(() => new ParametricMel({ sampleRate }).build([null, 3, null, 1])).toThrow('of known bins');
});
