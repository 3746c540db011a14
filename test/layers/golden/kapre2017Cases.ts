import * as tf from '@tensorflow/tfjs';
import { Filterbank } from '../../../layers/filterbank.ts';
import { kapre2017, kapre2017Decibel } from '../../../layers/kapre2017.ts';
import { MelSpectrogram } from '../../../layers/melSpectrogram.ts';
import { Normalization2D, type NormalizationAxis } from '../../../layers/normalization2D.ts';
import { PowerToDecibel } from '../../../layers/powerToDecibel.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

const fixture = readPeerFixture<{
  signals: PeerArray;
  melgrams: {
    options: { n_dft: number; n_hop: number; n_mels: number; fmin: number; fmax: number; power: 1 | 2 };
    values: PeerArray;
    decibels: PeerArray;
  }[];
  maps: PeerArray;
  normalized: Record<string, PeerArray>;
  linear: PeerArray;
  log: PeerArray;
}>('kapre2017/kapre2017.json');
const peer = 'Kapre of 2017, written out in TensorFlow 2.20';

function asMap(array: PeerArray): GoldenCase['expected'] {
  const { shape, values } = decodeArray(array);
  return { shape: [...shape, 1], values };
}

const melCases = fixture.melgrams.flatMap(({ options, values, decibels }): GoldenCase[] => {
  const { n_dft, n_hop, n_mels, fmin, fmax, power } = options;
  const layer = {
    ...{ ...kapre2017, nFft: n_dft, hopLength: n_hop, powerMelgram: power },
    ...{ sampleRate: 8000, nMels: n_mels, fMin: fmin, fMax: fmax },
  };
  const signals = () => {
    const { shape, values: samples } = decodeArray(fixture.signals);
    return tf.tensor(samples, shape);
  };
  const common = { layer: 'MelSpectrogram, kapre2017', peer, title: JSON.stringify(options) };
  const trained = { ...layer, trainableKernels: true, trainableFilterbank: true };
  return [
    {
      ...{ ...common, unit: 'of the peak', tolerance: 1e-6, expected: asMap(values) },
      actual: () => new MelSpectrogram(layer).apply(signals()) as tf.Tensor,
    },
    {
      ...{ ...common, unit: 'of the peak', tolerance: 1e-5, expected: asMap(values) },
      title: `${common.title}, trainable kernels and filterbank`,
      actual: () => new MelSpectrogram(trained).apply(signals()) as tf.Tensor,
    },
    {
      ...{ ...common, unit: 'dB', tolerance: 1e-3, expected: asMap(decibels) },
      actual: () => new MelSpectrogram({ ...layer, decibel: kapre2017Decibel }).apply(signals()) as tf.Tensor,
    },
    {
      ...{
        ...common,
        layer: 'PowerToDecibel, kapre2017',
        unit: 'dB',
        tolerance: 1e-4,
        expected: asMap(decibels),
      },
      actual: () => {
        const { shape, values: power } = asMap(values);
        return new PowerToDecibel(kapre2017Decibel).apply(
          tf.tensor(power as Float32Array, shape),
        ) as tf.Tensor;
      },
    },
  ];
});

const axes: Record<string, NormalizationAxis> = {
  batch: 'batch',
  data_sample: 'dataSample',
  time: 'time',
  freq: 'frequency',
  channel: 'channel',
};
const normalizationCases = Object.entries(fixture.normalized).map(([axis, values]): GoldenCase => {
  const { shape, values: maps } = decodeArray(fixture.maps);
  return {
    layer: 'Normalization2D',
    peer: 'Kapre of 2017, written out in NumPy',
    title: `${axis}, over the batch`,
    unit: 'absolute',
    tolerance: 2e-6,
    actual: () => {
      const layer = new Normalization2D({ axis: axes[axis], perClip: false, epsilon: 1e-10 });
      return layer.apply(tf.tensor(maps, shape)) as tf.Tensor;
    },
    expected: decodeArray(values),
  };
});

/** What a filterbank makes of each bin alone is its matrix. */
const filterbankCase = (
  source: string,
  options: ConstructorParameters<typeof Filterbank>[0],
  matrix: PeerArray,
  area: number,
): GoldenCase => ({
  layer: 'Filterbank',
  peer: source,
  title: JSON.stringify(options),
  unit: 'of the peak',
  tolerance: 1e-6,
  actual: () => {
    const layer = new Filterbank({ ...options, sampleRate: 8000, nBands: 6, dataFormat: 'channelsFirst' });
    return tf.mul(layer.apply(tf.reshape(tf.eye(33), [1, 1, 33, 33])) as tf.Tensor, area);
  },
  expected: { shape: [1, 1, ...decodeArray(matrix).shape], values: decodeArray(matrix).values },
});

export const kapre2017Cases: GoldenCase[] = [
  ...melCases,
  ...normalizationCases,
  // edges lie (3500 - 500) / 7 Hz apart: that is the area of a triangle of height 1
  filterbankCase(
    'torchaudio 2.11.0 linear_fbanks',
    { start: 'linear', fMin: 500, fMax: 3500 },
    fixture.linear,
    3000 / 7,
  ),
  filterbankCase('NumPy interp', { start: 'log', fMin: 100 }, fixture.log, 1),
];
