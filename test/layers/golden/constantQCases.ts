import * as tf from '@tensorflow/tfjs';
import { CQT } from '../../../layers/cqt.ts';
import type { Norm } from '../../../layers/dsp/norms.ts';
import type { PadMode } from '../../../layers/dsp/framing.ts';
import type { WindowName } from '../../../layers/dsp/windows.ts';
import { InverseCQT } from '../../../layers/inverseCqt.ts';
import { VQT } from '../../../layers/vqt.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import type { GoldenCase } from './goldenCase.ts';

interface PeerCase {
  function: 'cqt' | 'vqt';
  options: {
    hop_length: number;
    fmin: number;
    n_bins: number;
    bins_per_octave?: number;
    tuning?: number;
    filter_scale?: number;
    gamma?: number;
    norm?: Norm;
    scale?: boolean;
    window?: WindowName;
    pad_mode?: PadMode;
  };
  values: PeerArray;
}

const fixture = readPeerFixture<{
  sample_rate: number;
  signal: PeerArray;
  cases: PeerCase[];
  inverse: { options: PeerCase['options'] & { length: number | null }; values: PeerArray }[];
  sparse: PeerCase[];
}>('librosa/constantQ.json');
const signal = decodeArray(fixture.signal).values;

/** librosa's options under our names. */
function wavelets(options: PeerCase['options']) {
  return {
    sampleRate: fixture.sample_rate,
    hopLength: options.hop_length,
    fMin: options.fmin,
    nBins: options.n_bins,
    binsPerOctave: options.bins_per_octave,
    tuning: options.tuning,
    filterScale: options.filter_scale,
    norm: options.norm,
    scale: options.scale,
    window: options.window,
  };
}

function golden(
  { function: name, options, values }: PeerCase,
  how: Pick<GoldenCase, 'peer' | 'tolerance'>,
): GoldenCase {
  const { shape, values: expected } = decodeArray(values);
  const [nFrames, nBins] = shape;
  const layerArgs = { ...wavelets(options), padMode: options.pad_mode, complex: true };
  const create = () =>
    name === 'cqt' ? new CQT(layerArgs) : new VQT({ ...layerArgs, gamma: options.gamma });
  return {
    layer: name.toUpperCase(),
    title: JSON.stringify(options),
    unit: 'of the peak',
    ...how,
    actual: () => create().apply(tf.tensor2d(signal, [1, signal.length])) as tf.Tensor,
    expected: { shape: [1, nFrames, nBins, 1, 2], values: expected },
  };
}

const isOdd = ({ options }: PeerCase) => options.hop_length % 2 === 1;

export const constantQCases: GoldenCase[] = [
  // where octaves are halved in rate, librosa's own numbers hang on its resampler: soxr_hq and soxr_vhq are 1e-4 apart
  // in cqt and 7e-4 in vqt
  ...fixture.cases.map((peerCase) =>
    golden(peerCase, {
      peer: `librosa 0.11.0 ${peerCase.function}, sparsity=0, ${isOdd(peerCase) ? 'odd hop' : 'even hop'}`,
      tolerance: isOdd(peerCase) ? 5e-6 : 5e-4,
    }),
  ),
  // what sparsity=0.01 leaves out of librosa's wavelets
  ...fixture.sparse.map((peerCase) =>
    golden(peerCase, { peer: `librosa 0.11.0 ${peerCase.function}, sparsity=0.01`, tolerance: 1e-2 }),
  ),
  // transform and inverse, beside librosa's transform and inverse
  ...fixture.inverse.map(({ options, values }): GoldenCase => {
    const expected = decodeArray(values);
    const { nBins, ...shared } = wavelets(options);
    return {
      layer: 'InverseCQT',
      peer: 'librosa 0.11.0 icqt, sparsity=0',
      title: JSON.stringify(options),
      unit: 'of the peak',
      tolerance: 1e-3,
      actual: () =>
        new InverseCQT({ ...shared, length: options.length }).apply(
          new CQT({ ...shared, nBins, complex: true }).apply(tf.tensor2d(signal, [1, signal.length])),
        ) as tf.Tensor,
      expected: { shape: [1, expected.shape[0], 1], values: expected.values },
    };
  }),
];
