import h5wasm, { ready, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../datasets/index.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { extractFeatures } from '../../../src/features/extractFeatures.ts';
import { layerExtractor } from '../../../src/features/layerExtractor.ts';
import { writeFeatures } from '../../../src/features/writeFeatures.ts';
import { exportNpy } from '../../../src/features/exportNpy.ts';
import { openFeatures } from '../../../src/features/featureFile.ts';
import { mergeFeatures } from '../../../src/features/mergeFeatures.ts';
import { readNpy } from '../../../src/files/npy.ts';
import { silentReporter } from '../../../src/reporter.ts';
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
  const written = await writeFeatures(layerExtractor(tagger, { layers: [0, 3] }), tones(5), temp('five.h5'), {
    engine: 'wasm',
  });
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
  await writeFeatures(
    layerExtractor(tagger, { layers: [1], windows: 'first', shortClips: 'zeros' }),
    tones(2),
    temp('says.h5'),
    { engine: 'wasm' },
  );
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
  await writeFeatures(
    layerExtractor(tagger, { layers: [4], batchSize: 64 }),
    tones(515, 200),
    temp('many.h5'),
    { engine: 'wasm' },
  );
  const { shape, value } = read(temp('many.h5'), 'layer4');
  expect(shape).toEqual([515, 4]);
  const [last] = [...(await collect(extractFeatures(tagger, [toneClip(false, 514, 200)], { layers: [4] })))];
  last.forEach((x, unit) => expect((value as Float32Array)[514 * 4 + unit]).toBeCloseTo(x, 5));
});

test('clips without labels have no labels in the file', async () => {
  const unlabelled = tones(2);
  await writeFeatures(
    layerExtractor(tagger),
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
    layerExtractor(tagger),
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
  await expect(
    writeFeatures(layerExtractor(tagger), nothing, temp('none', 'f.h5'), { engine: 'wasm' }),
  ).rejects.toThrow(/nothing: no clip can be read; the first since: .*gone\.wav/);
  expect(readdirSync(temp('none'))).toEqual([]);
});

test('a job that breaks off leaves the older file as it was, and keeps its rows for the next', async () => {
  mkdirSync(temp('kept'));
  await writeFeatures(layerExtractor(tagger), tones(2), temp('kept', 'f.h5'), { engine: 'wasm' });
  const before = readFileSync(temp('kept', 'f.h5'));
  const broken = tones(3);
  broken.clips[2].source = () => {
    throw new Error('defect');
  };
  await expect(
    writeFeatures(layerExtractor(tagger), broken, temp('kept', 'f.h5'), { engine: 'wasm' }),
  ).rejects.toThrow('defect');
  expect(readFileSync(temp('kept', 'f.h5')).equals(before)).toBe(true);
  expect(readdirSync(temp('kept')).sort()).toEqual(['.f.h5.rows', 'f.h5']);
  const lines: string[] = [];
  const reporter = { ...silentReporter, line: (text: string) => void lines.push(text) };
  const options = { engine: 'wasm', reporter };
  const { resumed } = await writeFeatures(layerExtractor(tagger), tones(3), temp('kept', 'f.h5'), options);
  expect(resumed).toBe(2);
  expect(lines).toEqual(['going on after 2 of 3 clips']);
  expect(readdirSync(temp('kept'))).toEqual(['f.h5']);
  await writeFeatures(layerExtractor(tagger), tones(3), temp('whole.h5'), { engine: 'wasm' });
  for (const name of ['layer0', 'layer4', 'ids', 'labels', 'splits']) {
    expect(read(temp('kept', 'f.h5'), name)).toEqual(read(temp('whole.h5'), name));
  }
});

test('rows that were made with other options are not taken over, and that is said', async () => {
  const broken = tones(3);
  broken.clips[2].source = () => {
    throw new Error('defect');
  };
  const out = temp('other', 'f.h5');
  await expect(writeFeatures(layerExtractor(tagger), broken, out, { engine: 'wasm' })).rejects.toThrow();
  const lines: string[] = [];
  const reporter = { ...silentReporter, line: (text: string) => void lines.push(text) };
  const extractor = layerExtractor(tagger, { pool: 'max' });
  const { resumed } = await writeFeatures(extractor, tones(3), out, { engine: 'wasm', reporter });
  expect(resumed).toBe(0);
  expect(lines).toEqual(['rows of a job of other options were there; starting over']);
});

test('largest values, or means then largest values, are taken where asked for', async () => {
  const rows = async (pool: 'mean' | 'max' | 'both') => {
    await writeFeatures(layerExtractor(tagger, { pool, layers: [1] }), tones(2), temp(`${pool}.h5`), {
      engine: 'wasm',
    });
    return read(temp(`${pool}.h5`), 'layer1').value as Float32Array;
  };
  const [mean, max, both] = [await rows('mean'), await rows('max'), await rows('both')];
  expect(both).toEqual(
    Float32Array.of(...mean.slice(0, 4), ...max.slice(0, 4), ...mean.slice(4), ...max.slice(4)),
  );
  expect(max.every((value, i) => value > mean[i])).toBe(true);
  const { parts } = await openFeatures(temp('both.h5'));
  expect(parts).toEqual([
    {
      ...{ dataset: 'layer1', layer: 'block1', pooling: 'mean, then max over frames and bins' },
      units: [0, 1, 2, 3].map((i) => `block1/${i}`).concat([0, 1, 2, 3].map((i) => `block1/max/${i}`)),
    },
  ]);
});

test('shards put together are the whole, whichever order they are named in', async () => {
  const dataset = tones(7);
  const extractor = layerExtractor(tagger, { layers: [3, 0] });
  await writeFeatures(extractor, dataset, temp('all.h5'), { engine: 'wasm' });
  const shards = [1, 2, 3].map((number) => temp(`shard${number}.h5`));
  for (const [i, path] of shards.entries()) {
    const { clips } = await writeFeatures(extractor, dataset, path, {
      engine: 'wasm',
      shard: { number: i + 1, of: 3 },
    });
    expect(clips).toBe([2, 2, 3][i]);
  }
  expect(await mergeFeatures([shards[2], shards[0], shards[1]], temp('merged.h5'))).toBe(7);
  expect(await openFeatures(temp('merged.h5'))).toEqual(await openFeatures(temp('all.h5')));
  for (const name of ['layer0', 'layer3', 'ids', 'labels', 'splits']) {
    expect(read(temp('merged.h5'), name)).toEqual(read(temp('all.h5'), name));
  }
  const merge = (...paths: string[]) => mergeFeatures(paths, temp('no.h5'));
  await expect(merge(shards[0], shards[2])).rejects.toThrow('shard 2/3 is missing');
  await expect(merge(shards[0], ...shards)).rejects.toThrow('shard 1/3 is there twice');
  await writeFeatures(layerExtractor(tagger, { layers: [3, 0], windows: 'first' }), dataset, shards[1], {
    engine: 'wasm',
    shard: { number: 2, of: 3 },
  });
  await expect(merge(...shards)).rejects.toThrow(/windows is all in .*shard1\.h5, but first in .*shard2\.h5/);
  await expect(merge(temp('song.txt'))).rejects.toThrow('not a feature file');
  expect(existsSync(temp('no.h5'))).toBe(false);
});

test('NumPy gets an array a layer, and a table of ids, labels and parts', async () => {
  await writeFeatures(layerExtractor(tagger, { layers: [0, 3] }), tones(2), temp('np.h5'), {
    engine: 'wasm',
  });
  expect(await exportNpy(temp('np.h5'), temp('np'))).toEqual(
    ['np_layer_0.npy', 'np_layer_3.npy', 'np.csv'].map((name) => temp(name)),
  );
  expect(await readNpy(temp('np_layer_3.npy'))).toEqual({
    shape: [2, 4],
    values: read(temp('np.h5'), 'layer3').value,
  });
  expect(readFileSync(temp('np.csv'), 'utf8')).toBe('id,label,split\ntön/0,low,test\ntön/1,high,\n');
});

test('a feature file that is damaged, or of another version, is refused', async () => {
  await writeFeatures(layerExtractor(tagger, { layers: [0] }), tones(2), temp('bad.h5'), { engine: 'wasm' });
  const change = (edit: (file: InstanceType<typeof h5wasm.File>) => void) => {
    const file = new h5wasm.File(temp('bad.h5'), 'a');
    edit(file);
    file.close();
  };
  change((file) => (file.get('layer0') as Hdf5Dataset).resize([5, 4]));
  await expect(openFeatures(temp('bad.h5'))).rejects.toThrow('"layer0" has shape [5, 4] beside 2 ids');
  change((file) => {
    file.delete_attribute('formatVersion');
    file.create_attribute('formatVersion', 2);
  });
  await expect(openFeatures(temp('bad.h5'))).rejects.toThrow('of version 2, version 1 is read here');
});

test('a file of another kind is not replaced', async () => {
  writeFileSync(temp('song.wav'), 'RIFF');
  await expect(
    writeFeatures(layerExtractor(tagger), tones(2), temp('song.wav'), { engine: 'wasm' }),
  ).rejects.toThrow('is there and is not a feature file');
  expect(readFileSync(temp('song.wav'), 'utf8')).toBe('RIFF');
  expect(existsSync(temp('song.wav'))).toBe(true);
});

async function collect(rows: AsyncIterable<Float32Array>): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
