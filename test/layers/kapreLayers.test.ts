/** What all layers from Kapre have in common beside what checkLayer asks for. */
import * as tf from '@tensorflow/tfjs';
import { expect, test, vi } from 'vitest';
import * as layers from '../../layers/index.ts';
import type { DataFormat } from '../../layers/index.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

type Create = (dataFormat: DataFormat) => tf.layers.Layer;

const both = (format: DataFormat) => ({ inputDataFormat: format, outputDataFormat: format });
const fromWaveforms: Record<string, Create> = {
  STFT: (format) => new layers.STFT({ nFft: 16, ...both(format) }),
  Frame: (dataFormat) => new layers.Frame({ frameLength: 8, hopLength: 4, dataFormat }),
  Energy: (dataFormat) => new layers.Energy({ sampleRate: 80, dataFormat }),
};
const fromMaps: Record<string, Create> = {
  'ApplyFilterbank mel': (dataFormat) =>
    new layers.ApplyFilterbank({ sampleRate: 8000, nMels: 3, dataFormat }),
  'ApplyFilterbank log': (dataFormat) =>
    new layers.ApplyFilterbank({ type: 'log', sampleRate: 8000, nBands: 4, fMin: 500, dataFormat }),
  Delta: (dataFormat) => new layers.Delta({ winLength: 3, dataFormat }),
  LogmelToMFCC: (dataFormat) => new layers.LogmelToMFCC({ nMfccs: 4, dataFormat }),
  SpecAugment: (dataFormat) => new layers.SpecAugment({ freqMaskParam: 4, timeMaskParam: 3, dataFormat }),
  ChannelSwap: (dataFormat) => new layers.ChannelSwap({ dataFormat }),
  ConcatenateFrequencyMap: (dataFormat) => new layers.ConcatenateFrequencyMap({ dataFormat }),
};

const noise = (shape: number[]) => tf.randomUniform(shape, -1, 1, 'float32', 4);
const training = { training: true, step: 1 };

onEngines(() => {
  test.each(Object.entries(fromWaveforms))(
    '%s of one channel gives the same numbers in both data formats',
    (_, create) => {
      const x = noise([2, 40]);
      const last = create('channelsLast').apply(tf.expandDims(x, 2)) as tf.Tensor;
      expectClose(create('channelsLast').apply(x) as tf.Tensor, last, { atol: 0 });
      expectClose(create('channelsFirst').apply(x) as tf.Tensor, last, { atol: 0 });
      expectClose(create('channelsFirst').apply(tf.expandDims(x, 1)) as tf.Tensor, last, { atol: 0 });
    },
  );

  test.each(Object.entries(fromMaps))(
    '%s of one channel gives the same numbers in both data formats',
    (name, create) => {
      const x = noise([2, 6, 9]);
      const last = create('channelsLast').apply(tf.expandDims(x, 3), training) as tf.Tensor;
      const first = create('channelsFirst').apply(tf.expandDims(x, 1), training) as tf.Tensor;
      const moved = name === 'ConcatenateFrequencyMap' ? tf.transpose(first, [0, 2, 3, 1]) : first;
      expectClose(moved, last, { atol: 0 });
    },
  );

  test('nothing is printed, whatever is applied, in training or not', () => {
    const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
    const consoles = (['log', 'warn', 'error', 'info'] as const).map((name) => vi.spyOn(console, name));
    for (const kwargs of [{}, training]) {
      for (const create of Object.values(fromWaveforms))
        create('channelsLast').apply(noise([2, 40, 2]), kwargs);
      for (const create of Object.values(fromMaps)) create('channelsLast').apply(noise([2, 6, 9, 2]), kwargs);
      for (const layer of [
        new layers.InverseSTFT({ nFft: 16 }),
        new layers.Magnitude(),
        new layers.Phase(),
        new layers.Phase({ approxAtanAccuracy: 3 }),
      ]) {
        layer.apply(noise([2, 6, 9, 2, 2]), kwargs);
      }
      for (const layer of [
        new layers.MagnitudeToDecibel(),
        new layers.AmplitudeToDecibel(),
        new layers.MuLawEncoding({ quantizationChannels: 8 }),
        new layers.MuLawDecoding({ quantizationChannels: 8 }),
      ]) {
        layer.apply(noise([2, 40]), kwargs);
      }
    }
    for (const spy of [...streams, ...consoles]) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  test('a clip of NaN leaves its neighbours as they are', () => {
    const clip = noise([1, 6, 9, 1]);
    const withNeighbour = tf.concat([clip, tf.fill([1, 6, 9, 1], NaN)]);
    for (const create of [
      ...Object.values(fromMaps),
      () => new layers.MagnitudeToDecibel({ ref: 'max' }),
      () => new layers.AmplitudeToDecibel({ ref: 'max' }),
    ]) {
      const alone = create('channelsLast').apply(clip) as tf.Tensor;
      const together = create('channelsLast').apply(withNeighbour) as tf.Tensor;
      expectClose(tf.slice(together, 0, 1), alone, { atol: 1e-6 });
    }
  });
});
