import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { bandCentres, BaseMapMaker } from '../../../experiments/frontEndStudy/baseMaps.ts';
import { frontEndMaps } from '../../../experiments/frontEndStudy/frontEndMaps.ts';
import { averagingMatrix } from '../../../experiments/shared/averagingMatrix.ts';
import { standardization } from '../../../experiments/shared/standardization.ts';
import { mapOptions, scales } from '../../../experiments/frontEndStudy/design.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { expectClose } from '../../support/expectClose.ts';

const { nFrames, nBands, sampleRate } = mapOptions;
const size = nFrames * nBands;
const plain = { scale: 'mel', amplitude: 'linear', whitening: false, weighting: false } as const;
beforeAll(() => useEngine('wasm'));

test('averaging three rows to two splits the middle one', () => {
  expectClose(averagingMatrix(3, 2), [2 / 3, 0, 1 / 3, 1 / 3, 0, 2 / 3], { atol: 1e-7 });
  expectClose(averagingMatrix(2, 2), [1, 0, 0, 1], { atol: 0 });
});

test('bands lie between 0 Hz and the Nyquist frequency and rise; the CQT ends at G8, the 80th semitone from C2', () => {
  for (const scale of scales) {
    const centres = bandCentres(scale);
    expect(centres).toHaveLength(nBands);
    expect(centres.every((hertz, i) => hertz > (centres[i - 1] ?? 0) && hertz < sampleRate / 2)).toBe(true);
  }
  expect(bandCentres('CQT').at(-1)).toBeCloseTo(6271.93, 1); // 440 Hz · 2 ** (46 / 12)
});

test.each(scales)(
  'a tone of 1 kHz is loudest in the %s band nearest to it, and one map has 64 × 80 values',
  async (scale) => {
    const maker = new BaseMapMaker();
    const tone = Float32Array.from(
      { length: sampleRate },
      (_, t) => 0.5 * Math.sin((2 * Math.PI * 1000 * t) / sampleRate),
    );
    const map = (await maker.maps(tone))[scale];
    maker.dispose();
    expect(map).toHaveLength(size);
    const frame = Array.from(map.subarray(30 * nBands, 31 * nBands));
    const centres = bandCentres(scale);
    const nearest = centres.reduce((a, b) => (Math.abs(b - 1000) < Math.abs(a - 1000) ? b : a));
    expect(centres[frame.indexOf(Math.max(...frame))]).toBe(nearest);
  },
);

test('making maps leaves no tensors', async () => {
  const before = tf.memory().numTensors;
  const maker = new BaseMapMaker();
  await maker.maps(new Float32Array(8000).fill(0.1));
  maker.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('log is 20 · log10 of the magnitude, down to 80 dB below the clip’s peak', async () => {
  const magnitude = new Float32Array(size).fill(1e-7);
  magnitude.set([1, 10, 0.1]);
  const [log] = await frontEndMaps([magnitude], { ...plain, amplitude: 'log' });
  expectClose(log.slice(0, 4), [0, 20, -20, -60], { atol: 1e-4 });
});

test('linear without weighting is the magnitude itself', async () => {
  const magnitude = Float32Array.from({ length: size }, (_, i) => i);
  expect(await frontEndMaps([magnitude], plain)).toEqual([magnitude]);
});

test('A-weighting takes 19.1 dB off at 100 Hz, in linear and in log alike', async () => {
  const magnitude = new Float32Array(size).fill(1);
  const weighted = { ...plain, scale: 'CQT', weighting: true } as const;
  const [linear] = await frontEndMaps([magnitude], weighted);
  const [log] = await frontEndMaps([magnitude], { ...weighted, amplitude: 'log' });
  expectClose(
    log,
    Array.from(linear, (value) => 20 * Math.log10(value)),
    { atol: 1e-3 },
  );
  // IEC 61672-1: −19.1 dB at 100 Hz, −16.1 dB at 125 Hz; the band between the two is of 103.8 Hz (G♯2)
  expect(log[8]).toBeGreaterThan(-19.1);
  expect(log[8]).toBeLessThan(-16.1);
});

test('standardised maps have mean 0 and deviation 1: each band where whitened, all together where not', async () => {
  const maps = [1, 2].map((clip) =>
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * clip) * (1 + (i % nBands))),
  );
  const apply = async (whitening: boolean) => {
    const layer = await standardization(maps, { nFrames, nBands, whitening });
    const values = maps.map((map) => layer.apply(tf.tensor4d(map, [1, nFrames, nBands, 1])) as tf.Tensor);
    return tf.concat(values) as tf.Tensor4D;
  };
  const deviation = (x: tf.Tensor, axis?: number[]) => tf.sqrt(tf.moments(x, axis).variance);
  const [whitened, together] = [await apply(true), await apply(false)];
  expectClose(tf.mean(whitened, [0, 1, 3]), new Float32Array(nBands), { atol: 1e-4 });
  expectClose(deviation(whitened, [0, 1, 3]), new Float32Array(nBands).fill(1), { atol: 1e-3 });
  expectClose(tf.mean(together), 0, { atol: 1e-4 });
  expectClose(deviation(together), 1, { atol: 1e-3 });
  const [low, high] = [0, nBands - 1].map(
    (band) => deviation(tf.slice(together, [0, 0, band, 0], [2, nFrames, 1, 1])).dataSync()[0],
  );
  expect(high / low).toBeGreaterThan(20); // bands stay as they were to each other
});
