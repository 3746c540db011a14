/**
 * Files of weights alone that Keras 1 wrote: the three published taggers, told by their weights, as whole models.
 *
 * Source: keunwoochoi/music-auto_tagging-keras: compact_cnn/models.py (Choi et al. 2017, arXiv:1703.09179),
 * music_tagger_cnn.py (Choi et al. 2016, arXiv:1606.00298), music_tagger_crnn.py (arXiv:1609.04243). All have channels
 * first.
 */
import { InputError } from '../../errors.ts';
import type { KerasWeight } from './checkedHdf5.ts';
import type { KerasFile } from './kerasFile.ts';
import type { KerasGraph, KerasLayer } from './kerasGraph.ts';

/** A published tagger's weights, by what they belong to and in the order of computation. */
interface Parts {
  convolutions: KerasWeight[][];
  norms: KerasWeight[][];
  grus: KerasWeight[][];
  denses: KerasWeight[][];
  /** DFT kernels and filterbank of Kapre, where they are stored. */
  frontEnd: KerasWeight[];
}

export interface PublishedTagger {
  graph: KerasGraph;
  /** What it is called, for the notes. */
  name: string;
  /** Length of the input, samples at 12 kHz. */
  samples: number;
  /**
   * Whether its batch norm was published in mode 2, the statistics of the batch at hand: then those that are stored
   * were never moved from 0 and 1.
   */
  batchStatistics: boolean;
  /** Whether Kapre 0.0.3 took its decibels below the peak of the whole batch. */
  batchDecibel: boolean;
}

/**
 * @throws InputError if the weights are not those of a published tagger with its output layer.
 */
export function readKeras1Weights({ layers }: KerasFile, path: string, backend: string): PublishedTagger {
  const parts = sortParts([...layers.values()].flat());
  const { convolutions, norms, grus, denses } = parts;
  const counts = `${convolutions.length},${norms.length},${grus.length}`;
  const published = (
    { '5,5,0': compactCnn, '5,6,0': musicTaggerCnn, '4,5,2': musicTaggerCrnn } as Record<
      string,
      ((parts: Parts, backend: string, path: string) => PublishedTagger) | undefined
    >
  )[counts];
  if (published === undefined) {
    throw new InputError(
      `${path}: holds weights without a model, and they are none of compact_cnn, MusicTaggerCNN and ` +
        'MusicTaggerCRNN. Save the whole model by model.save(...).',
    );
  }
  if (denses.length !== 1) {
    throw new InputError(
      `${path}: holds ${denses.length} dense layers; a tagger has one, its output. Of compact_cnn, the files for ` +
        'Theano have it.',
    );
  }
  return published(parts, backend, path);
}

/** Weights by the name before `_W`, `_gamma` and so on, in the order in which each name comes first. */
function sortParts(weights: KerasWeight[]): Parts {
  const owners = new Map<string, KerasWeight[]>();
  for (const weight of weights) {
    const owner = ownerOf(weight.name);
    owners.set(owner, [...(owners.get(owner) ?? []), weight]);
  }
  const parts: Parts = { convolutions: [], norms: [], grus: [], denses: [], frontEnd: [] };
  for (const own of owners.values()) {
    const main = own.find(({ name }) => /_W(_z)?$/.test(plainName(name)));
    if (own.some(({ name }) => plainName(name).endsWith('_gamma'))) parts.norms.push(own);
    else if (main === undefined) parts.frontEnd.push(...own);
    else if (plainName(main.name).endsWith('_W_z')) parts.grus.push(own);
    else if (main.shape.length === 4) parts.convolutions.push(own);
    else parts.denses.push(own);
  }
  return parts;
}

/** TensorFlow adds `:0`. */
function plainName(name: string): string {
  return name.replace(/:\d+$/, '');
}

function ownerOf(name: string): string {
  return plainName(name).replace(/_((W|U|b)(_[zrh])?|gamma|beta|running_mean|running_std)$/, '');
}

type Pools = [frequencies: number, frames: number][];

function compactCnn(parts: Parts, backend: string, path: string): PublishedTagger {
  const front = layer('melgram', 'Melspectrogram', {
    ...{ sr: 12000, n_dft: 512, n_hop: 256, n_mels: 96, fmin: 0, fmax: 6000 },
    ...{ power_melgram: 2, return_decibel_melgram: true, image_data_format: 'channels_first' },
    padding: backend === 'theano' ? 'theanoSame' : 'same',
  });
  const kernels = parts.frontEnd.length === 3 ? parts.frontEnd : [];
  const pools: Pools = [[2, 4], [3, 4], [2, 5], [2, 4], [4, 4]]; // prettier-ignore
  const samples = 29 * 12000;
  const { norms } = parts;
  return {
    name: 'compact_cnn',
    samples,
    batchStatistics: norms.every((norm) => isStill(norm)),
    batchDecibel: true,
    graph: chain(samples, [
      { ...front, weights: kernels },
      ...stages(parts.convolutions, norms, pools, path, false),
      layer('flatten', 'Flatten', {}),
      output(parts, path),
    ]),
  };
}

function musicTaggerCnn(parts: Parts, _backend: string, path: string): PublishedTagger {
  const pools: Pools = [[2, 4], [2, 4], [2, 4], [3, 5], [4, 4]]; // prettier-ignore
  const [first, ...norms] = parts.norms;
  return {
    ...{ name: 'MusicTaggerCNN', batchStatistics: false, batchDecibel: false, samples: librosaSamples },
    graph: chain(librosaSamples, [
      layer('melgram', 'sonotag:librosaLogMel', {}),
      firstNorm(first, librosaFrames),
      ...stages(parts.convolutions, norms, pools, path, false),
      layer('flatten', 'Flatten', {}),
      output(parts, path),
    ]),
  };
}

function musicTaggerCrnn(parts: Parts, _backend: string, path: string): PublishedTagger {
  const pools: Pools = [[2, 2], [3, 3], [4, 4], [4, 4]]; // prettier-ignore
  const [first, ...norms] = parts.norms;
  const channels = sizeOf(parts.convolutions.at(-1)!, '_b', path);
  const [gru1, gru2] = parts.grus.map((weights, at) => gru(weights, at === 0, path));
  return {
    ...{ name: 'MusicTaggerCRNN', batchStatistics: false, batchDecibel: false, samples: librosaSamples },
    graph: chain(librosaSamples, [
      layer('melgram', 'sonotag:librosaLogMel', {}),
      layer('padding', 'ZeroPadding2D', { padding: [0, 37], data_format: 'channels_first' }),
      firstNorm(first, librosaFrames + 2 * 37),
      ...stages(parts.convolutions, norms, pools, path, true),
      layer('permute', 'Permute', { dims: [3, 1, 2] }),
      layer('reshape', 'Reshape', { target_shape: [15, channels] }),
      { ...gru1, name: 'gru1' },
      { ...gru2, name: 'gru2' },
      layer('dropout', 'Dropout', { rate: 0.3 }),
      output(parts, path),
    ]),
  };
}

/** 29.12 s at 12 kHz, which give 1366 frames at a distance of 256. */
const librosaSamples = 349440;
const librosaFrames = 1366;

/** `bn_0_freq`, whose axis is that of frames in the published code, whatever its name; its length tells. */
function firstNorm(weights: KerasWeight[], nFrames: number): KerasLayer {
  const axis = weights[0].shape[0] === nFrames ? 3 : 2;
  return norm('bn_0_freq', weights, axis);
}

function stages(
  convolutions: KerasWeight[][],
  norms: KerasWeight[][],
  pools: Pools,
  path: string,
  dropout: boolean,
): KerasLayer[] {
  return convolutions.flatMap((weights, at) => {
    const number = at + 1;
    const filters = sizeOf(weights, '_b', path);
    const shared = { data_format: 'channels_first' };
    return [
      {
        ...layer(`conv${number}`, 'Conv2D', { ...shared, filters, kernel_size: [3, 3], padding: 'same' }),
        weights: [rowsFirst(find(weights, '_W', path), filters, path), find(weights, '_b', path)],
      },
      norm(`bn${number}`, norms[at], 1),
      layer(`elu${number}`, 'ELU', {}),
      layer(`pool${number}`, 'MaxPooling2D', { ...shared, pool_size: pools[at] }),
      ...(dropout ? [layer(`dropout${number}`, 'Dropout', { rate: 0.1 })] : []),
    ];
  });
}

/** What Keras 1 called `running_std` is the variance: see keras/layers/normalization.py of 1.2. */
function norm(name: string, weights: KerasWeight[], axis: number): KerasLayer {
  const order = ['_gamma', '_beta', '_running_mean', '_running_std'];
  const own = order.map((end) => weights.find((weight) => plainName(weight.name).endsWith(end)));
  const present = own.filter((weight) => weight !== undefined);
  return { ...layer(name, 'BatchNormalization', { axis, epsilon: 1e-3 }), weights: present };
}

/** Whether the statistics never moved from where training starts. */
function isStill(weights: KerasWeight[]): boolean {
  const all = (end: string, value: number) =>
    weights.some(({ name, values }) => plainName(name).endsWith(end) && values.every((one) => one === value));
  return all('_running_mean', 0) && all('_running_std', 1);
}

/** Gates one by one, as Keras 1 stored them, side by side as Keras 2 does. */
function gru(weights: KerasWeight[], sequences: boolean, path: string): KerasLayer {
  const units = sizeOf(weights, '_b_z', path);
  const side = (kind: string): KerasWeight => {
    const gates = ['z', 'r', 'h'].map((gate) => find(weights, `_${kind}_${gate}`, path));
    const rows = gates[0].shape.length === 1 ? 1 : gates[0].shape[0];
    if (gates.some(({ values }) => values.length !== rows * units)) {
      throw new InputError(`${path}: weight ${gates[0].name} does not fit ${units} units.`);
    }
    const values = new Float32Array(rows * 3 * units);
    gates.forEach((gate, at) => {
      for (let row = 0; row < rows; row++) {
        values.set(gate.values.subarray(row * units, (row + 1) * units), (row * 3 + at) * units);
      }
    });
    const shape = gates[0].shape.length === 1 ? [3 * units] : [rows, 3 * units];
    return { name: gates[0].name, shape, values };
  };
  return {
    ...layer('gru', 'GRU', { units, return_sequences: sequences, recurrent_activation: 'hard_sigmoid' }),
    weights: [side('W'), side('U'), side('b')],
  };
}

function output({ denses: [weights] }: Parts, path: string): KerasLayer {
  const units = sizeOf(weights, '_b', path);
  const own = [find(weights, '_W', path), find(weights, '_b', path)];
  return { ...layer('output', 'Dense', { units, activation: 'sigmoid' }), weights: own };
}

/** Kernels `[filters, channels, rows, columns]` of channels-first models as `[rows, columns, channels, filters]`. */
function rowsFirst(weight: KerasWeight, filters: number, path: string): KerasWeight {
  const { name, shape, values } = weight;
  const [first, channels, rows, columns] = shape;
  if (shape[3] === filters && !(first === filters && rows === 3 && columns === 3)) return weight;
  if (first !== filters) {
    throw new InputError(
      `${path}: weight ${name} of shape [${shape.join(', ')}] has not ${filters} filters.`,
    );
  }
  const moved = new Float32Array(values.length);
  const places = rows * columns;
  for (let from = 0; from < values.length; from++) {
    const place = from % places;
    const channel = Math.floor(from / places) % channels;
    const filter = Math.floor(from / places / channels);
    moved[(place * channels + channel) * filters + filter] = values[from];
  }
  return { name, shape: [rows, columns, channels, filters], values: moved };
}

function find(weights: KerasWeight[], end: string, path: string): KerasWeight {
  const weight = weights.find(({ name }) => plainName(name).endsWith(end));
  if (weight !== undefined) return weight;
  throw new InputError(`${path}: ${ownerOf(weights[0].name)} has no weight ${end.slice(1)}.`);
}

function sizeOf(weights: KerasWeight[], end: string, path: string): number {
  return find(weights, end, path).values.length;
}

function layer(name: string, className: string, config: Record<string, unknown>): KerasLayer {
  return { name, className, config, inputs: [], weights: [] };
}

function chain(samples: number, layers: KerasLayer[]): KerasGraph {
  const input = layer('input', 'InputLayer', { batch_input_shape: [null, 1, samples] });
  const all = [input, ...layers];
  const chained = all.map((one, at) => (at === 0 ? one : { ...one, inputs: [all[at - 1].name] }));
  return { layers: chained, output: all.at(-1)!.name };
}
