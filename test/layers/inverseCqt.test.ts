import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { CQT } from '../../layers/cqt.ts';
import { InverseCQT } from '../../layers/inverseCqt.ts';
import { onEngines } from '../support/onEngines.ts';

const samples = 6000;
/** Five partials between 262 and 1234 Hz, swelling and fading. */
const chord = Array.from({ length: samples }, (_, n) =>
  [262, 331.4, 392, 880, 1234].reduce(
    (sum, hz, i) => sum + ((0.3 / (i + 1)) * Math.sin((2 * Math.PI * hz * n) / 8000 + hz)) * Math.sin((Math.PI * n) / samples) ** 2, // prettier-ignore
    0,
  ),
);

/** Signal to error of transform and inverse, dB. */
function roundTrip({ nBins, ...shared }: Omit<ConstructorParameters<typeof CQT>[0], 'complex'>): number {
  return tf.tidy(() => {
    const spectrum = new CQT({ ...shared, nBins, complex: true }).apply(tf.tensor2d([chord]));
    const back = (new InverseCQT({ ...shared, length: samples }).apply(spectrum) as tf.Tensor).dataSync();
    const energy = (of: (n: number) => number) => chord.reduce((sum, __, n) => sum + of(n) ** 2, 0);
    return 10 * Math.log10(energy((n) => chord[n]) / energy((n) => back[n] - chord[n]));
  });
}

onEngines(() => {
  const options = { sampleRate: 8000, fMin: 110, hopLength: 64, binsPerOctave: 24, nBins: 108 };

  test('a chord inside the band comes back at 37 dB or more, whatever the norm, scale and tuning', () => {
    expect(roundTrip(options)).toBeGreaterThan(37);
    expect(roundTrip({ ...options, norm: 2, scale: false, tuning: 0.3 })).toBeGreaterThan(37);
  });

  test('it comes back at 23 dB with wavelets long against its swell, 30 dB if sampled at the full rate', () => {
    const long = { ...options, binsPerOctave: 36, nBins: 162 };
    expect(roundTrip(long)).toBeGreaterThan(23);
    expect(roundTrip({ ...long, wavelets: 'direct' })).toBeGreaterThan(30);
  });

  test('it is lost where frames hardly overlap', () => {
    expect(roundTrip({ ...options, hopLength: 512 })).toBeLessThan(10);
  });
});

test('what is no complex transform, and a single frame, are refused', () => {
  const layer = () => new InverseCQT({ sampleRate: 8000 });
  expect(() => layer().apply(tf.zeros([1, 5, 40, 1]))).toThrow(
    'Give it the output of CQT with complex: true',
  );
  expect(() => layer().apply(tf.zeros([1, 1, 40, 1, 2]))).toThrow('needs at least 2 frames; got 1');
  expect(() => layer().apply(tf.zeros([1, 5, 90, 1, 2]))).toThrow('InverseCQT: nBins=90');
  expect(() => new InverseCQT({ sampleRate: 8000, length: 0 })).toThrow(
    'length, unless null, must be an integer',
  );
});
