/** A file of Keras, `.keras` or HDF5, as a tagger. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import type { Tagger } from '../tagger.ts';
import type { TaggerInfo } from '../taggerInfo.ts';
import { buildModel } from './buildModel.ts';
import type { FrontEndFacts, ImportContext } from './importing.ts';
import { readKeras1Weights, type PublishedTagger } from './keras1Weights.ts';
import { readKerasFile, type KerasFile } from './kerasFile.ts';
import { readGraph, type KerasGraph } from './kerasGraph.ts';
import type { BatchNormStatistics, StatisticsScope } from './layers/index.ts';
import { msdTags } from './msdTags.ts';

export interface ImportOptions {
  /** Names of the outputs, in order. Default: those of the Million Song Dataset where the file fits them, else numbers. */
  tags?: readonly string[];
  /** Hz; needed where no layer says it. */
  sampleRate?: number;
  /** Length of the input, seconds, where the file leaves it open. Default 29 for the Million Song Dataset's tags. */
  seconds?: number;
  /**
   * Statistics of batch norm. Default: the moving ones, unless the file is a published one of Keras 1 whose moving
   * statistics never moved.
   */
  batchNorm?: BatchNormStatistics;
  /**
   * Whether maxima and means of Kapre's 2017 layers, and the peak that `top_db` of Keras 3's MelSpectrogram hangs from,
   * are each clip's own or those of the batch. Default: `'clip'`, unless the file was published with the other.
   */
  reference?: StatisticsScope;
  /** Which library's convolutions the kernels are for. Default: what the file, or its name, says. */
  kernels?: 'tensorflow' | 'theano';
}

export interface ImportedTagger extends Tagger {
  /** What was found and decided, a line each. */
  notes: string[];
}

/**
 * Reads a model that Keras saved: a whole one, as `.keras` archive (Keras 2.12 and later, and 3) or HDF5 (Keras 2 and 3),
 * or the weights of a published tagger of Keras 1.
 *
 * The model takes a mono waveform `[batch, samples]` and gives `[batch, tags]` in [0, 1]. Layers `block0`, `block1`, …
 * are those that features are taken from: each pool behind a convolution. Where convolution, batch norm, activation
 * and pool follow each other they are one `ConvBlock`; where the stored DFT kernels and filterbank are the exact ones
 * the front end is one `MelSpectrogram`.
 *
 * @throws InputError if the file is damaged, or a layer of it cannot be imported.
 * @example const { model, info, notes } = await importKeras('model_best.hdf5')
 */
export async function importKeras(path: string, options: ImportOptions = {}): Promise<ImportedTagger> {
  const file = await readKerasFile(path);
  const backend = chooseBackend(file, path, options);
  const { graph, published } = readModel(file, path, backend);
  const notes: string[] = [];
  if (published) notes.push(`weights of ${published.name}, of Keras 1, for ${backend}`);
  const context: Omit<ImportContext, 'nameOf'> = {
    ...{ path, backend, notes, keras3: file.kerasVersion?.startsWith('3.') ?? false },
    batchNorm: options.batchNorm ?? (published?.batchStatistics ? 'batch' : 'moving'),
    reference: options.reference ?? (published?.batchDecibel ? 'batch' : 'clip'),
    facts: { options: {}, decibel: null, overBatch: false },
  };
  const { facts } = context;
  const model = buildModel(graph, context, openLength(graph, options));
  try {
    const sampleRate = chooseSampleRate(facts, path, options);
    const nTags = model.outputs[0].shape[1]!;
    const tags = chooseTags(nTags, facts, path, options, notes);
    noteBatches(context, graph, notes);
    noteHalfPrecision(graph, notes);
    const info: TaggerInfo = {
      ...{ format: 'sonotag tagger', formatVersion: 1 },
      ...{ sampleRate, samples: model.inputs[0].shape[1]!, tags: [...tags] },
      exclusive: endsInSoftmax(graph, path),
      frontEnd: facts.options,
      decibel: facts.decibel,
      batchNorm: context.batchNorm,
      imported: {
        file: basename(path),
        sha256: await hashFile(path),
        keras: file.kerasVersion ?? 'unknown',
        ...{ backend, normalization: context.facts.overBatch ? 'batch' : 'clip' },
      },
      weightsHash: await hashWeights(model),
      licence: 'that of the imported file, which does not state it',
      madeBy: `Keras ${file.kerasVersion ?? 'of unknown version'}, imported by sonotag`,
    };
    return { model, info, notes };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function readModel(
  file: KerasFile,
  path: string,
  backend: string,
): { graph: KerasGraph; published?: PublishedTagger } {
  if (file.config !== undefined) return { graph: readGraph(file, path) };
  const published = readKeras1Weights(file, path, backend);
  return { graph: published.graph, published };
}

function chooseBackend({ backend, config }: KerasFile, path: string, { kernels }: ImportOptions): string {
  const named = /theano|tensorflow/i.exec(basename(path))?.[0].toLowerCase();
  const found = kernels ?? backend ?? named ?? (config === undefined ? undefined : 'tensorflow');
  if (found !== undefined) return found;
  throw new InputError(
    `${path}: does not say whose convolutions its kernels are for. Say it, by --kernels theano or tensorflow.`,
  );
}

/** The published models of any input length were trained on 29 s. */
const publishedSeconds = 29;
const publishedRate = 12000;

/** Samples for a file that leaves the length open; undefined where nobody says. */
function openLength(graph: KerasGraph, { seconds, sampleRate }: ImportOptions): number | undefined {
  const front = graph.layers.find(({ config }) => typeof (config.sr ?? config.sampling_rate) === 'number');
  const rate = ((front?.config.sr ?? front?.config.sampling_rate) as number | undefined) ?? sampleRate;
  const length = seconds ?? (isPublishedFront(front?.config) ? publishedSeconds : undefined);
  return rate === undefined || length === undefined ? undefined : Math.round(rate * length);
}

/** Whether a layer is the front end that Choi et al. trained all their taggers of raw audio with. */
function isPublishedFront(config: Readonly<Record<string, unknown>> | undefined): boolean {
  return config?.sr === publishedRate && config.n_mels === 96 && config.n_dft === 512;
}

function chooseSampleRate({ sampleRate: own }: FrontEndFacts, path: string, options: ImportOptions): number {
  const { sampleRate: asked } = options;
  const sampleRate = own ?? asked;
  if (sampleRate === undefined) {
    throw new InputError(`${path}: no layer says the sample rate. Say it, by --sample-rate.`);
  }
  if (asked !== undefined && asked !== sampleRate) {
    throw new InputError(
      `${path}: the model works at ${sampleRate} Hz, but --sample-rate expects ${asked} Hz. ` +
        'Leave the option out: files of any rate are resampled.',
    );
  }
  return sampleRate;
}

function chooseTags(
  count: number,
  facts: FrontEndFacts,
  path: string,
  { tags }: ImportOptions,
  notes: string[],
): readonly string[] {
  if (tags !== undefined) {
    if (tags.length === count) return tags;
    throw new InputError(`${path}: has ${count} outputs, but there are ${tags.length} names for them.`);
  }
  if (count === msdTags.length && facts.sampleRate === publishedRate && facts.options.nMels === 96) {
    notes.push(
      'tags: the 50 of the Million Song Dataset, since the file has 50 outputs and the front end of the models ' +
        'published for them; --tags names others',
    );
    return msdTags;
  }
  notes.push(
    `tags: the file names none; its outputs are called output0 to output${count - 1}; --tags names them`,
  );
  return Array.from({ length: count }, (_, at) => `output${at}`);
}

function noteBatches(
  { batchNorm, facts }: Omit<ImportContext, 'nameOf'>,
  graph: KerasGraph,
  notes: string[],
): void {
  const over = [
    ...(batchNorm === 'batch' && graph.layers.some(({ className }) => className === 'BatchNormalization')
      ? ['batch norm']
      : []),
    ...(facts.overBatch ? ["the front end's decibels or normalisation"] : []),
  ];
  if (over.length === 0) return;
  notes.push(
    `warning: ${over.join(' and ')} use the statistics of the batch, as published, so a clip's result depends on ` +
      'what is computed with it and on the batch size; the paper took 256. --batch-norm moving and --reference clip ' +
      'make clips independent',
  );
}

/** Keras 2 and 3 name the type of a layer's numbers, or describe it as `{ config: { name } }`. */
function noteHalfPrecision({ layers }: KerasGraph, notes: string[]): void {
  const half = layers.filter(({ config: { dtype } }) => {
    const name = typeof dtype === 'string' ? dtype : (dtype as { config?: { name?: unknown } } | null)?.config?.name; // prettier-ignore
    return typeof name === 'string' && /float16/.test(name);
  });
  if (half.length === 0) return;
  notes.push(`${half.length} layers that Keras computes in half precision are computed in float32`);
}

/** @throws InputError if the outputs are no probabilities. */
function endsInSoftmax(graph: KerasGraph, path: string): boolean {
  const { className, config, name } = graph.layers.at(-1)!;
  const activation = className === 'Softmax' ? 'softmax' : (config.activation ?? 'none');
  if (activation === 'softmax' || activation === 'sigmoid') return activation === 'softmax';
  throw new InputError(
    `${path}: its last layer, ${name} (${className}), ends in no sigmoid or softmax, so it gives no probabilities ` +
      'of tags.',
  );
}

/** Of all weights in order, as float32: the same as of the file that `saveTagger` writes. */
async function hashWeights(model: tf.LayersModel): Promise<string> {
  const hash = createHash('sha256');
  for (const weight of model.weights)
    hash.update(new Uint8Array((await weight.read().data()).slice().buffer));
  return hash.digest('hex');
}

async function hashFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > 2 ** 31 - 1) throw new InputError(`${path}: ${size} bytes are too many for a model.`);
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
