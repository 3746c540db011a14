/** Weights of `.keras` archives: where Keras puts each layer's follows from the description, not from its name. */
import { Group } from 'h5wasm/node';
import { InputError } from '../../errors.ts';
import { member, readWeight, saveAgain, type KerasWeight, type Reading } from './checkedHdf5.ts';
import type { KerasWeights } from './kerasFile.ts';
import { listLayers, type LayerDescription } from './kerasGraph.ts';

/**
 * Weights of a model's layers and of the models inside it.
 *
 * Seen in files of Keras 3.13.2 and tf_keras 2.20.1: a model's group has a group `layers`, where a layer lies under its
 * class's name in snake case, `dense`, and the second of the class under `dense_1`, in the order of the description,
 * whatever the layers' own names. Its variables are `vars/0`, `vars/1`, …; what it wraps has a group inside. Keras
 * 2.12.0 and 2.13.1 call the group `_layer_checkpoint_dependencies` and count layers that have weights twice.
 *
 * @param model description, with `class_name` and `config`
 * @throws InputError if the group `layers` is missing, or a weight is none.
 */
export function readArchivedWeights(root: Group, model: unknown, reading: Reading): KerasWeights {
  if (layersOf(root, reading) === undefined) {
    throw new InputError(`${reading.path} was not written by Keras: it has no group layers. ${saveAgain}`);
  }
  return readModel(root, model, reading, 0);
}

function readModel(group: Group | undefined, model: unknown, reading: Reading, depth: number): KerasWeights {
  const layers = new Map<string, KerasWeight[]>();
  const models = new Map<string, KerasWeights>();
  const holder = group && layersOf(group, reading);
  const used = new Map<string, number>();
  for (const layer of listLayers(model, reading.path, depth)) {
    const snake = toSnakeCase(layer.className);
    const count = used.get(snake) ?? 0;
    const own = groupIn(holder, count === 0 ? snake : `${snake}_${count}`, reading);
    const before = reading.weights;
    if (layer.isModel) models.set(layer.name, readModel(own, layer.description, reading, depth + 1));
    else layers.set(layer.name, own === undefined ? [] : readLayer(own, layer, reading));
    const isTwice = holder?.path.endsWith(old) && reading.weights > before;
    used.set(snake, count + (isTwice ? 2 : 1));
  }
  return { layers, models };
}

const old = '_layer_checkpoint_dependencies';

function layersOf(model: Group, reading: Reading): Group | undefined {
  return groupIn(model, 'layers', reading) ?? groupIn(model, old, reading);
}

const recurrent = new Set(['GRU', 'LSTM', 'SimpleRNN']);

/** In the order that Keras 2 gives them in. */
function readLayer(
  group: Group,
  { className, config }: Pick<LayerDescription, 'className' | 'config'>,
  reading: Reading,
): KerasWeight[] {
  if (recurrent.has(className)) return readVariables(group, 'cell/vars', reading);
  if (className === 'TimeDistributed') return readWrapped(group, 'layer', config.layer, reading);
  if (className !== 'Bidirectional') return readVariables(group, 'vars', reading);
  return [
    ...readWrapped(group, 'forward_layer', config.layer, reading),
    ...readWrapped(group, 'backward_layer', config.backward_layer ?? config.layer, reading),
  ];
}

function readWrapped(group: Group, name: string, layer: unknown, reading: Reading): KerasWeight[] {
  const inner = groupIn(group, name, reading);
  const { class_name: className, config } = (layer ?? {}) as { class_name?: unknown; config?: unknown };
  // a wrapper of nothing, or of another wrapper, is refused where the layer is imported
  if (inner === undefined || typeof className !== 'string' || typeof config !== 'object' || config === null) return []; // prettier-ignore
  if (className === 'Bidirectional' || className === 'TimeDistributed') return [];
  return readLayer(inner, { className, config: {} }, reading);
}

function readVariables(group: Group, path: string, reading: Reading): KerasWeight[] {
  const holder = groupIn(group, path, reading);
  if (holder === undefined) return [];
  const count = holder.keys().length;
  return Array.from({ length: count }, (_, at) => readWeight(holder, String(at), reading));
}

function groupIn(group: Group | undefined, path: string, reading: Reading): Group | undefined {
  const found = group && member(group, path, reading);
  return found instanceof Group ? found : undefined;
}

/** `SeparableConv1D` is `separable_conv1d`, `PReLU` is `p_re_lu`: words start at capitals that small letters follow. */
export function toSnakeCase(className: string): string {
  return className
    .replace(/\W/g, '')
    .replace(/(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase();
}
