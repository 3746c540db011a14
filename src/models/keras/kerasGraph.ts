/** The layers of a Keras model in the order of computation, whatever form the file gives them in. */
import { InputError } from '../../errors.ts';
import type { KerasWeight } from './checkedHdf5.ts';
import type { KerasFile, KerasWeights } from './kerasFile.ts';

export interface KerasLayer {
  /** As in the file; a layer of an inner model has the outer one's name before a slash. */
  name: string;
  className: string;
  config: Readonly<Record<string, unknown>>;
  /** Names of the layers whose outputs it takes. */
  inputs: string[];
  /** In Keras 2's order. */
  weights: KerasWeight[];
}

export interface KerasGraph {
  /** Each after those it needs; the first is the input, of class InputLayer. */
  layers: KerasLayer[];
  /** Name of the layer that gives the model's output. */
  output: string;
}

type Json = Readonly<Record<string, unknown>>;

const maxLayers = 10_000;
const maxDepth = 16;

/**
 * Sequential and functional models, inner models unfolded.
 *
 * @throws InputError if the description is damaged, the model has several inputs or outputs, or uses a layer twice.
 */
export function readGraph({ config, ...weights }: KerasFile, path: string): KerasGraph {
  const model = unfold(asObject(config, path), '', path, 0, weights);
  if (!model.layers.some(({ className }) => className === 'InputLayer')) addInput(model, path);
  return { layers: inOrder(model, path), output: model.output };
}

/** A layer as its model's description has it. */
export interface LayerDescription {
  name: string;
  className: string;
  isModel: boolean;
  config: Json;
  description: Json;
}

/**
 * A model's own layers, in the description's order.
 *
 * @param depth of models around the model
 * @throws InputError if it is no description of a model, or too large.
 */
export function listLayers(model: unknown, path: string, depth: number): LayerDescription[] {
  if (depth > maxDepth) throw damaged(path, 'models are nested too deeply');
  const { config } = asObject(model, path);
  const list = Array.isArray(config) ? config : asObject(config, path).layers;
  if (!Array.isArray(list) || list.length === 0) throw damaged(path, 'a model without layers');
  if (list.length > maxLayers) throw damaged(path, `${list.length} layers are too many`);
  return (list as unknown[]).map((item) => {
    const description = asObject(item, path);
    const settings = asObject(description.config, path);
    const name = typeof description.name === 'string' ? description.name : settings.name;
    if (typeof name !== 'string') throw damaged(path, 'a layer without a name');
    const className = classOf(description);
    return { name, className, isModel: models.has(className), config: settings, description };
  });
}

const models = new Set(['Sequential', 'Model', 'Functional']);

interface Unfolded {
  layers: KerasLayer[];
  /** Name of the input: a layer of its own, or of the one that takes it in. */
  input: string;
  output: string;
}

/** @param prefix of names, `''` or the outer model's name and a slash */
function unfold(model: Json, prefix: string, path: string, depth: number, weights: KerasWeights): Unfolded {
  const kind = classOf(model);
  const layers: KerasLayer[] = [];
  /** What stands for a layer's output: another name for inner models. */
  const outputs = new Map<string, string>();
  let before: string | undefined;
  for (const { name: own, className, isModel, config, description } of listLayers(model, path, depth)) {
    const inputs =
      kind === 'Sequential' ? (before === undefined ? [] : [before]) : readInbound(description, path);
    const name = `${prefix}${own}`;
    if (outputs.has(own)) throw damaged(path, `two layers are named ${name}`);
    const inputNames = inputs.map((input) => outputs.get(input) ?? `${prefix}${input}`);
    const stored = weights.layers.get(own) ?? [];
    if (isModel) {
      const ofInner = weights.models?.get(own) ?? { layers: ofInnerLayers(stored) };
      const inner = unfold(description, `${name}/`, path, depth + 1, ofInner);
      layers.push(...joined(inner, inputNames, path));
      outputs.set(own, inner.output);
    } else {
      layers.push({ name, className, config, inputs: inputNames, weights: stored });
      outputs.set(own, name);
    }
    before = own;
  }
  if (kind === 'Sequential') {
    return { layers, input: layers[0].name, output: outputs.get(before!)! };
  }
  const { input_layers: inputLayers, output_layers: outputLayers } = asObject(model.config, path);
  const [input, output] = [only(inputLayers, 'input', path), only(outputLayers, 'output', path)];
  return { layers, input: `${prefix}${input}`, output: outputs.get(output) ?? `${prefix}${output}` };
}

/** An inner model's layers with its input replaced by what the outer one feeds it. */
function joined(inner: Unfolded, inputs: string[], path: string): KerasLayer[] {
  const [entry] = inner.layers.filter(({ name }) => name === inner.input);
  if (entry === undefined) throw damaged(path, 'an inner model without an input');
  if (inputs.length === 0) return inner.layers; // it takes the input of the whole model
  if (inputs.length > 1) throw damaged(path, 'an inner model with several inputs');
  if (entry.className !== 'InputLayer') {
    return inner.layers.map((layer) => (layer === entry ? { ...layer, inputs } : layer));
  }
  return inner.layers
    .filter((layer) => layer !== entry)
    .map((layer) => ({
      ...layer,
      inputs: layer.inputs.map((name) => (name === entry.name ? inputs[0] : name)),
    }));
}

/** Weights saved under an inner model's name, by its layers: `conv2d_1/kernel:0` belongs to `conv2d_1`. */
function ofInnerLayers(weights: KerasWeight[]): Map<string, KerasWeight[]> {
  const layers = new Map<string, KerasWeight[]>();
  for (const weight of weights) {
    const owners = weight.name.split('/').slice(0, -1);
    for (const owner of new Set(owners)) layers.set(owner, [...(layers.get(owner) ?? []), weight]);
  }
  return layers;
}

/** Older Sequential models have no layer for their input; its shape stands with the first one. */
function addInput(model: Unfolded, path: string): void {
  const first = model.layers.find(({ name }) => name === model.input);
  const shape = first?.config.batch_input_shape;
  if (first === undefined || shape === undefined)
    throw damaged(path, 'the shape of the input is not in the file');
  const input = { name: 'input', className: 'InputLayer', config: { batch_input_shape: shape } };
  model.layers.unshift({ ...input, inputs: [], weights: [] });
  model.layers[model.layers.indexOf(first)] = { ...first, inputs: ['input'] };
}

function inOrder({ layers, output }: Unfolded, path: string): KerasLayer[] {
  const inputs = layers.filter(({ className }) => className === 'InputLayer');
  if (inputs.length !== 1) throw damaged(path, `needed is one input, the model has ${inputs.length}`);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const ordered = new Set<KerasLayer>();
  // depth first, by hand: a long chain must not overflow the stack
  const stack: { name: string; entered: boolean }[] = [{ name: output, entered: false }];
  const open = new Set<string>();
  while (stack.length > 0) {
    const { name, entered } = stack.pop()!;
    const layer = byName.get(name);
    if (layer === undefined) throw damaged(path, `there is no layer ${name}, which another one needs`);
    if (entered) {
      open.delete(name);
      ordered.add(layer);
    } else if (!ordered.has(layer)) {
      if (open.has(name)) throw damaged(path, `layer ${name} needs its own output`);
      if (layer.inputs.length === 0 && layer.className !== 'InputLayer') {
        throw damaged(path, `layer ${name} has no input`);
      }
      open.add(name);
      stack.push({ name, entered: true });
      for (const input of layer.inputs) stack.push({ name: input, entered: false });
    }
  }
  return [...ordered];
}

/** Names of the layers that a layer of a functional model takes, in the forms of Keras 2 and 3. */
function readInbound(layer: Json, path: string): string[] {
  const nodes = layer.inbound_nodes ?? [];
  if (!Array.isArray(nodes) || nodes.length > 1) {
    throw damaged(path, `layer ${String(layer.name)} is used more than once, which cannot be imported`);
  }
  if (nodes.length === 0) return [];
  const node = nodes[0] as unknown;
  const names = Array.isArray(node)
    ? node.map((tensor) => (Array.isArray(tensor) ? (tensor as unknown[])[0] : undefined))
    : historiesOf((node as Json | null)?.args, 0);
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw damaged(path, `the inputs of layer ${String(layer.name)} are not described`);
  }
  return names;
}

/** Keras 3: tensors as `{ class_name: '__keras_tensor__', config: { keras_history: [layer, 0, 0] } }`, in lists. */
function historiesOf(value: unknown, depth: number): unknown[] {
  if (Array.isArray(value)) return depth > 4 ? [] : value.flatMap((item) => historiesOf(item, depth + 1));
  const history = ((value as Json | null)?.config as Json | undefined)?.keras_history;
  return Array.isArray(history) ? [history[0]] : [];
}

/** `[["name", 0, 0]]` or, as Keras 3 has it, `["name", 0, 0]`. */
function only(list: unknown, what: string, path: string): string {
  const entries = Array.isArray(list) ? (list as unknown[]) : [];
  const names = typeof entries[0] === 'string' ? [entries] : entries;
  const name = names.length === 1 && Array.isArray(names[0]) ? (names[0] as unknown[])[0] : undefined;
  if (typeof name === 'string') return name;
  throw damaged(path, `needed is one ${what}, the model has ${names.length}`);
}

/** Operations of Keras 3 that its layers of that name do too. */
const operations = new Set(['Add', 'Multiply', 'Maximum', 'Minimum']);

/**
 * The class's name alone where it is one of Keras or Kapre (`Kapre>STFT` is `STFT`); with its package or module where it
 * is somebody's own, which may have the name of one of Keras, or an operation.
 */
function classOf({ class_name, registered_name, module }: Json): string {
  const [className, registered] = [
    String(class_name),
    typeof registered_name === 'string' ? registered_name : '',
  ];
  const full = className.includes('>') ? className : registered;
  const name = className.split('>').at(-1)!;
  if (full.startsWith('Kapre>')) return name;
  if (full.includes('>')) return full;
  if (typeof module !== 'string') return name;
  if (/^keras\.(src\.)?ops\b/.test(module)) return operations.has(name) ? name : `${module}.${name}`;
  return /^(keras|tf_keras|tensorflow|kapre)(\.|$)/.test(module) ? name : `${module}.${name}`;
}

function asObject(value: unknown, path: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damaged(path, 'its description lacks what describes a model');
  }
  return value as Json;
}

function damaged(path: string, reason: string): InputError {
  return new InputError(
    `${path}: not a model that can be imported: ${reason}. Needed is a Sequential or functional model of ` +
      'one input and one output, saved by Keras.',
  );
}
