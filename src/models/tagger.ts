/** A tagger on disk: `model.json` (layers, provenance) and `weights.bin`, in a folder that TF.js reads anywhere. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { taggerInfoSchema, type TaggerInfo } from './taggerInfo.ts';
import '../../layers/index.ts'; // registers the layers that a saved model names

export interface Tagger {
  /** Waveform `[batch, samples]` to probabilities `[batch, tags]`. */
  model: tf.LayersModel;
  info: TaggerInfo;
}

/** Largest file that is read as a model; the compact convnet takes 0.2 MB. */
const maxBytes = 1 << 30;

/**
 * Saves a tagger as a folder, whole or not at all. The weights' hash is filled in.
 *
 * @returns the folder's `weightsHash`
 * @example await saveTagger({ model, info }, 'runs/mine/model')
 */
export async function saveTagger({ model, info }: Tagger, folder: string): Promise<string> {
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
    weightsManifest: [{ paths: ['weights.bin'], weights: saved!.weightSpecs }],
  };
  const beside = `${folder}.partial`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  await writeWhole(join(beside, 'weights.bin'), weights);
  await writeWhole(join(beside, 'model.json'), `${JSON.stringify(modelJson, null, 1)}\n`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await rename(beside, folder);
  return weightsHash;
}

/**
 * Loads a tagger from a run folder (its `model/`), a model folder, or its `model.json`.
 *
 * @throws InputError if there is none, or it is damaged or of another format.
 * @example const { model, info } = await loadTagger('runs/mine')
 */
export async function loadTagger(path: string): Promise<Tagger> {
  const modelPath = findModel(path);
  const json = await readModelJson(modelPath);
  const info = readInfo(json.userDefinedMetadata, modelPath);
  const weightsPath = join(dirname(modelPath), 'weights.bin');
  if (!existsSync(weightsPath)) {
    throw new InputError(`${weightsPath}: missing; a model is model.json and weights.bin. Copy both.`);
  }
  const weights = await readFile(weightsPath);
  if (hashBytes(weights) !== info.weightsHash) {
    throw new InputError(`${weightsPath}: damaged or of another model (its hash is not the one in model.json).`);
  }
  const artifacts: tf.io.ModelArtifacts = {
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest[0].weights as tf.io.WeightsManifestEntry[],
    weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength) as ArrayBuffer,
  };
  try {
    return { model: await tf.loadLayersModel(tf.io.fromMemory(artifacts)), info };
  } catch (error) {
    throw new InputError(`${modelPath}: not a model that this version can build (${(error as Error).message}).`);
  }
}

function findModel(path: string): string {
  if (!existsSync(path)) {
    throw new InputError(`${path}: no such model. Give a run folder, a model folder or a model.json; sonotag train makes one.`);
  }
  const candidates = path.endsWith('.json') ? [path] : [join(path, 'model', 'model.json'), join(path, 'model.json')];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  const unfinished = existsSync(join(path, 'checkpoint'));
  throw new InputError(
    unfinished
      ? `${path}: its training has not ended, so there is no model yet. Finish it by sonotag train --resume.`
      : `${path}: holds no model.json. Give a run folder, a model folder or a model.json.`,
  );
}

const modelJsonSchema = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  userDefinedMetadata: z.unknown(),
  weightsManifest: z.array(z.object({ weights: z.array(z.unknown()) })).length(1),
});

async function readModelJson(path: string): Promise<z.infer<typeof modelJsonSchema>> {
  const { size } = await stat(path);
  if (size > maxBytes) throw new InputError(`${path}: ${size} bytes are too many for a model's description.`);
  try {
    return modelJsonSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: not a model description (model.json of a TF.js layers model).`);
  }
}

function readInfo(metadata: unknown, path: string): TaggerInfo {
  const parsed = taggerInfoSchema.safeParse(metadata);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `${path}: not a tagger of this version: userDefinedMetadata.${issue.path.join('.')} ${issue.message}.`,
  );
}

function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
