import { beforeAll, expect, test } from 'vitest';
import { useEngine } from '../../../../src/engine/engine.ts';
import { buildChanged, firstOf, type LayerJson } from './changedModel.ts';

beforeAll(() => useEngine('cpu'));

const inner = (layer: LayerJson) => (layer.config.layer as LayerJson).config;

test.each<[string, string, (layers: LayerJson[]) => unknown, string]>([
  [
    'a million units',
    'layersGru.h5',
    (layers) => (firstOf(layers, 'GRU').config.units = 1_000_000),
    'needed is [20, 3000000]',
  ],
  [
    'units beyond all reason',
    'layersGru.h5',
    (layers) => (firstOf(layers, 'GRU').config.units = 1e12),
    'units must be a whole number from 1 to 67108864; the file has 1000000000000.',
  ],
  [
    'biases of the other kind of GRU',
    'layersGru.h5',
    (layers) => (firstOf(layers, 'GRU').config.reset_after = false),
    'has shape [2, 15], needed is [15]',
  ],
  [
    'a million units inside Bidirectional',
    'layersBidirectional.h5',
    (layers) => (inner(firstOf(layers, 'Bidirectional')).units = 1_000_000),
    'needed is [20, 4000000]',
  ],
  [
    'two outputs of Bidirectional',
    'layersBidirectional.h5',
    (layers) => (firstOf(layers, 'Bidirectional').config.merge_mode = null),
    'merge_mode must be one of concat, sum, ave, mul; the file has null.',
  ],
  [
    'another layer inside Bidirectional',
    'layersBidirectional.h5',
    (layers) => ((firstOf(layers, 'Bidirectional').config.layer as LayerJson).class_name = 'ConvLSTM1D'),
    'layer must be one of GRU, LSTM, SimpleRNN; the file has',
  ],
  [
    'Bidirectional of nothing',
    'layersBidirectional.h5',
    (layers) => (firstOf(layers, 'Bidirectional').config.layer = 7),
    'layer must be a layer; the file has 7.',
  ],
  [
    'a stateful layer inside Bidirectional',
    'layersBidirectional.h5',
    (layers) => (inner(firstOf(layers, 'Bidirectional')).stateful = true),
    'its layer (LSTM): stateful must be false; the file has true.',
  ],
  [
    'both layers of Bidirectional going one way',
    'layersBidirectional.h5',
    (layers) => {
      const { config } = firstOf(layers, 'Bidirectional', 4);
      (config.backward_layer as LayerJson).config.go_backwards = false;
    },
    'backward_layer must be one that goes the other way',
  ],
  [
    'sequences from one layer of Bidirectional alone',
    'layersBidirectional.h5',
    (layers) => {
      const { config } = firstOf(layers, 'Bidirectional', 4);
      (config.backward_layer as LayerJson).config.return_sequences = true;
    },
    'backward_layer must be one that gives sequences where the forward one does',
  ],
  [
    'a DepthwiseConv2D with strides and dilation',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'DepthwiseConv2D').config.dilation_rate = [2, 2]),
    'strides must be 1 where dilation_rate is not; the file has [2,2].',
  ],
  [
    'strides that differ',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'DepthwiseConv2D').config.strides = [2, 1]),
    'strides must be the same along both axes',
  ],
  [
    'a huge multiplier of channels',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'DepthwiseConv2D').config.depth_multiplier = 1 << 26),
    'needed is [3, 2, 3, 67108864]',
  ],
  [
    'huge filters',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'SeparableConv2D').config.filters = 1_000_000),
    'needed is [1, 1, 12, 1000000]',
  ],
  [
    'bilinear upsampling',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'UpSampling2D').config.interpolation = 'bilinear'),
    'interpolation must be one of nearest',
  ],
  [
    'upsampling that would fill the memory',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'UpSampling2D').config.size = [1 << 20, 1 << 20]),
    'is empty or too large',
  ],
  [
    'output padding',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'Conv2DTranspose').config.output_padding = [1, 1]),
    'output_padding must be null',
  ],
  [
    'slopes shared along the channels',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'PReLU').config.shared_axes = [3]),
    'shared_axes must be null or the first axes',
  ],
  [
    'LayerNormalization over the batch',
    'layersSeparable.h5',
    (layers) => (firstOf(layers, 'LayerNormalization').config.axis = 0),
    'axis must be rising axes of the input, of rank 4',
  ],
  [
    'TimeDistributed of a convolution',
    'layersSeparable.h5',
    (layers) => ((firstOf(layers, 'TimeDistributed').config.layer as LayerJson).class_name = 'Conv2D'),
    'layer must be one of Flatten, Dense, Activation',
  ],
  [
    'a million steps',
    'layersSequence.h5',
    (layers) => (firstOf(layers, 'RepeatVector').config.n = 1 << 26),
    'is empty or too large',
  ],
  [
    'an unknown padding',
    'layersSequence.h5',
    (layers) => (firstOf(layers, 'Conv1D').config.padding = 'full'),
    'padding must be one of valid, same, causal',
  ],
  [
    'cropping below nothing',
    'layersSequence.h5',
    (layers) => (firstOf(layers, 'Cropping1D').config.cropping = [-1, 0]),
    'cropping must be whole numbers >= 0 of steps at both ends',
  ],
  [
    'a pool along time with the channels second',
    'layersSequence.h5',
    (layers) => (firstOf(layers, 'MaxPooling1D').config.data_format = 'channels_first'),
    'data_format must be channels_last',
  ],
])('%s is refused in one line that says what is supported', async (_what, fixture, change, message) => {
  const built = buildChanged(fixture, (layers) => void change(layers));
  const error: unknown = await built.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'InputError', message: expect.stringMatching(/^[^\n]{1,900}$/) });
  expect((error as Error).message).toContain(message);
});
