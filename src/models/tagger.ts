/** A tagger on disk: `model.json` (layers, provenance) and `weights.bin`, in a folder that TF.js reads anywhere. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { replaceFolder } from '../files/replaceFolder.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { taggerInfoSchema, type TaggerInfo } from './taggerInfo.ts';
import '../../layers/index.ts'; // registers the layers that a saved model names
import './keras/layers/index.ts';

export interface Tagger {
  /** Waveform `[batch, samples]` to probabilities `[batch, tags]`. */
  model: tf.LayersModel;
  info: TaggerInfo;
}

const modelName = 'model.json';
const weightsName = 'weights.bin';

/** Largest file that is read as a model; the compact convnet takes 0.2 MB. */
const maxBytes = 1 << 30;

/**
 * Saves a tagger as a folder, whole or not at all, in the place of an older one. The weights' hash is filled in.
 *
 * @returns the folder's `weightsHash`
 * @throws InputError if `folder` holds anything but a model: saving would remove it.
 * @example await saveTagger({ model, info }, 'runs/mine/model')
 */
export async function saveTagger({ model, info }: Tagger, folder: string): Promise<string> {
  await requireOnlyModel(folder);
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(saved!.weightData));
  const weightsHash = hashBytes(weights);
  const modelJson = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js ${tf.version.tfjs}`,
    modelTopology: saved!.modelTopology,
    userDefinedMetadata: { ...info, weightsHash },
    weightsManifest: [{ paths: [weightsName], weights: saved!.weightSpecs }],
  };
  await replaceFolder(folder, async (beside) => {
    await writeWhole(join(beside, weightsName), weights);
    await writeWhole(join(beside, modelName), `${JSON.stringify(modelJson, null, 1)}\n`);
  });
  return weightsHash;
}

async function requireOnlyModel(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (!(await stat(folder)).isDirectory()) {
    throw new InputError(`${folder}: is a file; a model is saved as a folder. Choose another place.`);
  }
  const others = (await readdir(folder)).filter((name) => name !== modelName && name !== weightsName);
  if (others.length > 0) {
    throw new InputError(
      `${folder}: holds other files (${others.slice(0, 3).join(', ')}), and saving a model replaces the folder. ` +
        'Choose a new one.',
    );
  }
}

/**
 * Loads a tagger from a run folder (its `model/`), a model folder, or its `model.json`.
 *
 * @throws InputError if there is none, or it is damaged or of another format.
 * @example const { model, info } = await loadTagger('runs/mine')
 */
export async function loadTagger(path: string): Promise<Tagger> {
  const modelPath = findModel(path);
  const json = await readJson(modelPath);
  const info = readInfo(json, modelPath); // first: it tells another program's model from a damaged one
  const { modelTopology, weightsManifest } = readModelJson(json, modelPath);
  const weightSpecs = weightsManifest[0].weights;
  const weightData = await readWeightData(
    join(dirname(modelPath), weightsName),
    weightSpecs,
    info.weightsHash,
  );
  const model = await buildModel({ modelTopology, weightSpecs, weightData }, modelPath);
  const [samples, nTags] = [model.inputs[0].shape[1], model.outputs[0].shape.at(-1)];
  if (samples !== info.samples || nTags !== info.tags.length) {
    model.dispose();
    throw new InputError(
      `${modelPath}: contradicts itself: its layers take ${samples} samples to ${nTags} tags, its ` +
        `userDefinedMetadata say ${info.samples} and ${info.tags.length}. ${copyAgain}`,
    );
  }
  return { model, info };
}

const copyAgain = 'Copy model.json and weights.bin again from where they were made, or train anew.';

function findModel(path: string): string {
  if (!existsSync(path)) {
    throw new InputError(
      `${path}: no such model. Give a run folder, a model folder or a model.json; sonotag train makes one.`,
    );
  }
  const isFolder = statSync(path).isDirectory();
  const candidates = isFolder ? [join(path, 'model', modelName), join(path, modelName)] : [path];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  const unfinished = existsSync(join(path, 'checkpoint'));
  throw new InputError(
    unfinished
      ? `${path}: its training has not ended, so there is no model yet. Finish it by sonotag train --resume.`
      : `${path}: holds no model.json. Give a run folder, a model folder or a model.json.`,
  );
}

const weightSpecSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.literal('float32'),
});
const modelJsonSchema = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.object({ weights: z.array(weightSpecSchema) })).length(1),
});
type ModelJson = z.infer<typeof modelJsonSchema>;

async function readJson(path: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > maxBytes) {
    throw new InputError(`${path}: ${size} bytes are too many for a model's description. ${copyAgain}`);
  }
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw new InputError(`${path}: damaged, or not a model.json. ${copyAgain}`);
  }
}

function readModelJson(json: unknown, path: string): ModelJson {
  const parsed = modelJsonSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `${path}: damaged; its layers or weights are not described as sonotag writes them. ${copyAgain}`,
  );
}

function readInfo(json: unknown, path: string): TaggerInfo {
  const parsed = taggerInfoSchema.safeParse(
    (json as { userDefinedMetadata?: unknown } | null)?.userDefinedMetadata,
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = ['userDefinedMetadata', ...issue.path].join('.');
  throw new InputError(
    `${path}: not a tagger of this version (${where}: ${issue.message}). Give a model that sonotag train made.`,
  );
}

async function readWeightData(
  path: string,
  specs: ModelJson['weightsManifest'][0]['weights'],
  weightsHash: string,
): Promise<ArrayBuffer> {
  if (!existsSync(path)) throw new InputError(`${path}: missing. ${copyAgain}`);
  const { size } = await stat(path);
  const expected = specs.reduce((sum, { shape }) => sum + 4 * tf.util.sizeFromShape(shape), 0);
  if (size !== expected || size > maxBytes) {
    throw new InputError(`${path}: has ${size} bytes, model.json asks for ${expected}. ${copyAgain}`);
  }
  const weights = await readFile(path);
  if (hashBytes(weights) !== weightsHash) {
    throw new InputError(
      `${path}: damaged or of another model: its hash is not the one in model.json. ${copyAgain}`,
    );
  }
  return weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength) as ArrayBuffer;
}

async function buildModel(artifacts: tf.io.ModelArtifacts, path: string): Promise<tf.LayersModel> {
  try {
    return await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new InputError(`${path}: not a model that this version can build (${reason}). ${copyAgain}`);
  }
}

function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
