/** Regularizers and constraints of TF.js as options of a layer: given as an object, saved as what describes it. */
import * as tf from '@tensorflow/tfjs';

export type Regularizer = ReturnType<typeof tf.regularizers.l1l2>;
export type Constraint = ReturnType<typeof tf.constraints.maxNorm>;

/** Class name and options, as `getConfig` gives and a saved model holds them. */
export interface Description {
  className: string;
  config: tf.serialization.ConfigDict;
}

/** As a layer's configuration keeps it. */
export function describeObject(object: Regularizer | Constraint | null): Description | null {
  return object && { className: object.getClassName(), config: object.getConfig() };
}

/**
 * The object itself, or a new one of the class and options that are described.
 *
 * @throws RangeError if it is neither.
 */
export function objectOf<T extends Regularizer | Constraint>(
  what: string,
  given: T | Description | null,
): T | null {
  if (given === null) return null;
  if (typeof (given as T).apply === 'function') return given as T;
  const { className, config } = given as Description;
  const found = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (found === undefined) {
    throw new RangeError(
      `${what} must be of tf.regularizers or tf.constraints, or { className, config } of one, or null; ` +
        `got ${JSON.stringify(given)}. Pass e.g. tf.regularizers.l2({ l2: 1e-4 }).`,
    );
  }
  const [Class, fromConfig] = found;
  return fromConfig(Class, config) as T;
}
