import * as tf from '@tensorflow/tfjs';
import type { PadMode } from '../../../layers/dsp/framing.ts';
import type { Norm } from '../../../layers/dsp/norms.ts';
import type { WindowName } from '../../../layers/dsp/windows.ts';
import { HarmonicPercussive } from '../../../layers/harmonicPercussive.ts';
import { Tempogram } from '../../../layers/tempogram.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

const fixture = readPeerFixture<{
  sample_rate: number;
  signal: PeerArray;
  magnitudes: PeerArray;
  hpss: {
    options: { kernel_size?: number[]; power?: number | 'hard'; mask?: boolean; margin?: number[] };
    values: PeerArray;
  }[];
  tempograms: {
    options: {
      n_fft: number;
      hop_length: number;
      n_mels: number;
      win_length: number;
      window?: WindowName;
      norm?: Norm;
      pad_mode?: PadMode;
    };
    values: PeerArray;
  }[];
}>('librosa/separation.json');
const signal = decodeArray(fixture.signal).values;

export const separationCases: GoldenCase[] = [
  ...fixture.hpss.map(({ options, values }): GoldenCase => {
    const expected = decodeArray(values);
    const magnitudes = decodeArray(fixture.magnitudes);
    return {
      layer: 'HarmonicPercussive',
      peer: 'librosa 0.11.0 decompose.hpss',
      title: JSON.stringify(options),
      unit: 'of the peak',
      tolerance: 1e-5,
      actual: () =>
        new HarmonicPercussive({
          harmonicKernel: options.kernel_size?.[0],
          percussiveKernel: options.kernel_size?.[1],
          harmonicMargin: options.margin?.[0],
          percussiveMargin: options.margin?.[1],
          power: options.power,
          mask: options.mask,
        }).apply(tf.tensor(magnitudes.values, [1, ...magnitudes.shape, 1])) as tf.Tensor,
      expected: { shape: [1, ...expected.shape], values: expected.values },
    };
  }),
  ...fixture.tempograms.map(({ options, values }): GoldenCase => {
    const expected = decodeArray(values);
    return {
      layer: 'Tempogram',
      peer: 'librosa 0.11.0 feature.tempogram',
      title: JSON.stringify(options),
      unit: 'of the peak',
      tolerance: 1e-4,
      actual: () =>
        new Tempogram({
          sampleRate: fixture.sample_rate,
          nFft: options.n_fft,
          hopLength: options.hop_length,
          nMels: options.n_mels,
          nLags: options.win_length,
          lagWindow: options.window,
          norm: options.norm,
          padMode: options.pad_mode ?? 'constant',
        }).apply(tf.tensor2d(signal, [1, signal.length])) as tf.Tensor,
      expected: { shape: [1, ...expected.shape, 1], values: expected.values },
    };
  }),
];
