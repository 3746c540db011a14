import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Dataset, Group } from 'h5wasm/node';
import { beforeAll, expect, test } from 'vitest';
import { withHdf5, type Hdf5File } from '../../../../src/files/hdf5.ts';
import { useEngine } from '../../../../src/engine/engine.ts';
import { importKeras } from '../../../../src/models/keras/importKeras.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { kerasFixture } from './fixtures.ts';

const temp = tempFolder();
const options = { seconds: 0.5, sampleRate: 4000 };

beforeAll(() => useEngine('cpu'));

/** A copy of a fixture, changed through HDF5. */
async function changed(fixture: string, change: (file: Hdf5File) => void): Promise<string> {
  const path = temp(`changed-${fixture}`);
  copyFileSync(kerasFixture(fixture), path);
  await withHdf5(path, 'a', change);
  return path;
}

type Json = { config: Record<string, unknown>; class_name: string; [key: string]: unknown };

/** A copy of kapreLast.hdf5 with another description of its layers. */
function described(change: (layers: Json[]) => unknown): Promise<string> {
  return changed('kapreLast.hdf5', (file) => {
    const config = JSON.parse(file.attrs.model_config.value as string) as { config: Json[] };
    const model = change(config.config) ?? config;
    file.delete_attribute('model_config');
    file.create_attribute('model_config', typeof model === 'string' ? model : JSON.stringify(model));
  });
}

async function expectRefused(path: string, message: string, longest = 900): Promise<void> {
  await expect(importKeras(path, options)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(new RegExp(`^[^\\n]{1,${longest}}$`)),
  });
  await expect(importKeras(path, options)).rejects.toThrow(message);
}

function layer(layers: Json[], name: string): Json {
  return layers.find(({ config }) => config.name === name)!;
}

test('what is no HDF5, empty, missing or a folder', async () => {
  writeFileSync(temp('text.hdf5'), 'path,tags\n');
  await expectRefused(temp('text.hdf5'), 'not an HDF5 file');
  writeFileSync(temp('empty.hdf5'), '');
  await expectRefused(temp('empty.hdf5'), 'not an HDF5 file');
  await expectRefused(temp('none.hdf5'), 'none.hdf5: no such file');
  await expectRefused(temp(), 'no such file');
});

test('a file cut off anywhere', async () => {
  const whole = readFileSync(kerasFixture('kapreLast.hdf5'));
  for (const share of [0.001, 0.05, 0.3, 0.6, 0.999]) {
    writeFileSync(temp('cut.hdf5'), whole.subarray(0, Math.max(8, Math.floor(share * whole.length))));
    await expectRefused(temp('cut.hdf5'), 'cut off or damaged HDF5 (');
  }
});

test('HDF5 that Keras did not write', async () => {
  await withHdf5(temp('other.h5'), 'w', (file) => file.create_group('things'));
  await expectRefused(temp('other.h5'), 'was not written by Keras: it has no layer_names');
});

test('weights alone that are of no published tagger, and those without an output', async () => {
  const path = await changed('cnn_theano.h5', (file) => {
    file.delete_attribute('layer_names');
    file.create_attribute('layer_names', ['conv1', 'bn1']);
  });
  await expectRefused(path, 'none of compact_cnn, MusicTaggerCNN and MusicTaggerCRNN');
  const headless = await changed('compact_theano.hdf5', (file) => {
    file.delete_attribute('layer_names');
    file.create_attribute('layer_names', ['melgram', 'ConvBNEluDr', 'flatten_1']);
  });
  await expectRefused(headless, 'holds 0 dense layers');
});

/** Where {@link kernelBy} has the kernel of the last layer looked for. */
const kernel = 'model_weights/dense_1/other';

function setNames(file: Hdf5File, group: string, attribute: string, names: string[] | number): void {
  const holder = file.get(group) as Group;
  holder.delete_attribute(attribute);
  holder.create_attribute(attribute, names);
}

/** Another kernel for the last layer, or none. */
function kernelBy(create: (file: Hdf5File) => unknown): (file: Hdf5File) => void {
  return (file) => {
    setNames(file, 'model_weights/dense_1', 'weight_names', ['other', 'dense_1/bias:0']);
    create(file);
  };
}

const elsewhere = kerasFixture('kapreFirst.hdf5');

test.each<[string, (file: Hdf5File) => void, string]>([
  [
    'a layer without its group',
    (file) => setNames(file, 'model_weights', 'layer_names', ['melgram', 'nowhere']),
    'holds no group nowhere',
  ],
  [
    'names of layers that are no text',
    (file) => setNames(file, 'model_weights', 'layer_names', 7),
    'attribute layer_names is not text',
  ],
  ['a weight that is missing', kernelBy(() => undefined), 'weight other is missing'],
  ['a weight that is a group', kernelBy((file) => file.create_group(kernel)), 'weight other is missing'],
  [
    'whole numbers for weights',
    kernelBy((file) => file.create_dataset({ name: kernel, data: new Int32Array(20), shape: [4, 5] })),
    'weight other is not of type float32 or float64',
  ],
  [
    'text for weights',
    kernelBy((file) => file.create_dataset({ name: kernel, data: ['a', 'b'] })),
    'weight other is not of type float32 or float64',
  ],
  [
    'a weight of another shape',
    kernelBy((file) => file.create_dataset({ name: kernel, data: new Float32Array(20), shape: [5, 4] })),
    'weight other has shape [5, 4], needed is [4, 5]',
  ],
  [
    'a shape that no file of this size can hold',
    kernelBy((file) => {
      const chunks = { maxshape: [null, null], chunks: [1, 5] };
      file.create_dataset({ name: kernel, data: new Float32Array(5), shape: [1, 5], ...chunks });
      (file.get(kernel) as Dataset).resize([2 ** 31, 2 ** 20]);
    }),
    'shape [2147483648, 1048576] is more than a file of',
  ],
  [
    'a packed weight that would unpack to more than is read',
    kernelBy((file) => {
      const packed = { maxshape: [null, null], chunks: [1, 5], compression: 'gzip' as const };
      file.create_dataset({ name: kernel, data: new Float32Array(5), shape: [1, 5], ...packed });
      (file.get(kernel) as Dataset).resize([2 ** 26, 5]);
    }),
    'shape [67108864, 5] is more than a file of',
  ],
  [
    'a weight that is a link to another file',
    kernelBy((file) =>
      file.create_external_link(elsewhere, 'model_weights/dense_1/dense_1/kernel:0', kernel),
    ),
    'dense_1/other lies in another file, which is not followed',
  ],
  [
    'a layer that is a link to another file',
    (file) => {
      file.create_external_link(elsewhere, 'model_weights/dense_1', 'model_weights/linked');
      setNames(file, 'model_weights', 'layer_names', ['linked']);
    },
    'model_weights/linked lies in another file, which is not followed',
  ],
  [
    'a link to nowhere',
    kernelBy((file) => file.create_soft_link('/nowhere', kernel)),
    'weight other is missing',
  ],
  [
    'a description that is a number',
    (file) => setNames(file, '/', 'model_config', 7),
    'attribute model_config is not text',
  ],
])('%s', async (_what, change, message) => {
  await expectRefused(await changed('kapreLast.hdf5', change), message);
});

test('a description without weights', async () => {
  await withHdf5(temp('bare.h5'), 'w', (file) => file.create_attribute('model_config', '{}'));
  await expectRefused(temp('bare.h5'), 'holds no group model_weights');
});

test('a layer that cannot be imported is named, with those like it and where all stand', async () => {
  const path = await described((layers) => {
    layer(layers, 'elu_1').class_name = 'MagicActivation';
  });
  await expectRefused(
    path,
    'layer elu_1 is a MagicActivation, which cannot be imported. The nearest that can: Activation, ' +
      'ActivityRegularization, Normalization. "sonotag import --help" lists all 72.',
  );
});

test.each<[string, (layers: Json[]) => unknown, string]>([
  ['text that is no JSON', () => '{"class_name": ', 'its model_config is not JSON'],
  ['a description of nothing', () => ({}), 'lacks what describes a model'],
  ['no layers', () => ({ class_name: 'Sequential', config: [] }), 'a model without layers'],
  [
    'more units than weights, before anything is built',
    (layers) => void (layer(layers, 'dense_1').config.units = 1_000_000),
    'weight dense_1/kernel:0 has shape [4, 5], needed is [4, 1000000]',
  ],
  [
    'a count beyond all reason',
    (layers) => void (layer(layers, 'conv2d_1').config.filters = 1e12),
    'filters must be a whole number from 1 to 67108864; the file has 1000000000000.',
  ],
  [
    'padding that would fill the memory',
    (layers) => {
      const config = { name: 'pad', padding: [1_000_000, 1_000_000], data_format: 'channels_last' };
      layers.splice(2, 0, { class_name: 'ZeroPadding2D', config });
    },
    'is empty or too large',
  ],
  [
    'a pool larger than the image',
    (layers) => {
      const pool = layer(layers, 'MP_1').config;
      pool.pool_size = pool.strides = [4000, 4000];
    },
    'is empty or too large',
  ],
  ['a layer twice', (layers) => void layers.push(layers.at(-1)!), 'two layers are named dense_1'],
  [
    'stereo',
    (layers) => void (layers[0].config.batch_input_shape = [null, 2, 2000]),
    'must be a mono waveform',
  ],
  [
    'an input of no samples',
    (layers) => void (layers[0].config.batch_input_shape = [null, 1, 0]),
    'must be a mono waveform',
  ],
  [
    'a spectrogram for input',
    (layers) => void (layers[0].config.batch_input_shape = [null, 96, 1366, 1]),
    'takes in raw audio',
  ],
  [
    'outputs that are no probabilities',
    (layers) => void (layer(layers, 'dense_1').config.activation = 'linear'),
    'ends in no sigmoid or softmax',
  ],
  [
    'a highest frequency above half the rate',
    (layers) => void (layer(layers, 'melgram').config.fmax = 9000),
    'cannot be built: melFilterbank: needs 0 <= fMin < fMax <= 2000 Hz',
  ],
  [
    'two inputs',
    () => {
      const input = (name: string) => ({
        name,
        class_name: 'InputLayer',
        config: { name, batch_input_shape: [null, 9] },
        inbound_nodes: [],
      });
      const add = { name: 'add', class_name: 'Add', config: { name: 'add' }, inbound_nodes: [[['a', 0, 0, {}], ['b', 0, 0, {}]]] }; // prettier-ignore
      const ends = { input_layers: [['a', 0, 0], ['b', 0, 0]], output_layers: [['add', 0, 0]] }; // prettier-ignore
      return { class_name: 'Model', config: { layers: [input('a'), input('b'), add], ...ends } };
    },
    'needed is one input, the model has 2',
  ],
  [
    'layers that need each other',
    () => {
      const layer = (name: string, from: string) => ({
        name,
        class_name: 'ELU',
        config: { name },
        inbound_nodes: [[[from, 0, 0, {}]]],
      });
      const input = { name: 'i', class_name: 'InputLayer', config: { name: 'i', batch_input_shape: [null, 9] }, inbound_nodes: [] }; // prettier-ignore
      const ends = { input_layers: [['i', 0, 0]], output_layers: [['b', 0, 0]] };
      return { class_name: 'Model', config: { layers: [input, layer('a', 'b'), layer('b', 'a')], ...ends } };
    },
    'needs its own output',
  ],
])('%s', async (_what, change, message) => {
  await expectRefused(await described(change), message);
});

test('whatever bytes of a file are changed or missing, it is imported or refused in one line, and the next is read', async () => {
  const whole = readFileSync(kerasFixture('compact_tensorflow.hdf5'));
  const places = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(places, fc.boolean(), async (bytes, cut) => {
      const broken = Buffer.from(whole);
      for (const [at, value] of bytes) broken[at] = value;
      writeFileSync(temp('fuzz_tensorflow.hdf5'), cut ? broken.subarray(0, bytes[0][0]) : broken);
      try {
        (await importKeras(temp('fuzz_tensorflow.hdf5'))).model.dispose();
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError', message: expect.stringMatching(/^[^\n]+$/) });
      }
    }),
    { numRuns: Number(process.env['SONOTAG_FUZZ_RUNS'] ?? 25), seed: 1 }, // each in a process of its own
  );
  (await importKeras(kerasFixture('compact_tensorflow.hdf5'))).model.dispose();
});
