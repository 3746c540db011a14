/** What layers share that change a clip at random, in training only. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from './dataFormat.ts';
import { requireInteger } from './dsp/checks.ts';
import { randomNumbers, type RandomNumbers } from './dsp/randomNumbers.ts';
import type { LayerArgs } from './layerArgs.ts';

/** Lowest and highest value of a draw, in that order; the same twice fixes it. */
export type Range = readonly [low: number, high: number];

export interface AugmentationArgs extends LayerArgs {
  /** Of the draws, a 32-bit integer. Layers of one model should have seeds of their own. Default 1. */
  seed?: number;
}

/** What a caller may pass to `apply` beside the input. */
export interface AugmentationKwargs {
  training?: boolean;
  /** Names the draw: the same seed and step give the same. Default: the number of calls before. */
  step?: number;
}

/** Outside training the input passes; in training each clip is changed by draws of its own. The shape stays. */
export abstract class Augmentation extends tf.layers.Layer {
  protected readonly seed: number;
  private calls = 0;

  constructor({ seed = 1, ...layerArgs }: AugmentationArgs) {
    super(layerArgs);
    requireInteger(`${this.getClassName()}: seed`, seed, -(2 ** 31));
    this.seed = seed;
  }

  /** The input changed, inside a tidy. */
  protected abstract augment(x: tf.Tensor, random: RandomNumbers): tf.Tensor;

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: AugmentationKwargs = {}): tf.Tensor {
    const x = only(inputs);
    if (kwargs.training !== true) return x;
    return tf.tidy(() => this.augment(x, randomNumbers(this.seed, kwargs.step ?? this.calls++)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }
}

/** One draw of each clip, in a shape that broadcasts over a batch `[clips, …]` like `x`. */
export function drawPerClip(x: tf.Tensor, draw: () => number): tf.Tensor {
  const clips = x.shape[0];
  return tf.tensor(
    Array.from({ length: clips }, draw),
    x.shape.map((_, axis) => (axis === 0 ? clips : 1)),
  );
}

/** @throws RangeError if `range` is not two finite numbers, the lower one first and at least `lowest`. */
export function requireRange(what: string, range: Range, unit: string, lowest = -Infinity): void {
  const [low, high] = range;
  if (!(
    range.length === 2 &&
    Number.isFinite(low) &&
    Number.isFinite(high) &&
    lowest <= low &&
    low <= high
  )) {
    const bound = lowest === -Infinity ? '' : ` >= ${lowest}`;
    throw new RangeError(
      `${what} must be [low, high], low <= high, in ${unit}${bound}; got [${[...range].join(', ')}].`,
    );
  }
}
