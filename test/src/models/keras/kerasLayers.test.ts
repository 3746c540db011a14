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
import { buildChanged, firstOf, type LayerJson } from './changedModel.ts';
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

async function expectKeras({ model }: Pick<Tagger, 'model'>, file: string): Promise<void> {
  const rows = await rowsOf(predictClips(model, clips));
  expect(rows).toHaveLength(2);
  rows.forEach((row, clip) => expectClose(row, cases[file][clip], { atol: 1e-6 }));
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
      rows.forEach((row, clip) => expectClose(row, expectedFeatures[file][clip], { atol: 1e-6 }));
      model.dispose();
    }
  });
});

describe('with the channels second', () => {
  beforeAll(() => useEngine('cpu'));
  test.each(['DepthwiseConv2D', 'SeparableConv2D', 'UpSampling2D', 'Conv2DTranspose'])(
    '%s between two changes of axes gives what it gives with them last',
    async (className) => {
      const permute = (name: string, dims: number[]) => ({ class_name: 'Permute', config: { name, dims } });
      const model = await buildChanged('layersSeparable.h5', (layers) => {
        const layer = firstOf(layers, className);
        layer.config.data_format = 'channels_first';
        const at = layers.indexOf(layer);
        layers.splice(at, 1, permute('second', [3, 1, 2]), layer, permute('last', [2, 3, 1]));
      });
      await expectKeras({ model }, 'layersSeparable.h5');
      model.dispose();
    },
  );
});

describe('files of Keras 3', () => {
  beforeAll(() => useEngine('cpu'));

  test('what Bidirectional of Keras 3 says of masks changes nothing', async () => {
    const model = await buildChanged('layersBidirectional.h5', (layers) => {
      const { layer } = firstOf(layers, 'Bidirectional').config as { layer: LayerJson };
      layer.config.zero_output_for_mask = true;
    });
    await expectKeras({ model }, 'layersBidirectional.h5');
    model.dispose();
  });

  test('hard_sigmoid is that of the version of Keras that wrote the file', async () => {
    const gates = async (version: string) => {
      const path = temp(`keras${version}.h5`);
      copyFileSync(kerasFixture('layersGru.h5'), path);
      await withHdf5(path, 'a', (file) => {
        file.delete_attribute('keras_version');
        file.create_attribute('keras_version', version);
      });
      const { model } = await importKeras(path, options);
      const config = model.getLayer('keras_gru_1').getConfig();
      model.dispose();
      return config.recurrentActivation;
    };
    expect(await gates('3.13.2')).toBe('keras3HardSigmoid');
    expect(await gates('2.20.1')).toBe('hardSigmoid');
  });
});
