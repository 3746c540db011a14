/** What every layer of a tagger knows of a clip: features for other tasks. */
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors.ts';
import { inputLength, predictClips } from '../models/predict.ts';
import type { Tagger } from '../models/tagger.ts';
import type { Windows } from '../models/windows.ts';
import { MaxOverMap } from './maxOverMap.ts';
import { MeanOverMap } from './meanOverMap.ts';

/** A layer that features are taken from. */
export interface FeatureLayer {
  /** Its number: 0 is the block next to the spectrogram. */
  index: number;
  /** Name in the model, such as `block0`. */
  name: string;
  /** Numbers a clip. */
  units: number;
}

/** How a clip shorter than the model's input is made as long: repeated, or followed by silence. */
export type ShortClips = 'repeat' | 'zeros';

/** What is taken of each channel's map: its mean, its largest value, or both, all means before all largest. */
export type FeaturePool = 'mean' | 'max' | 'both';

export interface ExtractFeaturesOptions {
  /** Numbers of the layers, each once, in the order of the row's parts. Default: all. */
  layers?: readonly number[];
  /** Over time and frequency. Default `'mean'`. */
  pool?: FeaturePool;
  /** Windows of a clip longer than the model's input: their mean, or the first alone. Default `'all'`. */
  windows?: Windows;
  /** Default `'repeat'`: silence would be a feature of its own. */
  shortClips?: ShortClips;
  /** Windows that go through the model together; the result does not depend on it. Default 8. */
  batchSize?: number;
}

/**
 * One row of features a clip, in order: for each layer the mean over time and frequency of each channel of its output
 * (or the largest value, or both), one layer after the other. The published net gives 5 × 32 = 160 numbers.
 *
 * All layers come from one forward pass. Clips are drawn as they are needed, so memory holds a batch however many
 * there are. A clip longer than the input is the mean over windows that cover it.
 *
 * Source: Choi et al. 2017, "Transfer learning for music classification and regression tasks", arXiv:1703.09179,
 * section 3.2; the last layer is averaged like the others, which changes nothing where one frame is left.
 *
 * @param tagger its model has the blocks `block0`, `block1`, …
 * @param waveforms mono, full scale ±1, at the tagger's sample rate, not empty
 * @throws InputError if the model has no blocks, or not those asked for.
 * @example for await (const row of extractFeatures(tagger, [samples], { layers: [1, 3] })) … // Float32Array of 64
 */
export async function* extractFeatures(
  { model }: Pick<Tagger, 'model'>,
  waveforms: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  { layers, pool = 'mean', windows, shortClips = 'repeat', batchSize = 8 }: ExtractFeaturesOptions = {},
): AsyncGenerator<Float32Array> {
  const pooled = poolLayers(model, chooseFeatureLayers(model, layers), pool);
  const clips = shortClips === 'repeat' ? waveforms : withSilence(waveforms, inputLength(model));
  yield* predictClips(pooled, clips, { windows, batchSize });
}

/**
 * The layers that features can be taken from, or those of them that are asked for.
 *
 * @param wanted numbers of layers; undefined for all
 * @throws InputError if there are none, or one that is asked for is not there or stands twice.
 */
export function chooseFeatureLayers(model: tf.LayersModel, wanted?: readonly number[]): FeatureLayer[] {
  const all = model.layers
    .map(({ name, outputShape }) => ({ name, units: (outputShape as tf.Shape).at(-1)! }))
    .filter(({ name }) => /^block\d+$/.test(name))
    .map(({ name, units }) => ({ index: Number(name.slice('block'.length)), name, units }))
    .sort((a, b) => a.index - b.index);
  if (all.length === 0) {
    throw new InputError('features: the model has no layers block0, block1, …; use a compact convnet.');
  }
  if (wanted === undefined) return all;
  const numbers = all.map(({ index }) => index).join(', ');
  return wanted.map((number, place) => {
    const layer = all.find(({ index }) => index === number);
    if (layer === undefined || wanted.indexOf(number) !== place) {
      const fault = layer === undefined ? `the model has no layer ${number}` : `layer ${number} stands twice`;
      throw new InputError(`features: ${fault}; choose from ${numbers}, each once, or take all.`);
    }
    return layer;
  });
}

/** The model up to what is taken of each layer's maps, side by side: waveform to `[batch, units]`. */
function poolLayers(model: tf.LayersModel, layers: FeatureLayer[], pool: FeaturePool): tf.LayersModel {
  const pieces = layers.flatMap(({ name }) => {
    const map = model.getLayer(name).output as tf.SymbolicTensor;
    const pools = pool === 'mean' ? [new MeanOverMap()] : [new MaxOverMap()];
    if (pool === 'both') pools.unshift(new MeanOverMap());
    return pools.map((layer) => layer.apply(map) as tf.SymbolicTensor);
  });
  const outputs =
    pieces.length === 1 ? pieces[0] : (tf.layers.concatenate({ axis: 1 }).apply(pieces) as tf.SymbolicTensor);
  return tf.model({ inputs: model.inputs, outputs });
}

async function* withSilence(
  waveforms: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  length: number,
): AsyncGenerator<Float32Array> {
  for await (const samples of waveforms) {
    if (samples.length >= length || samples.length === 0) yield samples;
    else {
      const padded = new Float32Array(length);
      padded.set(samples);
      yield padded;
    }
  }
}
