/** The published model itself, where its file is; importKeras.test.ts has its twin on a generated one. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { extractFeatures } from '../../../../src/features/extractFeatures.ts';
import { readNpy } from '../../../../src/files/npy.ts';
import { importKeras } from '../../../../src/models/keras/importKeras.ts';
import { predictClips } from '../../../../src/models/predict.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';
import { onWebgpu, useWebgpu } from '../../../support/webgpuAdapter.ts';
import { msdTags } from '../../../../src/models/keras/msdTags.ts';

const data = (name: string) =>
  fileURLToPath(new URL(`../../../../../shared/data/compact-cnn/${name}`, import.meta.url));

interface Expected {
  tag_names: string[];
  clip: { tags: number[]; features: number[][] };
}

async function expectPublished(): Promise<void> {
  const { tag_names: tagNames, clip } = JSON.parse(readFileSync(data('expected.json'), 'utf8')) as Expected;
  const { model, info } = await importKeras(data('model_best.hdf5'));
  expect(info.tags).toEqual(tagNames);
  expect(info).toMatchObject({ sampleRate: 12000, samples: 348000 });
  const samples = Float32Array.from((await readNpy(data('1100103.clip.npy'))).values);
  for await (const row of predictClips(model, [samples])) expectClose(row, clip.tags, { atol: 1e-4 });
  for await (const row of extractFeatures({ model }, [samples])) {
    expectClose(row, clip.features, { atol: 1e-3 });
  }
  model.dispose();
}

const published =
  'the published model gives the expected tags and features (needs ../shared/data/compact-cnn)';
const there = existsSync(data('model_best.hdf5'));

onEngines(() => {
  test.skipIf(!there)(published, expectPublished);
});

await onWebgpu(() => {
  test.skipIf(!there)(
    published,
    async () => {
      await useWebgpu();
      await expectPublished();
    },
    300_000, // SwiftShader takes a minute for what a GPU does in a blink
  );
});

test('the built-in names are 50 different ones', () => {
  expect(new Set(msdTags).size).toBe(50);
});
