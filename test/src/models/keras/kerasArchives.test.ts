import { expect, test } from 'vitest';
import { importKeras } from '../../../../src/models/keras/importKeras.ts';
import { predictClips } from '../../../../src/models/predict.ts';
import { loadTagger, saveTagger, type Tagger } from '../../../../src/models/tagger.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { makeClip } from './clips.ts';
import { kerasFixture, readCases } from './fixtures.ts';

/** Made by makeArchives.py. */
const cases = readCases<number[][]>('archives.json');
const temp = tempFolder();

async function expectKeras(
  { model, info }: Pick<Tagger, 'model' | 'info'>,
  expected: number[][],
  atol = 5e-6,
): Promise<void> {
  const clips = [makeClip(0, info.samples), makeClip(1, info.samples)];
  let clip = 0;
  for await (const row of predictClips(model, clips)) expectClose(row, expected[clip++], { atol });
  expect(clip).toBe(2);
}

onEngines(() => {
  test.each([
    ['keras3Nested.keras', 'layers and models inside models of Keras 3, by their places and not their names'],
    ['tfKerasNested.keras', 'the same of tf_keras'],
    ['keras212Nested.keras', 'the same of Keras 2.12, which counts layers twice'],
    ['keras3Scaled.keras', 'Normalization and Rescaling of Keras 3'],
    ['keras3Stft.keras', 'STFTSpectrogram of Keras 3 in every mode'],
    ['keras3Mel.keras', 'MelSpectrogram of Keras 3'],
  ])('%s, %s, gives what Keras gives, and its copy saved and loaded the same', async (file) => {
    const sampleRate = file === 'keras3Mel.keras' ? undefined : 8000;
    const imported = await importKeras(kerasFixture(file), { sampleRate });
    await expectKeras(imported, cases[file]);
    await saveTagger(imported, temp(file));
    const loaded = await loadTagger(temp(file));
    expect(loaded.info).toEqual(imported.info);
    await expectKeras(loaded, cases[file]);
    imported.model.dispose();
    loaded.model.dispose();
  });

  test("MelSpectrogram's floor hangs from the loudest clip of the batch where that is asked for", async () => {
    const imported = await importKeras(kerasFixture('keras3Mel.keras'), { reference: 'batch' });
    await expectKeras(imported, cases.together);
    expect(imported.notes).toContainEqual(expect.stringContaining("the front end's decibels"));
    imported.model.dispose();
  });
});

test('what is told of an archive: its layers in half precision, and whose peak a floor hangs from', async () => {
  const { model, notes } = await importKeras(kerasFixture('keras3Mel.keras'));
  model.dispose();
  expect(notes).toContain("mel_spectrogram: top_db hangs from each clip's own peak, as Keras has it for one clip at a time"); // prettier-ignore
  const half = await importKeras(kerasFixture('keras3Half.keras'), { sampleRate: 8000 });
  expect(half.notes).toContain('1 layers that Keras computes in half precision are computed in float32');
  await expectKeras(half, cases['keras3Half.keras'], 1e-3); // a half has 11 bits
  half.model.dispose();
});
