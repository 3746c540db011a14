/** Stages of a convnet in a Keras model: what our fused block computes, and where features are taken. */
import type { KerasGraph, KerasLayer } from './kerasGraph.ts';

/** convolution ▸ batch norm ▸ activation ▸ max-pool, each taking the one before alone. */
export interface Block {
  conv: KerasLayer;
  norm: KerasLayer;
  activation: KerasLayer;
  pool: KerasLayer;
  /** Names of all but the pool. */
  inside: string[];
}

/** Blocks by the name of their pool. */
export function findBlocks({ layers, output }: KerasGraph): Map<string, Block> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const users = new Map<string, number>();
  for (const { inputs } of layers) for (const name of inputs) users.set(name, (users.get(name) ?? 0) + 1);
  /** The one layer before, if nothing else uses it. */
  const before = ({ inputs }: KerasLayer) => {
    const [name] = inputs;
    return inputs.length === 1 && users.get(name) === 1 && name !== output ? byName.get(name) : undefined;
  };
  const blocks = new Map<string, Block>();
  for (const pool of layers) {
    const activation = isPlainPool(pool) ? before(pool) : undefined;
    const norm = activation && isMonotone(activation) ? before(activation) : undefined;
    const conv = norm?.className === 'BatchNormalization' ? before(norm) : undefined;
    if (conv === undefined || !isPlainConvolution(conv) || !isOfChannels(norm!, conv)) continue;
    const inside = [conv.name, norm!.name, activation!.name];
    blocks.set(pool.name, { conv, norm: norm!, activation: activation!, pool, inside });
  }
  return blocks;
}

const convolutions = new Set([
  'Conv1D',
  'Conv2D',
  'DepthwiseConv1D',
  'DepthwiseConv2D',
  'SeparableConv1D',
  'SeparableConv2D',
]);
const pools = new Set(['MaxPooling1D', 'MaxPooling2D', 'AveragePooling1D', 'AveragePooling2D']);

/** Names for the layers that features are taken from: each pool behind a convolution, of images or along time. */
export function nameFeatureLayers({ layers }: KerasGraph): Map<string, string> {
  const convolved = new Set<string>();
  const names = new Map<string, string>();
  for (const { name, className, inputs } of layers) {
    if (convolutions.has(className) || inputs.some((input) => convolved.has(input))) convolved.add(name);
    if (pools.has(className) && convolved.has(name)) names.set(name, `block${names.size}`);
  }
  return names;
}

function isPlainPool({ className, config }: KerasLayer): boolean {
  const pool = config.pool_size ?? 2;
  const strides = config.strides ?? pool;
  return (
    className === 'MaxPooling2D' && (config.padding ?? 'valid') === 'valid' && pair(pool) === pair(strides)
  );
}

function isMonotone({ className, config }: KerasLayer): boolean {
  if (className === 'ELU') return (config.alpha ?? 1) === 1;
  if (className === 'ReLU') {
    return config.max_value == null && (config.negative_slope ?? 0) === 0 && (config.threshold ?? 0) === 0;
  }
  return className === 'Activation' && ['elu', 'relu', 'linear'].includes(config.activation as string);
}

function isPlainConvolution({ className, config }: KerasLayer): boolean {
  const isOdd = pair(config.kernel_size).split(',').every((size) => Number(size) % 2 === 1); // prettier-ignore
  return (
    className === 'Conv2D' &&
    config.padding === 'same' &&
    (config.activation ?? 'linear') === 'linear' &&
    (config.groups ?? 1) === 1 &&
    pair(config.strides ?? 1) === '1,1' &&
    pair(config.dilation_rate ?? 1) === '1,1' &&
    isOdd
  );
}

function isOfChannels({ config }: KerasLayer, conv: KerasLayer): boolean {
  const axis: unknown = Array.isArray(config.axis) ? (config.axis as unknown[])[0] : (config.axis ?? -1);
  return conv.config.data_format === 'channels_first' ? axis === 1 || axis === -3 : axis === 3 || axis === -1;
}

function pair(value: unknown): string {
  const [first, second = first] = Array.isArray(value) ? (value as unknown[]) : [value];
  return `${String(first)},${String(second)}`;
}
