import * as tf from '@tensorflow/tfjs';
import type { BandScale } from '../../../layers/dsp/bandFrequencies.ts';
import type { WeightingCurve } from '../../../layers/dsp/weightingCurve.ts';
import { FrequencyWeighting } from '../../../layers/frequencyWeighting.ts';
import { PowerToDecibel } from '../../../layers/powerToDecibel.ts';
import { SpectralWhitening } from '../../../layers/spectralWhitening.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

const weighting = readPeerFixture<{
  curves: { curve: WeightingCurve; scale: string; min_db: number; gains: PeerArray }[];
  power: PeerArray;
  perceptual: PeerArray;
}>('librosa/weighting.json');
const bands: Record<string, BandScale> = {
  linear: { scale: 'linear', sampleRate: 8000 },
  mel: { scale: 'mel', sampleRate: 8000, fMin: 50, fMax: 3500, melScale: 'htk' },
  log: { scale: 'log', fMin: 40, binsPerOctave: 5 },
};

const curveCases = weighting.curves.map(({ curve, scale, min_db, gains }): GoldenCase => {
  const { shape, values } = decodeArray(gains);
  const options = { bands: bands[scale], curve, minDb: min_db, dataFormat: 'channelsFirst' } as const;
  return {
    layer: 'FrequencyWeighting',
    peer: 'librosa 0.11.0 A_weighting … Z_weighting',
    title: JSON.stringify(options),
    unit: 'dB',
    tolerance: 1e-5,
    actual: () => new FrequencyWeighting(options).apply(tf.zeros([1, 1, 1, shape[0]])) as tf.Tensor,
    expected: { shape: [1, 1, 1, shape[0]], values },
  };
});

const power = decodeArray(weighting.power);
const perceptual: GoldenCase = {
  layer: 'FrequencyWeighting',
  peer: 'librosa 0.11.0 perceptual_weighting',
  title: 'B after decibels with ref 0.5, amin 1e-6, topDb 60',
  unit: 'dB',
  tolerance: 1e-4,
  actual: () => {
    const map = tf.tensor4d(power.values, [1, power.shape[0], power.shape[1], 1]);
    const decibels = new PowerToDecibel({ ref: 0.5, amin: 1e-6, topDb: 60 }).apply(map) as tf.Tensor;
    return new FrequencyWeighting({ bands: bands['linear'], curve: 'B' }).apply(decibels) as tf.Tensor;
  },
  expected: { shape: [1, ...power.shape, 1], values: decodeArray(weighting.perceptual).values },
};

const keras =
  readPeerFixture<Record<'mean' | 'deviation' | 'maps' | 'normalized', PeerArray>>(
    'keras/normalization.json',
  );
const maps = decodeArray(keras.maps);
const whitening: GoldenCase = {
  layer: 'SpectralWhitening',
  peer: 'Keras 3.13 Normalization(axis=2)',
  title: 'statistics of other maps, two channels',
  unit: 'absolute',
  tolerance: 2e-5,
  actual: () => {
    const [mean, deviation] = [keras.mean, keras.deviation].map((array) =>
      Array.from(decodeArray(array).values),
    );
    const layer = new SpectralWhitening({ statistics: { mean, deviation }, epsilon: 1e-7 });
    return layer.apply(tf.tensor(maps.values, maps.shape)) as tf.Tensor;
  },
  expected: { shape: maps.shape, values: decodeArray(keras.normalized).values },
};

export const weightingCases: GoldenCase[] = [...curveCases, perceptual, whitening];
