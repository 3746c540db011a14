import type * as tf from '@tensorflow/tfjs';

/** What every TF.js layer takes: `name`, `inputShape`, `trainable` … */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;
