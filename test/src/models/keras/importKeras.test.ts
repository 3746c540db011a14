import { describe, expect, test } from 'vitest';
import { extractFeatures } from '../../../../src/features/extractFeatures.ts';
import { importKeras, type ImportOptions } from '../../../../src/models/keras/importKeras.ts';
import { predictClips } from '../../../../src/models/predict.ts';
import { loadTagger, saveTagger, type Tagger } from '../../../../src/models/tagger.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { makeClip } from './clips.ts';
import { kerasFixture, readCases, type Expected } from './fixtures.ts';

type PlainCase = { samples: number; sample_rate: number } & Record<'clip' | 'batch' | 'published', Expected>;
const cases = readCases<PlainCase>('plain.json');
const temp = tempFolder();

/** Both clips together, as the published code computed them. */
async function compute({ model, info }: Tagger, features: boolean): Promise<Float32Array[]> {
  const clips = [makeClip(0, info.samples), makeClip(1, info.samples)];
  const rows: Float32Array[] = [];
  const options = { windows: 'first', batchSize: 2 } as const;
  const source = features ? extractFeatures({ model }, clips, options) : predictClips(model, clips, options);
  for await (const row of source) rows.push(row);
  return rows;
}

/**
 * Float32 against float64, through decibels of up to 80 below the peak, where log-mel is right to 2e-3 of log10, and five
 * stages.
 */
const probability = { atol: 3e-5 };
const feature = { atol: 2e-4, rtol: 1e-4 };

async function expectCase(file: string, behaviour: keyof PlainCase, options: ImportOptions) {
  const imported = await importKeras(kerasFixture(file), options);
  const { outputs, features } = cases[file][behaviour] as Expected;
  expect(imported.info).toMatchObject({ samples: cases[file].samples, sampleRate: cases[file].sample_rate });
  (await compute(imported, false)).forEach((row, clip) => expectClose(row, outputs[clip], probability));
  (await compute(imported, true)).forEach((row, clip) => expectClose(row, features[clip], feature));
  return imported;
}

onEngines(() => {
  test('a Keras 2.1 model with the exact DFT kernels gives the numbers of plain NumPy, by one front end and fused blocks', async () => {
    const { model, notes, info } = await expectCase('kapreLast.hdf5', 'clip', { seconds: 0.5 });
    expect(model.layers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['logMel', 'block0', 'block1']),
    );
    expect(model.layers.map((layer) => layer.getClassName()).filter((name) => name === 'ConvBlock')).toHaveLength(2); // prettier-ignore
    expect(notes.join('\n')).toContain('are the exact ones to float32 rounding');
    expect(info).toMatchObject({
      ...{ batchNorm: 'moving', decibel: { of: 'power', reference: 'clip' }, exclusive: false },
      imported: { keras: '2.1.1', backend: 'tensorflow', normalization: 'clip', file: 'kapreLast.hdf5' },
      frontEnd: { nFft: 64, hopLength: 24, nMels: 12, fMin: 0, fMax: 1800, padding: 'same' },
      tags: ['output0', 'output1', 'output2', 'output3', 'output4'],
    });
  });

  test('stored DFT kernels and a filterbank that are not the exact ones are used as they are, channels first too', async () => {
    const { model, notes } = await expectCase('kapreFirst.hdf5', 'clip', {});
    expect(notes.join('\n')).toContain('are not the exact ones');
    expect(model.layers.map(({ name }) => name)).toContain('storedSpectrogram');
  });

  test.each(['kapreLast.hdf5', 'kapreFirst.hdf5'])(
    '%s with the peak and the statistics of the batch, as Kapre 0.0 had them',
    async (file) => {
      const { info, notes } = await expectCase(file, 'batch', { seconds: 0.5, reference: 'batch' });
      expect(info).toMatchObject({
        decibel: { reference: 'batch' },
        imported: { normalization: 'batch' },
      });
      expect(notes.at(-1)).toContain('warning: the front end');
    },
  );

  test.each(['compact_theano.hdf5', 'compact_tensorflow.hdf5'])(
    '%s of Keras 1 as published: the statistics of the batch at hand, in batch norm and decibels',
    async (file) => {
      const { info, notes } = await expectCase(file, 'published', {});
      expect(info).toMatchObject({ batchNorm: 'batch', decibel: { reference: 'batch' } });
      expect(info.tags[9]).toBe('jazz');
      expect(notes.join('\n')).toContain('the paper took 256');
    },
  );

  test.each(['compact_theano.hdf5', 'compact_tensorflow.hdf5'])(
    '%s with moving statistics and the peak of each clip',
    async (file) => {
      const { model, notes } = await expectCase(file, 'clip', { batchNorm: 'moving', reference: 'clip' });
      expect(notes.join('\n')).not.toContain('warning');
      expect(model.layers.map((layer) => layer.getClassName())).toContain('ConvBlock');
    },
  );

  test.each(['cnn_theano.h5', 'crnn_theano.h5'])(
    '%s of Keras 1: batch norm along frames, kernels turned, running_std a variance, librosa squared',
    async (file) => {
      const { info } = await expectCase(file, 'published', {});
      expect(info).toMatchObject({ batchNorm: 'moving', decibel: { reference: 'fixed' } });
    },
  );

  test('saved and loaded, an imported model gives the same', async () => {
    for (const file of ['kapreFirst.hdf5', 'crnn_theano.h5']) {
      const imported = await importKeras(kerasFixture(file), { reference: 'batch' });
      expect(await saveTagger(imported, temp('saved'))).toBe(imported.info.weightsHash);
      const loaded = await loadTagger(temp('saved'));
      expect(loaded.info).toEqual(imported.info);
      expect(await compute(loaded, false)).toEqual(await compute(imported, false));
    }
  });
});

describe('what the file does not say', () => {
  test('the library of kernels comes from the option before the name', async () => {
    const { model, info } = await importKeras(kerasFixture('compact_theano.hdf5'), { kernels: 'tensorflow' });
    expect(info.imported?.backend).toBe('tensorflow');
    model.dispose();
  });

  test('an input of any length and no --seconds is refused', async () => {
    await expect(importKeras(kerasFixture('kapreLast.hdf5'))).rejects.toThrow(
      'takes inputs of any length. Say how long, by --seconds.',
    );
  });

  test('a sample rate that contradicts the file is refused, with both', async () => {
    await expect(importKeras(kerasFixture('kapreFirst.hdf5'), { sampleRate: 8000 })).rejects.toThrow(
      'works at 4000 Hz, but --sample-rate expects 8000 Hz',
    );
  });

  test('names of outputs are taken as given, and refused where their number is another', async () => {
    const path = kerasFixture('kapreFirst.hdf5');
    const { info } = await importKeras(path, { tags: ['a', 'b', 'c', 'd', 'e'] });
    expect(info.tags).toEqual(['a', 'b', 'c', 'd', 'e']);
    await expect(importKeras(path, { tags: ['a'] })).rejects.toThrow('has 5 outputs, but there are 1 names');
  });
});
