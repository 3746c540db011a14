import * as tf from '@tensorflow/tfjs';
import { MelSpectrogram } from '../../../layers/melSpectrogram.ts';
import { PCEN } from '../../../layers/pcen.ts';
import { PowerToDecibel } from '../../../layers/powerToDecibel.ts';
import { TimeStretch } from '../../../layers/timeStretch.ts';
import { stftOptions, type LibrosaOptions } from '../../support/librosaFixture.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

interface Fixture {
  signal: PeerArray;
  mels: { options: LibrosaOptions & MelOptions; values: PeerArray }[];
  mel: PeerArray;
  decibels: { options: { ref?: number | 'max'; amin?: number; top_db?: number | null }; values: PeerArray }[];
  pcens: { options: PcenOptions; values: PeerArray }[];
  magnitudes: PeerArray;
  stretched: { rate: number; values: PeerArray }[];
}
interface MelOptions {
  n_mels: number;
  htk?: boolean;
  norm?: null;
  fmin?: number;
  fmax?: number;
  power?: 1 | 2;
}
interface PcenOptions {
  gain?: number;
  bias?: number;
  power?: number;
  time_constant?: number;
  eps?: number;
  b?: number;
  sr?: number;
  hop_length?: number;
}

const fixture = readPeerFixture<Fixture>('librosa/melSpectrogram.json');
const signal = decodeArray(fixture.signal).values;
const mel = decodeArray(fixture.mel);
const magnitudes = decodeArray(fixture.magnitudes);

/** A clip of one channel. */
function asMap({ shape, values }: { shape: number[]; values: Float32Array }): tf.Tensor4D {
  return tf.tensor4d(values, [1, shape[0], shape[1], 1]);
}

function expectedMap(array: PeerArray): GoldenCase['expected'] {
  const { shape, values } = decodeArray(array);
  return { shape: [1, ...shape, 1], values };
}

const melCases = fixture.mels.map(({ options, values }): GoldenCase => {
  const { n_mels, htk, norm, fmin, fmax, power } = options;
  const layer = {
    ...stftOptions(options),
    ...{ sampleRate: 8000, nMels: n_mels, fMin: fmin, fMax: fmax, norm, power },
    melScale: htk === true ? ('htk' as const) : ('slaney' as const),
  };
  return {
    layer: 'MelSpectrogram',
    peer: 'librosa 0.11.0 melspectrogram',
    title: JSON.stringify(options),
    unit: 'of the peak',
    tolerance: 1e-6,
    actual: () => new MelSpectrogram(layer).apply(tf.tensor2d(signal, [1, signal.length])) as tf.Tensor,
    expected: expectedMap(values),
  };
});

const decibelCases = fixture.decibels.flatMap(({ options, values }): GoldenCase[] => {
  const decibel = { ref: options.ref, amin: options.amin, topDb: options.top_db };
  const common = {
    peer: 'librosa 0.11.0 power_to_db',
    title: JSON.stringify(options),
    unit: 'dB' as const,
    tolerance: 1e-3,
    expected: expectedMap(values),
  };
  const wave = { sampleRate: 8000, nFft: 128, hopLength: 32, nMels: 12, decibel };
  return [
    {
      ...common,
      layer: 'PowerToDecibel',
      actual: () => new PowerToDecibel(decibel).apply(asMap(mel)) as tf.Tensor,
    },
    {
      ...common,
      layer: 'MelSpectrogram, decibel',
      actual: () => new MelSpectrogram(wave).apply(tf.tensor2d(signal, [1, signal.length])) as tf.Tensor,
    },
  ];
});

const pcenCases = fixture.pcens.map(({ options, values }): GoldenCase => {
  const { time_constant, sr, hop_length, ...others } = options;
  const layer = { ...others, timeConstant: time_constant, sampleRate: sr, hopLength: hop_length };
  return {
    layer: 'PCEN',
    peer: 'librosa 0.11.0 pcen',
    title: JSON.stringify(options),
    unit: 'of the peak',
    tolerance: 2e-6,
    actual: () => new PCEN(layer).apply(asMap(mel)) as tf.Tensor,
    expected: expectedMap(values),
  };
});

/** librosa's result has other numbers of frames: cut to ours, or followed by silence. */
const stretchCases = fixture.stretched.map(({ rate, values }): GoldenCase => {
  const { shape, values: numbers } = decodeArray(values);
  const expected = new Float32Array(magnitudes.values.length);
  expected.set(numbers.subarray(0, expected.length));
  return {
    layer: 'TimeStretch',
    peer: 'librosa 0.11.0 abs(phase_vocoder)',
    title: `rate ${rate}, ${shape[0]} frames there`,
    unit: 'of the peak',
    tolerance: 1e-6,
    actual: () => {
      const layer = new TimeStretch({ rate: [rate, rate], fill: 0 });
      return layer.apply(asMap(magnitudes), { training: true }) as tf.Tensor;
    },
    expected: { shape: [1, ...magnitudes.shape, 1], values: expected },
  };
});

export const frontEndCases: GoldenCase[] = [...melCases, ...decibelCases, ...pcenCases, ...stretchCases];
