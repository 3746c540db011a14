/** Kapre's layers and composed models beside ours. */
import * as tf from '@tensorflow/tfjs';
import * as layers from '../../../layers/index.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';
import { composedModels } from './kapreComposed.ts';
import type { GoldenCase } from './goldenCase.ts';
import { dataFormat, framing, melOptions, logOptions, type KapreOptions } from './kapreOptions.ts';

interface KapreFixture {
  made_with: string;
  cases: { name: string; options: KapreOptions; input: PeerArray; output: PeerArray }[];
}

/** What `test/fixtures/kapre/make.py` wrote; `made_with` names the versions. */
const kapre = readPeerFixture<KapreFixture>('kapre/kapre.json');

type Run = (options: KapreOptions, x: tf.Tensor) => tf.Tensor;
type Judged = Pick<GoldenCase, 'unit' | 'tolerance'>;

const apply = (layer: tf.layers.Layer, x: tf.Tensor) => layer.apply(x) as tf.Tensor;
const absolute = (tolerance: number): Judged => ({ unit: 'absolute', tolerance });
const ofPeak = (tolerance: number): Judged => ({ unit: 'of the peak', tolerance });
const decibels: Judged = { unit: 'dB', tolerance: 1e-4 };

/** Under the name of Kapre's class: how to run ours, and how near it has to be. */
const counterparts: Record<string, [Run, Judged]> = {
  STFT: [(o, x) => apply(new layers.STFT(framing(o)), x), ofPeak(1e-6)],
  InverseSTFT: [
    (o, x) => apply(new layers.InverseSTFT({ ...framing(o), normalization: 'periodic' }), x),
    absolute(1e-6),
  ],
  Magnitude: [(_, x) => apply(new layers.Magnitude(), x), ofPeak(2e-7)],
  Phase: [
    (o, x) => apply(new layers.Phase({ approxAtanAccuracy: o.approx_atan_accuracy }), x),
    absolute(1e-6),
  ],
  MagnitudeToDecibel: [
    (o, x) =>
      apply(new layers.MagnitudeToDecibel({ ref: o.ref_value, amin: o.amin, topDb: o.dynamic_range }), x),
    decibels,
  ],
  ApplyFilterbank: [
    (o, x) => {
      const options = o.type === 'log' ? logOptions(o.filterbank_kwargs!) : melOptions(o.filterbank_kwargs!);
      return apply(new layers.ApplyFilterbank({ ...options, dataFormat: dataFormat(o.data_format) }), x);
    },
    ofPeak(1e-6),
  ],
  Delta: [
    (o, x) =>
      apply(
        new layers.Delta({ winLength: o.win_length, mode: o.mode, dataFormat: dataFormat(o.data_format) }),
        x,
      ),
    ofPeak(1e-6),
  ],
  ConcatenateFrequencyMap: [
    (o, x) => apply(new layers.ConcatenateFrequencyMap({ dataFormat: dataFormat(o.data_format) }), x),
    absolute(1e-7),
  ],
  Frame: [(o, x) => apply(new layers.Frame(cutting(o)), x), absolute(0)],
  Energy: [
    (o, x) =>
      apply(
        new layers.Energy({
          ...cutting(o),
          sampleRate: o.sample_rate!,
          refDurationSeconds: o.ref_duration,
        }),
        x,
      ),
    ofPeak(1e-6),
  ],
  // values on the edge between two levels may fall either way
  MuLawEncoding: [
    (o, x) => apply(new layers.MuLawEncoding({ quantizationChannels: o.quantization_channels! }), x),
    absolute(1),
  ],
  MuLawDecoding: [
    (o, x) => apply(new layers.MuLawDecoding({ quantizationChannels: o.quantization_channels! }), x),
    absolute(2e-6),
  ],
  LogmelToMFCC: [
    (o, x) =>
      apply(
        new layers.LogmelToMFCC({
          nMfccs: o.n_mfccs,
          norm: 'htk',
          dataFormat: dataFormat(o.data_format),
        }),
        x,
      ),
    absolute(1e-5),
  ],
};

export const kapreCases: GoldenCase[] = kapre.cases.map(({ name, options, input, output }) => {
  const x = decodeArray(input);
  const shared = { peer: `Kapre 0.4.1 ${name}`, title: JSON.stringify(options) };
  const from = () => tf.tensor(x.values, x.shape);
  if (!(name in counterparts))
    return { ...shared, ...composedModels(name, options, from, decodeArray(output)) };
  const [run, judged] = counterparts[name];
  return {
    ...shared,
    layer: name,
    ...judged,
    actual: () => run(options, from()),
    expected: decodeArray(output),
  };
});

function cutting(o: KapreOptions) {
  return {
    frameLength: o.frame_length!,
    hopLength: o.hop_length!,
    padEnd: o.pad_end,
    padValue: o.pad_value,
    dataFormat: dataFormat(o.data_format),
  };
}
