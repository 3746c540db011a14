import h5wasm, { ready, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../datasets/index.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { extractFeatures } from '../../../src/features/extractFeatures.ts';
import { writeFeatures } from '../../../src/features/writeFeatures.ts';
import type { Tagger } from '../../../src/models/tagger.ts';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneClip, toneModel, toneRate, toneSamples, toneTags } from '../../support/toneTask.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
let tagger: Tagger;

beforeAll(async () => {
  await useEngine('wasm');
  await ready;
  tagger = {
    model: toneModel(),
    info: {
      format: 'sonotag tagger',
      formatVersion: 1,
      sampleRate: toneRate,
      samples: toneSamples,
      tags: toneTags,
      exclusive: true,
      frontEnd: { nFft: 128, nMels: 16 },
      decibel: { of: 'power', reference: 'clip' },
      batchNorm: 'moving',
      training: {
        ...{
          data: 'tones',
          clips: 16,
          splitHash: 'split',
          validShare: 0,
          seed: 1,
          epochs: 0,
          engine: 'wasm',
        },
      },
      weightsHash: 'abc123',
      licence: 'none known',
      madeBy: 'test',
    },
  };
});

/** Rendered tones, named and labelled. */
function tones(count: number, samples = 1200): Dataset {
  const clips = Array.from({ length: count }, (_, i) => ({
    id: `tön/${i}`,
    source: () => toneClip(i % 2 === 1, i, samples),
    labels: [toneTags[i % 2]],
    ...(i === 0 && { split: 'test' as const }),
  }));
  return { name: 'tones', clips, tags: toneTags, exclusive: true, skipped: [] };
}

function open<T>(path: string, use: (file: InstanceType<typeof h5wasm.File>) => T): T {
  const file = new h5wasm.File(path, 'r');
  try {
    return use(file);
  } finally {
    file.close();
  }
}
const read = (path: string, name: string) =>
  open(path, (file) => {
    const { shape, value } = file.get(name) as Hdf5Dataset;
    return { shape, value: value as Float32Array | Uint8Array | string[] };
  });

test('layers, ids, labels, tags and splits stand row by row', async () => {
  const written = await writeFeatures(tagger, tones(5), temp('five.h5'), { engine: 'wasm', layers: [0, 3] });
  expect(written).toMatchObject({ path: temp('five.h5'), clips: 5, skipped: [] });
  expect(open(temp('five.h5'), (file) => file.keys()).sort()).toEqual([
    'ids',
    'labels',
    'layer0',
    'layer3',
    'splits',
    'tags',
  ]);
  let row = 0;
  for await (const features of extractFeatures(
    tagger,
    tones(5).clips.map(({ source }) => (source as () => Float32Array)()),
  )) {
    for (const [name, start] of [
      ['layer0', 0],
      ['layer3', 12],
    ] as const) {
      const { shape, value } = read(temp('five.h5'), name);
      expect(shape).toEqual([5, 4]);
      expect(value).toBeInstanceOf(Float32Array);
      const values = [...(value as Float32Array)].slice(4 * row, 4 * row + 4);
      values.forEach((x, unit) => expect(x).toBeCloseTo(features[start + unit], 5));
    }
    row++;
  }
  expect(row).toBe(5);
  expect(read(temp('five.h5'), 'ids').value).toEqual(['tön/0', 'tön/1', 'tön/2', 'tön/3', 'tön/4']);
  expect(read(temp('five.h5'), 'tags').value).toEqual(['low', 'high']);
  expect(read(temp('five.h5'), 'splits').value).toEqual(['test', '', '', '', '']);
  expect(read(temp('five.h5'), 'labels')).toEqual({
    shape: [5, 2],
    value: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0),
  });
});

test('the file says what its numbers are and what they were made from', async () => {
  await writeFeatures(tagger, tones(2), temp('says.h5'), {
    ...{ engine: 'wasm', layers: [1], windows: 'first', shortClips: 'zeros' },
  });
  const attributes = open(temp('says.h5'), (file) =>
    Object.fromEntries(Object.entries(file.attrs).map(([name, { value }]) => [name, value])),
  );
  expect(attributes).toMatchObject({
    ...{ format: 'sonotag features', formatVersion: 1, source: 'tones', engine: 'wasm' },
    ...{ sampleRate: 4000, samples: 1000, windows: 'first', shortClips: 'zeros', batchNorm: 'moving' },
    ...{ weightsHash: 'abc123', licence: 'none known', madeBy: 'test' },
    frontEnd: '{"nFft":128,"nMels":16}',
    decibel: '{"of":"power","reference":"clip"}',
    modelTags: '["low","high"]',
  });
  expect(attributes.splitHash).toMatch(/^[0-9a-f]{64}$/);
  const layer = open(temp('says.h5'), (file) => {
    const { attrs } = file.get('layer1') as Hdf5Dataset;
    return [attrs.layer.value, attrs.units.value, attrs.pooling.value];
  });
  expect(layer).toEqual([
    'block1',
    ['block1/0', 'block1/1', 'block1/2', 'block1/3'],
    'mean over frames and bins',
  ]);
});

test('more clips than are written at a time give a row each, in order', async () => {
  await writeFeatures(tagger, tones(515, 200), temp('many.h5'), {
    engine: 'wasm',
    layers: [4],
    batchSize: 64,
  });
  const { shape, value } = read(temp('many.h5'), 'layer4');
  expect(shape).toEqual([515, 4]);
  const [last] = [...(await collect(extractFeatures(tagger, [toneClip(false, 514, 200)], { layers: [4] })))];
  last.forEach((x, unit) => expect((value as Float32Array)[514 * 4 + unit]).toBeCloseTo(x, 5));
});

test('clips without labels have no labels in the file', async () => {
  const unlabelled = tones(2);
  await writeFeatures(
    tagger,
    {
      ...unlabelled,
      tags: [],
      clips: unlabelled.clips.map(({ id, source }) => ({ id, source, labels: [] })),
    },
    temp('bare.h5'),
    { engine: 'wasm' },
  );
  expect(open(temp('bare.h5'), (file) => file.keys()).sort()).toEqual([
    'ids',
    'layer0',
    'layer1',
    'layer2',
    'layer3',
    'layer4',
  ]);
});

test('bad files are named and left out, those found bad before too', async () => {
  mkdirSync(temp('some'));
  await writeWav(temp('some', 'good.wav'), toneClip(true, 7), { sampleRate: toneRate });
  await writeWav(temp('some', 'short.wav'), toneClip(true, 7).subarray(0, 100), { sampleRate: toneRate });
  writeFileSync(temp('some', 'text.mp3'), 'not a song');
  const clips = ['text.mp3', 'good.wav', 'short.wav', 'nowhere.wav'].map((name) => ({
    ...{ id: name, source: temp('some', name), labels: ['high'] },
  }));
  const earlier = { path: 'earlier.wav', reason: 'was not there' };
  const { clips: rows, skipped } = await writeFeatures(
    tagger,
    { name: 'some', clips, tags: toneTags, exclusive: true, skipped: [earlier] },
    temp('some.h5'),
    { engine: 'wasm' },
  );
  expect(rows).toBe(1);
  expect(skipped.map(({ path }) => path)).toEqual(['earlier.wav', 'text.mp3', 'short.wav', 'nowhere.wav']);
  expect(skipped[2].reason).toContain('too short');
  expect(read(temp('some.h5'), 'ids').value).toEqual(['good.wav']);
  expect(read(temp('some.h5'), 'labels')).toEqual({ shape: [1, 2], value: Uint8Array.of(0, 1) });
  expect(read(temp('some.h5'), 'layer0').shape).toEqual([1, 4]);
});

test('where no clip can be read, there is no file, and the first reason is told', async () => {
  const clips = [{ id: 'gone.wav', source: temp('gone.wav'), labels: [] }];
  const nothing = { name: 'nothing', clips, tags: [], exclusive: false, skipped: [] };
  await expect(writeFeatures(tagger, nothing, temp('none', 'f.h5'), { engine: 'wasm' })).rejects.toThrow(
    /nothing: no clip can be read; the first since: .*gone\.wav/,
  );
  expect(readdirSync(temp('none'))).toEqual([]);
});

test('a job that breaks off leaves the older file as it was, and nothing beside it', async () => {
  mkdirSync(temp('kept'));
  await writeFeatures(tagger, tones(2), temp('kept', 'f.h5'), { engine: 'wasm' });
  const before = readFileSync(temp('kept', 'f.h5'));
  const broken = tones(3);
  broken.clips[2].source = () => {
    throw new Error('defect');
  };
  await expect(writeFeatures(tagger, broken, temp('kept', 'f.h5'), { engine: 'wasm' })).rejects.toThrow(
    'defect',
  );
  expect(readFileSync(temp('kept', 'f.h5')).equals(before)).toBe(true);
  expect(readdirSync(temp('kept'))).toEqual(['f.h5']);
  await writeFeatures(tagger, tones(3), temp('kept', 'f.h5'), { engine: 'wasm' }); // and a good one replaces it
  expect(read(temp('kept', 'f.h5'), 'layer0').shape).toEqual([3, 4]);
});

test('a file of another kind is not replaced', async () => {
  writeFileSync(temp('song.wav'), 'RIFF');
  await expect(writeFeatures(tagger, tones(2), temp('song.wav'), { engine: 'wasm' })).rejects.toThrow(
    'is there and is not a feature file',
  );
  expect(readFileSync(temp('song.wav'), 'utf8')).toBe('RIFF');
  expect(existsSync(temp('song.wav'))).toBe(true);
});

async function collect(rows: AsyncIterable<Float32Array>): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
