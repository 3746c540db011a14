/** A model of TensorFlow.js from the layers of a Keras file. */
import * as tf from '@tensorflow/tfjs';
import { ConvBlock } from '../../../layers/index.ts';
import { InputError } from '../../errors.ts';
import { readActivation } from './activations.ts';
import { movedAxes, readAxis, readBatchNormWeights } from './batchNormalization.ts';
import { readConvolution } from './convolutions.ts';
import { coreLayers } from './coreLayers.ts';
import { findBlocks, nameFeatureLayers, type Block } from './findBlocks.ts';
import { importableLayers, nearestLayers } from './importableLayers.ts';
import { asImage, imageInput, put, settingsOf, toPlain, type ImportContext, type Item, type LayerImporter, type Value } from './importing.ts'; // prettier-ignore
import { kapre04Layers } from './kapre04.ts';
import { kapre2017Layers } from './kapre2017.ts';
import { keras3Audio } from './keras3Audio.ts';
import type { KerasGraph, KerasLayer } from './kerasGraph.ts';
import { publishedFrontEnds } from './publishedFrontEnds.ts';

/**
 * Class names of layers that can be imported, and how. A new table of importers is added here, its names in
 * importableLayers.ts.
 */
export const importers: Readonly<Record<string, LayerImporter>> = {
  ...coreLayers,
  ...kapre2017Layers,
  ...kapre04Layers,
  ...keras3Audio,
  ...publishedFrontEnds,
};

/**
 * Waveform `[batch, samples]` to the model's output, weights filled in.
 *
 * @param samples length of the input where the file leaves it open
 * @throws InputError naming the layer that cannot be imported, and those like it.
 */
export function buildModel(
  graph: KerasGraph,
  context: Omit<ImportContext, 'nameOf'>,
  samples: number | undefined,
): tf.LayersModel {
  const { path } = context;
  for (const { name, className } of graph.layers) {
    if (className === 'InputLayer' || Object.hasOwn(importers, className)) continue;
    throw new InputError(
      `${path}: layer ${name} is a ${className}, which cannot be imported. ${wayOut(className)}`,
    );
  }
  const named = { ...context, nameOf: namer(graph) };
  // statistics of the batch are not those that the fused block uses
  const blocks = context.batchNorm === 'moving' ? findBlocks(graph) : new Map<string, Block>();
  const insides = new Set([...blocks.values()].flatMap(({ inside }) => inside));
  const values = new Map<string, Value>();
  let input: tf.SymbolicTensor | undefined;
  let fused = 0;
  for (const layer of graph.layers) {
    if (insides.has(layer.name)) continue;
    const settings = settingsOf(layer, context);
    const item: Item = {
      ...{ layer, settings, context: named },
      inputs: layer.inputs.map((name) => values.get(name)!),
    };
    const block = blocks.get(layer.name);
    if (layer.className === 'InputLayer') {
      const waveform = importInput(item, samples);
      input = waveform.x;
      values.set(layer.name, waveform);
    } else if (block === undefined) {
      values.set(layer.name, guarded(item, importers[layer.className]));
    } else {
      const first = values.get(block.conv.inputs[0])!;
      values.set(
        layer.name,
        guarded({ ...item, inputs: [first] }, (whole) => importBlock(whole, block)),
      );
      fused++;
    }
  }
  if (fused > 0)
    context.notes.push(`${fused} blocks of convolution, batch norm, activation and pool are fused`);
  const last = graph.layers.at(-1)!;
  const output = toPlain(values.get(graph.output)!, { settings: settingsOf(last, context) });
  if (output.rank !== 2) {
    throw new InputError(`${path}: gives [${output.shape.join(', ')}]; a tagger gives one number a tag.`);
  }
  return tf.model({ inputs: input!, outputs: output, name: 'imported' });
}

/** What is supported, in a line. */
function wayOut(className: string): string {
  const nearest = nearestLayers(className);
  const near = nearest.length === 0 ? '' : `The nearest that can: ${nearest.join(', ')}. `;
  return `${near}"sonotag import --help" lists all ${importableLayers.length}.`;
}

/** Errors of the layers' own checks name the layer of the file. */
function guarded(item: Item, importer: LayerImporter): Value {
  try {
    return importer(item);
  } catch (error) {
    if (error instanceof InputError || error instanceof TypeError) throw error;
    const [reason] = (error as Error).message.split('\n');
    throw new InputError(`${item.settings.where}: cannot be built: ${reason}`);
  }
}

function importInput({ settings, context }: Item, samples: number | undefined): Value {
  const name = settings.get('batch_input_shape') == null ? 'batch_shape' : 'batch_input_shape';
  const [, ...shape] = settings.list(name);
  const lengths = shape.filter((length) => length !== 1);
  if (lengths.length !== 1 || shape.length > 2 || (lengths[0] ?? 1) < 1) {
    throw settings.refuse(
      name,
      'a mono waveform, such as [null, 1, 348000]: a sonotag model takes in raw audio',
    );
  }
  const length = lengths[0] ?? samples;
  if (length === undefined) {
    throw new InputError(`${context.path}: takes inputs of any length. Say how long, by --seconds.`);
  }
  const x = tf.input({ shape: [length], name: 'waveform' });
  return { form: 'waveform', x, shape: shape.map((axis) => (axis === 1 ? 1 : length)) };
}

/** Convolution, batch norm, activation and pool as one layer, which has a fast kernel. */
function importBlock(item: Item, { conv, norm, activation, pool }: Block): Value {
  const of = (layer: KerasLayer) => settingsOf(layer, item.context);
  const as = (layer: KerasLayer): Item => ({ ...item, layer, settings: of(layer) });
  const { x, moved } = imageInput(as(conv));
  const { filters, kernelSize, kernel, bias } = readConvolution(as(conv), x.shape[3]!, 2);
  const given = readAxis(of(norm), 4);
  if ((moved ? movedAxes[given] : given) !== 3) {
    throw of(norm).refuse('axis', 'that of the channels');
  }
  const block = new ConvBlock({
    filters,
    kernelSize,
    poolSize: of(pool).pair('pool_size', { fallback: 2 }),
    activation:
      activation.className === 'Activation'
        ? (readActivation(of(activation)) as 'elu' | 'relu' | 'linear')
        : (activation.className.toLowerCase() as 'elu' | 'relu'),
    epsilon: of(norm).number('epsilon', 1e-3),
    momentum: of(norm).number('momentum', 0.99),
    name: item.context.nameOf(pool),
  });
  const weights = [kernel, bias ?? new Float32Array(filters), ...readBatchNormWeights(as(norm), filters)];
  return asImage(put(item, block, x, weights), moved);
}

/** The file's names, unlike ours and each other; layers that features are taken from become block0, block1, … */
function namer(graph: KerasGraph): (layer: KerasLayer) => string {
  const features = nameFeatureLayers(graph);
  const taken = new Set(features.values());
  const names = new Map<string, string>();
  for (const { name } of graph.layers) {
    let plain = features.get(name) ?? `keras_${name.replace(/[^\w.-]/g, '_')}`;
    while (!features.has(name) && taken.has(plain)) plain += '_';
    taken.add(plain);
    names.set(name, plain);
  }
  return ({ name }) => names.get(name)!;
}
