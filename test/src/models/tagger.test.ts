import * as tf from '@tensorflow/tfjs';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import { InputError } from '../../../src/errors.ts';
import { loadTagger, saveTagger } from '../../../src/models/tagger.ts';
import type { TaggerInfo } from '../../../src/models/taggerInfo.ts';
import { onEngines } from '../../support/onEngines.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneClip, toneModel, toneRate, toneSamples, toneTags } from '../../support/toneTask.ts';

const temp = tempFolder();

const info: TaggerInfo = {
  format: 'sonotag tagger',
  formatVersion: 1,
  sampleRate: toneRate,
  samples: toneSamples,
  tags: toneTags,
  exclusive: true,
  frontEnd: { nFft: 128, nMels: 16, topDb: null, melScale: 'htk', trainableKernels: false },
  decibel: { of: 'power', reference: 'clip' },
  batchNorm: 'moving',
  training: {
    data: 'tönes',
    clips: 24,
    splitHash: 'abc',
    validShare: 0.25,
    seed: -3,
    epochs: 7,
    engine: 'wasm',
  },
  weightsHash: '',
  licence: 'CC0',
  madeBy: 'a test',
};

onEngines((engine) => {
  test('a saved and loaded tagger gives identical probabilities, and where it comes from', async () => {
    const model = toneModel({ seed: 8 });
    moveStatistics(model);
    const weightsHash = await saveTagger({ model, info }, temp(engine, 'run', 'model'));
    const loaded = await loadTagger(temp(engine, 'run', 'model'));
    expect(loaded.info).toEqual({ ...info, weightsHash });
    expect(predict(loaded.model)).toEqual(predict(model));
    expect(weightsHash).toBe(
      createHash('sha256')
        .update(readFileSync(temp(engine, 'run', 'model', 'weights.bin')))
        .digest('hex'),
    );
  });

  test('a run folder, its model folder and the model.json name the same tagger', async () => {
    const paths = [
      temp(engine, 'run'),
      temp(engine, 'run', 'model'),
      temp(engine, 'run', 'model', 'model.json'),
    ];
    const hashes = [];
    for (const path of paths) hashes.push((await loadTagger(path)).info.weightsHash);
    expect(new Set(hashes).size).toBe(1);
  });

  test('saving over a tagger replaces it and leaves nothing beside it', async () => {
    const folder = temp(engine, 'replaced');
    await saveTagger({ model: toneModel({ seed: 1 }), info }, folder);
    const second = toneModel({ seed: 2 });
    await saveTagger({ model: second, info }, `${folder}/`);
    expect(predict((await loadTagger(folder)).model)).toEqual(predict(second));
    expect(readdirSync(folder).sort()).toEqual(['model.json', 'weights.bin']);
    expect(readdirSync(temp(engine)).sort()).toEqual(['replaced', 'run']);
  });

  test('saving and loading leave no tensors but those of the loaded model', async () => {
    const model = toneModel();
    const before = tf.memory().numTensors;
    await saveTagger({ model, info }, temp(engine, 'counted'));
    const loaded = await loadTagger(temp(engine, 'counted'));
    loaded.model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a loaded tagger can be saved again, the same to the byte', async () => {
  await useEngine('cpu');
  await saveTagger({ model: toneModel(), info }, temp('first'));
  await saveTagger(await loadTagger(temp('first')), temp('second'));
  for (const name of ['model.json', 'weights.bin']) {
    expect(readFileSync(temp('second', name))).toEqual(readFileSync(temp('first', name)));
  }
});

test('a folder that holds other things is not replaced', async () => {
  mkdirSync(temp('music'));
  writeFileSync(temp('music', 'song.wav'), 'precious');
  const error = await inputErrorOf(saveTagger({ model: toneModel(), info }, temp('music')));
  expect(error).toContain(temp('music'));
  expect(error).toContain('song.wav');
  expect(readFileSync(temp('music', 'song.wav'), 'utf8')).toBe('precious');
  expect(await inputErrorOf(saveTagger({ model: toneModel(), info }, temp('music', 'song.wav')))).toContain(
    'is a file',
  );
});

/** Each is a way to spoil a copy of a good model folder, the file that the message names, and the way out. */
const faults: [
  what: string,
  spoil: (folder: string) => void,
  named: string,
  message: string,
  wayOut: string,
][] = [
  [
    'a missing weights.bin',
    (f) => rmSync(join(f, 'weights.bin')),
    'weights.bin',
    'missing',
    'Copy model.json',
  ],
  ['a flipped bit in weights.bin', flipBit, 'weights.bin', 'its hash is not', 'Copy model.json'],
  [
    'a shorter weights.bin',
    (f) => truncate(join(f, 'weights.bin')),
    'weights.bin',
    'bytes, model.json asks',
    'Copy',
  ],
  [
    'a truncated model.json',
    (f) => truncate(join(f, 'model.json')),
    'model.json',
    'not a model.json',
    'Copy model.json',
  ],
  [
    'an empty model.json',
    (f) => writeFileSync(join(f, 'model.json'), ''),
    'model.json',
    'not a model.json',
    'Copy',
  ],
  [
    'a model.json that is null',
    (f) => writeFileSync(join(f, 'model.json'), 'null'),
    'model.json',
    'not a tagger',
    'Give',
  ],
  [
    'a model.json of another program',
    (f) => edit(f, (json) => Reflect.deleteProperty(json, 'userDefinedMetadata')),
    'model.json',
    'not a tagger of this version',
    'Give a model that sonotag train made',
  ],
  [
    'metadata of a newer version',
    (f) => edit(f, (json) => (json.userDefinedMetadata.formatVersion = 2)),
    'model.json',
    'userDefinedMetadata.formatVersion',
    'Give a model',
  ],
  [
    'an unknown key in the metadata',
    (f) => edit(f, (json) => (json.userDefinedMetadata.later = 1)),
    'model.json',
    '"later"',
    'Give a model',
  ],
  [
    'a sampling rate below 0',
    (f) => edit(f, (json) => (json.userDefinedMetadata.sampleRate = -12)),
    'model.json',
    'userDefinedMetadata.sampleRate',
    'Give a model',
  ],
  [
    'more tags than outputs',
    (f) => edit(f, (json) => json.userDefinedMetadata.tags.push('third')),
    'model.json',
    'contradicts itself',
    'Copy model.json',
  ],
  [
    'another input length in the metadata',
    (f) => edit(f, (json) => (json.userDefinedMetadata.samples = 999)),
    'model.json',
    'contradicts itself',
    'Copy model.json',
  ],
  [
    'a weight of a declared 120 GB',
    (f) => edit(f, (json) => (json.weightsManifest[0].weights[0].shape = [100_000, 100_000, 3])),
    'weights.bin',
    'model.json asks for 120000',
    'Copy model.json',
  ],
  [
    'a weight shape below 0',
    (f) => edit(f, (json) => (json.weightsManifest[0].weights[0].shape = [-1])),
    'model.json',
    'damaged',
    'Copy model.json',
  ],
  [
    'weights of another type',
    (f) => edit(f, (json) => (json.weightsManifest[0].weights[0].dtype = 'string')),
    'model.json',
    'damaged',
    'Copy model.json',
  ],
  [
    'a layer that nobody knows',
    (f) => edit(f, (json) => (layersOf(json)[1].class_name = 'Telepathy')),
    'model.json',
    'Unknown layer: Telepathy',
    'Copy model.json',
  ],
  [
    'a dense layer of 3e10 units',
    (f) => edit(f, (json) => (layersOf(json).find(({ name }) => name === 'logits')!.config.units = 3e10)),
    'model.json',
    'not a model that this version can build',
    'Copy model.json',
  ],
  [
    'a layer option out of range',
    (f) =>
      edit(f, (json) => (layersOf(json).find(({ name }) => name === 'block0')!.config.poolSize = [-1, 2])),
    'model.json',
    'poolSize must be an integer >= 1',
    'Copy model.json',
  ],
  [
    'a topology that is no model',
    (f) => edit(f, (json) => (json.modelTopology = { class_name: 'Model', config: {} as never })),
    'model.json',
    'not a model that this version can build',
    'Copy model.json',
  ],
];

test.each(faults)(
  '%s is one line with the path and the way out',
  async (what, spoil, named, message, wayOut) => {
    await useEngine('cpu');
    const folder = temp('spoilt', what);
    if (!existsSync(temp('good'))) await saveTagger({ model: toneModel(), info }, temp('good'));
    cpSync(temp('good'), folder, { recursive: true });
    spoil(folder);
    const error = await inputErrorOf(loadTagger(folder));
    expect(error).toContain(`${join(folder, named)}: `);
    expect(error).toContain(message);
    expect(error).toContain(wayOut);
  },
);

test('a path without a model says what to give', async () => {
  mkdirSync(temp('empty'));
  mkdirSync(temp('unfinished', 'checkpoint'), { recursive: true });
  mkdirSync(temp('lonely'));
  copyFileSync(temp('good', 'model.json'), temp('lonely', 'other.json'));
  expect(await inputErrorOf(loadTagger(temp('nowhere')))).toMatch(
    /nowhere: no such model\. Give a run folder/,
  );
  expect(await inputErrorOf(loadTagger(temp('nowhere.json')))).toMatch(/nowhere\.json: no such model\. Give/);
  expect(await inputErrorOf(loadTagger(temp('empty')))).toMatch(
    /empty: holds no model\.json\. Give a run folder/,
  );
  expect(await inputErrorOf(loadTagger(temp('good', 'weights.bin')))).toMatch(
    /weights\.bin: damaged, or not a model.json/,
  );
  expect(await inputErrorOf(loadTagger(temp('unfinished')))).toMatch(
    /unfinished: its training has not ended.*--resume/,
  );
  expect(await inputErrorOf(loadTagger(temp('lonely', 'other.json')))).toContain(
    temp('lonely', 'weights.bin'),
  );
});

beforeAll(async () => {
  await useEngine('cpu');
});

/** As training would, so that no weight has its start value. */
function moveStatistics(model: tf.LayersModel): void {
  tf.tidy(() => {
    model.setWeights(
      model.getWeights().map((w, i) => tf.add(w, tf.randomUniform(w.shape, 0.01, 0.1, 'float32', i))),
    );
  });
}

function predict(model: tf.LayersModel): number[] {
  const clip = toneClip(true, 4, toneSamples);
  return tf.tidy(() =>
    Array.from((model.predict(tf.tensor2d(clip, [1, toneSamples])) as tf.Tensor).dataSync()),
  );
}

async function inputErrorOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => expect.fail('was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
}

interface ModelJson {
  modelTopology: { class_name: string; config: { layers: LayerJson[] } };
  userDefinedMetadata: {
    formatVersion: number;
    sampleRate: number;
    samples: number;
    tags: string[];
    later?: number;
  };
  weightsManifest: { weights: { shape: number[]; dtype: string }[] }[];
}

interface LayerJson {
  name: string;
  class_name: string;
  config: Record<string, unknown>;
}

function layersOf(json: ModelJson): LayerJson[] {
  return json.modelTopology.config.layers;
}

function edit(folder: string, change: (json: ModelJson) => unknown): void {
  const path = join(folder, 'model.json');
  const json = JSON.parse(readFileSync(path, 'utf8')) as ModelJson;
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

function truncate(path: string): void {
  writeFileSync(path, readFileSync(path).subarray(0, -40));
}

function flipBit(folder: string): void {
  const path = join(folder, 'weights.bin');
  const bytes = readFileSync(path);
  bytes[1000] ^= 1;
  writeFileSync(path, bytes);
}
