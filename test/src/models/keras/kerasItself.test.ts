import { expect, test } from 'vitest';
import { importKeras } from '../../../../src/models/keras/importKeras.ts';
import { predictClips } from '../../../../src/models/predict.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';
import { makeClip } from './clips.ts';
import { kerasFixture, readCases } from './fixtures.ts';

const cases = readCases<number[][]>('keras.json');

onEngines(() => {
  test.each([
    ['coreSequential.h5', 600, 'a Sequential model of Keras 2 with an inner one'],
    ['coreFunctional.h5', 600, 'a functional model of Keras 2 with branches and recurrent layers'],
    ['kapre04Mel.h5', 3000, 'the mel spectrogram of Kapre 0.4 in decibels'],
    ['kapre04Linear.h5', 3000, 'layers of Kapre 0.4 with channels first'],
  ])('%s gives what Keras gives', async (file, samples) => {
    const { model, info } = await importKeras(kerasFixture(file), { sampleRate: 8000 });
    expect(info.samples).toBe(samples);
    let clip = 0;
    for await (const row of predictClips(model, [makeClip(0, samples), makeClip(1, samples)])) {
      expectClose(row, cases[file][clip++], { atol: 3e-6 });
    }
    expect(clip).toBe(2);
    model.dispose();
  });
});

test('which statistic is fixed and which outputs exclude each other is recorded', async () => {
  const softmax = await importKeras(kerasFixture('coreSequential.h5'), { sampleRate: 8000 });
  expect(softmax.info).toMatchObject({ exclusive: true, decibel: null, frontEnd: {} });
  const { info } = await importKeras(kerasFixture('kapre04Mel.h5'));
  expect(info).toMatchObject({ exclusive: false, decibel: { of: 'magnitude', reference: 'fixed' } });
  expect(info.frontEnd).toMatchObject({ nFft: 128, winLength: 100, melScale: 'htk', fMin: 100, fMax: 3000 });
});
