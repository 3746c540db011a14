import { expect, test } from 'vitest';
import { FrequencyWeighting, PowerToDecibel, SpectralWhitening } from '../../../layers/index.ts';
import { describeParameters } from '../../../src/gallery/describeParameters.ts';

test('parameters read as code, without those of every layer', () => {
  const layer = new PowerToDecibel({ ref: 'max', topDb: null, name: 'decibel' });
  expect(describeParameters(layer)).toBe("PowerToDecibel({ ref: 'max', amin: 1e-10, topDb: null })");
});

test('objects are spelled out, long lists cut, numbers short', () => {
  const mean = Array.from({ length: 20 }, (_, i) => i / 3);
  const text = describeParameters(new SpectralWhitening({ statistics: { mean, deviation: mean } }));
  expect(text).toContain('mean: [0, 0.333333, 0.666667, 1, 1.33333, 1.66667, 2, 2.33333, … 20 in all]');
  expect(describeParameters(new FrequencyWeighting({ bands: { scale: 'mel', sampleRate: 8000 } }))).toContain(
    "bands: { scale: 'mel', sampleRate: 8000 }",
  );
});
