import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import type { Tagger } from '../../../src/models/tagger.ts';
import type { TaggerInfo } from '../../../src/models/taggerInfo.ts';
import { rankTags, tagWaveform } from '../../../src/models/tagWaveform.ts';
import { expectClose } from '../../support/expectClose.ts';
import { toneClip } from '../../support/toneTask.ts';

let tagger: Tagger;
beforeAll(async () => {
  await useEngine('wasm');
  const frontEnd = { nFft: 128, nMels: 16 };
  const model = createCompactConvnet({ sampleRate: 4000, samples: 1200, nTags: 3, filters: 4, frontEnd });
  tagger = { model, info: { sampleRate: 4000, tags: ['a', 'b', 'c'] } as TaggerInfo };
});

test('tags come with the probabilities that the model predicts, the highest first', async () => {
  const samples = toneClip(true, 0);
  const tags = await tagWaveform(tagger, { samples, sampleRate: 4000 });
  expect(tags.map(({ tag }) => tag).sort()).toEqual(['a', 'b', 'c']);
  const predicted = tagger.model.predict(tf.tensor2d(samples, [1, 1200])) as tf.Tensor;
  const highestFirst = Array.from(predicted.dataSync()).sort((x, y) => y - x);
  expectClose(
    tags.map(({ probability }) => probability),
    highestFirst,
    { atol: 1e-6 },
  );
});

test('a waveform at another rate is refused, naming both', async () => {
  const waveform = { samples: new Float32Array(1200), sampleRate: 44_100 };
  await expect(tagWaveform(tagger, waveform)).rejects.toThrow(
    'the waveform is at 44100 Hz, but the model works at 4000 Hz. Resample the audio',
  );
});

test('ranking keeps each tag with its own probability', () => {
  expect(rankTags(['low', 'high', 'middle'], [0.1, 0.9, 0.5])).toEqual([
    { tag: 'high', probability: 0.9 },
    { tag: 'middle', probability: 0.5 },
    { tag: 'low', probability: 0.1 },
  ]);
});
