import { expect, test } from 'vitest';
import { importers } from '../../../../src/models/keras/buildModel.ts';
import { importableLayers, nearestLayers } from '../../../../src/models/keras/importableLayers.ts';
import { publishedFrontEnds } from '../../../../src/models/keras/publishedFrontEnds.ts';

test('the names are those of the importers, without the front ends of files that have no description', () => {
  const names = Object.keys(importers).filter((name) => !(name in publishedFrontEnds));
  expect([...importableLayers].sort()).toEqual(['InputLayer', ...names].sort());
});

test.each([
  ['GroupNormalization', ['Normalization', 'Normalization2D', 'BatchNormalization']],
  ['ConvLSTM1D', ['Conv1D', 'LSTM', 'Conv2D']],
  ['MelSpectogram', ['MelSpectrogram', 'Melspectrogram', 'Spectrogram']],
  ['Lambda', []],
  ['', []],
])('the names nearest to %s are %s', (name, nearest) => {
  expect(nearestLayers(name)).toEqual(nearest);
});
