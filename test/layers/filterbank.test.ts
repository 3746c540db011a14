import { expect, test } from 'vitest';
import { melFilterbank } from '../../layers/dsp/mel.ts';
import { Filterbank } from '../../layers/filterbank.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const sampleRate = 8000;

onEngines(() => {
  test('mel starts as the exact filterbank', () => {
    const options = { sampleRate, fMin: 100, fMax: 3000 };
    const layer = new Filterbank({ ...options, nBands: 6 });
    layer.build([null, 3, 33, 1]);
    expectClose(layer.getWeights()[0], melFilterbank({ ...options, nMels: 6, nFft: 64 }), { atol: 0 });
  });

  test('random starts between 0 and 2 / bins, so that white power keeps its level; the seed names it', () => {
    const start = (seed?: number) => {
      const layer = new Filterbank({ nBands: 50, start: 'random', seed });
      layer.build([null, 3, 101, 1]);
      return Array.from(layer.getWeights()[0].dataSync());
    };
    const values = start(3);
    expect(values.every((value) => value >= 0 && value < 2 / 101)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value) / 50; // of 50 bands' sums
    expect(mean).toBeCloseTo(1, 1);
    expect(start(3)).toEqual(values);
    expect(start(4)).not.toEqual(values);
  });

  test('frozen by trainable: false, it has no weight that is trained', () => {
    const layer = new Filterbank({ nBands: 3, start: 'random', trainable: false });
    layer.build([null, 3, 17, 1]);
    expect(layer.trainableWeights).toEqual([]);
  });
});

test('bad options are refused', () => {
  expect(() => new Filterbank({ start: 'mel' })).toThrow("sampleRate, for start 'mel', must be a number > 0");
  expect(() => new Filterbank({ start: 'log', sampleRate, fMin: 0 })).toThrow("start 'log' needs 0 < fMin");
  expect(() => new Filterbank({ sampleRate, fMax: 5000 })).toThrow('fMax <= 4000 Hz');
  expect(() => new Filterbank({ start: 'uniform' as 'mel' })).toThrow('mel, log, linear, random');
  expect(() => new Filterbank({ sampleRate }).build([null, 3, null, 1])).toThrow('of known bins');
});
