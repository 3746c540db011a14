import { copyFileSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { useEngine } from '../../../../src/engine/engine.ts';
import { extractFeatures } from '../../../../src/features/extractFeatures.ts';
import { withHdf5 } from '../../../../src/files/hdf5.ts';
import { importKeras } from '../../../../src/models/keras/importKeras.ts';
import { predictClips } from '../../../../src/models/predict.ts';
import { loadTagger, saveTagger, type Tagger } from '../../../../src/models/tagger.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { makeClip } from './clips.ts';
import { kerasFixture, readCases } from './fixtures.ts';

/** Made by makeLayers.py. */
const cases = readCases<number[][]>('layers.json');
const expectedFeatures = (
  JSON.parse(readFileSync(kerasFixture('layers.json'), 'utf8')) as { features: typeof cases }
).features;
const temp = tempFolder();
const clips = [makeClip(0, 600), makeClip(1, 600)];
const options = { sampleRate: 8000 };

async function rowsOf(rows: AsyncIterable<Float32Array>): Promise<Float32Array[]> {
  const list: Float32Array[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

async function expectKeras({ model }: Tagger, file: string): Promise<void> {
  const rows = await rowsOf(predictClips(model, clips));
  expect(rows).toHaveLength(2);
  rows.forEach((row, clip) => expectClose(row, cases[file][clip], { atol: 5e-6 }));
}

onEngines(() => {
  test.each([
    ['layersGru.h5', 'GRU of reset_after, both ways'],
    ['layersBidirectional.h5', 'Bidirectional of every kind and merger'],
    ['layersSeparable.h5', 'convolutions of single channels, LayerNormalization, PReLU, TimeDistributed'],
    ['layersSequence.h5', 'causal and separable convolutions, pools and edges along time'],
  ])('%s, %s, gives what Keras gives, and its copy saved and loaded the same', async (file) => {
    const imported = await importKeras(kerasFixture(file), options);
    await expectKeras(imported, file);
    await saveTagger(imported, temp(file));
    const loaded = await loadTagger(temp(file));
    expect(loaded.info).toEqual(imported.info);
    await expectKeras(loaded, file);
    imported.model.dispose();
    loaded.model.dispose();
  });

  test('features are the means over the steps of each pool along time, and those of a copy saved and loaded', async () => {
    const file = 'layersSequence.h5';
    const imported = await importKeras(kerasFixture(file), options);
    await saveTagger(imported, temp('features'));
    for (const { model } of [imported, await loadTagger(temp('features'))]) {
      const rows = await rowsOf(extractFeatures({ model }, clips, { windows: 'first' }));
      expect(rows).toHaveLength(2);
      rows.forEach((row, clip) => expectClose(row, expectedFeatures[file][clip], { atol: 5e-6 }));
      model.dispose();
    }
  });
});

type Json = { class_name: string; config: Record<string, unknown> };

/** A copy of a Sequential or functional fixture with another description of its layers. */
async function described(fixture: string, change: (layers: Json[]) => void): Promise<string> {
  const path = temp(`described-${fixture}`);
  copyFileSync(kerasFixture(fixture), path);
  await withHdf5(path, 'a', (file) => {
    const model = JSON.parse(file.attrs.model_config.value as string) as { config: { layers: Json[] } };
    change(model.config.layers);
    file.delete_attribute('model_config');
    file.create_attribute('model_config', JSON.stringify(model));
  });
  return path;
}

/** The first layer of a class, or the one after some. */
function first(layers: Json[], className: string, skip = 0): Json {
  return layers.filter(({ class_name }) => class_name === className)[skip];
}

describe('with the channels second', () => {
  beforeAll(() => useEngine('cpu'));
  test.each(['DepthwiseConv2D', 'SeparableConv2D', 'UpSampling2D', 'Conv2DTranspose'])(
    '%s between two changes of axes gives what it gives with them last',
    async (className) => {
      const permute = (name: string, dims: number[]) => ({ class_name: 'Permute', config: { name, dims } });
      const path = await described('layersSeparable.h5', (layers) => {
        const layer = first(layers, className);
        layer.config.data_format = 'channels_first';
        const at = layers.indexOf(layer);
        layers.splice(at, 1, permute('second', [3, 1, 2]), layer, permute('last', [2, 3, 1]));
      });
      await expectKeras(await importKeras(path, options), 'layersSeparable.h5');
    },
  );
});

describe('what cannot be imported is refused in one line that says what can', () => {
  beforeAll(() => useEngine('cpu'));
  const inner = (layer: Json) => (layer.config.layer as Json).config;
  test.each<[string, string, (layers: Json[]) => unknown, string]>([
    [
      'a million units',
      'layersGru.h5',
      (layers) => (first(layers, 'GRU').config.units = 1_000_000),
      'needed is [20, 3000000]',
    ],
    [
      'units beyond all reason',
      'layersGru.h5',
      (layers) => (first(layers, 'GRU').config.units = 1e12),
      'units must be a whole number from 1 to 67108864; the file has 1000000000000.',
    ],
    [
      'biases of the other kind of GRU',
      'layersGru.h5',
      (layers) => (first(layers, 'GRU').config.reset_after = false),
      'has shape [2, 15], needed is [15]',
    ],
    [
      'a million units inside Bidirectional',
      'layersBidirectional.h5',
      (layers) => (inner(first(layers, 'Bidirectional')).units = 1_000_000),
      'needed is [20, 4000000]',
    ],
    [
      'two outputs of Bidirectional',
      'layersBidirectional.h5',
      (layers) => (first(layers, 'Bidirectional').config.merge_mode = null),
      'merge_mode must be one of concat, sum, ave, mul; the file has null.',
    ],
    [
      'another layer inside Bidirectional',
      'layersBidirectional.h5',
      (layers) => ((first(layers, 'Bidirectional').config.layer as Json).class_name = 'ConvLSTM1D'),
      'layer must be one of GRU, LSTM, SimpleRNN; the file has',
    ],
    [
      'Bidirectional of nothing',
      'layersBidirectional.h5',
      (layers) => (first(layers, 'Bidirectional').config.layer = 7),
      'layer must be a layer; the file has 7.',
    ],
    [
      'a stateful layer inside Bidirectional',
      'layersBidirectional.h5',
      (layers) => (inner(first(layers, 'Bidirectional')).stateful = true),
      'its layer (LSTM): stateful must be false; the file has true.',
    ],
    [
      'both layers of Bidirectional going one way',
      'layersBidirectional.h5',
      (layers) => {
        const { config } = first(layers, 'Bidirectional', 4);
        (config.backward_layer as Json).config.go_backwards = false;
      },
      'backward_layer must be one that goes the other way',
    ],
    [
      'sequences from one layer of Bidirectional alone',
      'layersBidirectional.h5',
      (layers) => {
        const { config } = first(layers, 'Bidirectional', 4);
        (config.backward_layer as Json).config.return_sequences = true;
      },
      'backward_layer must be one that gives sequences where the forward one does',
    ],
    [
      'a DepthwiseConv2D with strides and dilation',
      'layersSeparable.h5',
      (layers) => (first(layers, 'DepthwiseConv2D').config.dilation_rate = [2, 2]),
      'strides must be 1 where dilation_rate is not; the file has [2,2].',
    ],
    [
      'strides that differ',
      'layersSeparable.h5',
      (layers) => (first(layers, 'DepthwiseConv2D').config.strides = [2, 1]),
      'strides must be the same along both axes',
    ],
    [
      'a huge multiplier of channels',
      'layersSeparable.h5',
      (layers) => (first(layers, 'DepthwiseConv2D').config.depth_multiplier = 1 << 26),
      'needed is [3, 2, 3, 67108864]',
    ],
    [
      'huge filters',
      'layersSeparable.h5',
      (layers) => (first(layers, 'SeparableConv2D').config.filters = 1_000_000),
      'needed is [1, 1, 12, 1000000]',
    ],
    [
      'bilinear upsampling',
      'layersSeparable.h5',
      (layers) => (first(layers, 'UpSampling2D').config.interpolation = 'bilinear'),
      'interpolation must be one of nearest',
    ],
    [
      'upsampling that would fill the memory',
      'layersSeparable.h5',
      (layers) => (first(layers, 'UpSampling2D').config.size = [1 << 20, 1 << 20]),
      'is empty or too large',
    ],
    [
      'output padding',
      'layersSeparable.h5',
      (layers) => (first(layers, 'Conv2DTranspose').config.output_padding = [1, 1]),
      'output_padding must be null',
    ],
    [
      'slopes shared along the channels',
      'layersSeparable.h5',
      (layers) => (first(layers, 'PReLU').config.shared_axes = [3]),
      'shared_axes must be null or the first axes',
    ],
    [
      'LayerNormalization over the batch',
      'layersSeparable.h5',
      (layers) => (first(layers, 'LayerNormalization').config.axis = 0),
      'axis must be rising axes of the input, of rank 4',
    ],
    [
      'TimeDistributed of a convolution',
      'layersSeparable.h5',
      (layers) => ((first(layers, 'TimeDistributed').config.layer as Json).class_name = 'Conv2D'),
      'layer must be one of Flatten, Dense, Activation',
    ],
    [
      'a million steps',
      'layersSequence.h5',
      (layers) => (first(layers, 'RepeatVector').config.n = 1 << 26),
      'is empty or too large',
    ],
    [
      'an unknown padding',
      'layersSequence.h5',
      (layers) => (first(layers, 'Conv1D').config.padding = 'full'),
      'padding must be one of valid, same, causal',
    ],
    [
      'cropping below nothing',
      'layersSequence.h5',
      (layers) => (first(layers, 'Cropping1D').config.cropping = [-1, 0]),
      'cropping must be whole numbers >= 0 of steps at both ends',
    ],
    [
      'a pool along time with the channels second',
      'layersSequence.h5',
      (layers) => (first(layers, 'MaxPooling1D').config.data_format = 'channels_first'),
      'data_format must be channels_last',
    ],
  ])('%s', async (_what, fixture, change, message) => {
    const path = await described(fixture, (layers) => void change(layers));
    await expect(importKeras(path, options)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^[^\n]{1,900}$/),
    });
    await expect(importKeras(path, options)).rejects.toThrow(message);
  });
});
