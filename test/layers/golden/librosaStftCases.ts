/** librosa's complex spectrograms, their inverses and what follows them, beside ours. */
import * as tf from '@tensorflow/tfjs';
import * as layers from '../../../layers/index.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

interface Options {
  n_fft?: number;
  win_length?: number;
  hop_length?: number;
  window?: layers.WindowName;
  center?: boolean;
  pad_mode?: layers.PadMode;
  length?: number;
  ref?: number | 'max';
  amin?: number;
  top_db?: number | null;
  n_mfcc?: number;
  width?: number;
  mode?: 'mirror' | 'constant';
  mu?: number;
  frame_length?: number;
}

interface StftFixture {
  made_with: string;
  cases: { name: string; options: Options; input: PeerArray; output: PeerArray }[];
}

/** What `test/fixtures/librosa/makeStft.py` wrote; `made_with` names the versions. */
const librosa = readPeerFixture<StftFixture>('librosa/stft.json');

type Counterpart = Pick<GoldenCase, 'unit' | 'tolerance'> & {
  create: (options: Options) => tf.layers.Layer;
  /** The peer's array, which has neither clips nor channels, as our input: where each axis goes. */
  axes: { clip: number; channel?: number };
};

const framing = (o: Options) => ({
  nFft: o.n_fft,
  winLength: o.win_length,
  hopLength: o.hop_length,
  window: o.window,
  center: o.center,
});

/** Under the name of librosa's function. Channels come last, complex parts behind them. */
const counterparts: Record<string, Counterpart> = {
  stft: {
    unit: 'of the peak',
    tolerance: 1e-6,
    create: (o) => new layers.STFT({ ...framing(o), padMode: o.pad_mode }),
    axes: { clip: 0 },
  },
  istft: {
    unit: 'absolute',
    tolerance: 1e-6,
    create: (o) => new layers.InverseSTFT({ ...framing(o), length: o.length }),
    axes: { clip: 0, channel: 3 },
  },
  amplitude_to_db: {
    unit: 'dB',
    tolerance: 1e-4,
    create: (o) => new layers.AmplitudeToDecibel({ ref: o.ref, amin: o.amin, topDb: o.top_db }),
    axes: { clip: 0, channel: 3 },
  },
  mfcc: {
    unit: 'absolute',
    tolerance: 1e-5,
    create: (o) => new layers.LogmelToMFCC({ nMfccs: o.n_mfcc }),
    axes: { clip: 0, channel: 3 },
  },
  delta: {
    unit: 'of the peak',
    tolerance: 1e-6,
    create: (o) => new layers.Delta({ winLength: o.width, mode: o.mode === 'mirror' ? 'reflect' : o.mode }),
    axes: { clip: 0, channel: 3 },
  },
  mu_compress: {
    unit: 'absolute',
    tolerance: 1, // values on the edge between two levels may fall either way
    create: (o) => new layers.MuLawEncoding({ quantizationChannels: o.mu! + 1 }),
    axes: { clip: 0 },
  },
  frame: {
    unit: 'absolute',
    tolerance: 0,
    create: (o) => new layers.Frame({ frameLength: o.frame_length!, hopLength: o.hop_length! }),
    axes: { clip: 0 },
  },
};

export const librosaStftCases: GoldenCase[] = librosa.cases.map(({ name, options, input, output }) => {
  const { unit, tolerance, create, axes } = counterparts[name];
  const x = decodeArray(input);
  const expected = decodeArray(output);
  return {
    layer: create(options).getClassName(),
    peer: `librosa 0.11.0 ${name}`,
    title: JSON.stringify(options),
    unit,
    tolerance,
    actual: () => {
      const clip = tf.expandDims(tf.tensor(x.values, x.shape), axes.clip);
      const layer = create(options);
      const out = layer.apply(
        axes.channel === undefined ? clip : tf.expandDims(clip, axes.channel),
      ) as tf.Tensor;
      layer.dispose();
      return tf.reshape(out, expected.shape); // one clip, one channel
    },
    expected,
  };
});
