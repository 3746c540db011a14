import type * as tf from '@tensorflow/tfjs';

/** Of every layer, and none of its parameters. */
const ofEveryLayer = ['name', 'trainable', 'dtype', 'batchInputShape'];
/** A list longer than this is cut. */
const mostItems = 8;

/**
 * A layer with all its parameters, as code.
 *
 * @example describeParameters(new PowerToDecibel()) // 'PowerToDecibel({ ref: 1, amin: 1e-10, topDb: 80 })'
 */
export function describeParameters(layer: tf.layers.Layer): string {
  const parameters = Object.entries(layer.getConfig())
    .filter(([name]) => !ofEveryLayer.includes(name))
    .map(([name, value]) => `${name}: ${describeValue(value)}`);
  return `${layer.getClassName()}(${parameters.length === 0 ? '' : `{ ${parameters.join(', ')} }`})`;
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map(describeValue);
    return `[${items.join(', ')}${value.length > mostItems ? `, … ${value.length} in all` : ''}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => `${name}: ${describeValue(each)}`);
    return `{ ${entries.join(', ')} }`;
  }
  return String(value);
}
