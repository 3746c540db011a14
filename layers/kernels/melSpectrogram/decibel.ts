/** Power to decibels by stock ops, and its gradient. */
import * as tf from '@tensorflow/tfjs';
import type { DecibelShape } from './shape.ts';

const decibelsPerNeper = 10 / Math.LN10;

/** `10 * log10(power / ref)`, floored `topDb` below the peak of each clip, which is what the first axis counts. */
export function toDecibel(power: tf.Tensor, { ref, amin, topDb }: DecibelShape): tf.Tensor {
  return tf.tidy(() => {
    const perClip = clipAxes(power);
    let decibels: tf.Tensor = tf.mul(tf.log(tf.maximum(power, amin)), decibelsPerNeper);
    decibels =
      ref === 'max'
        ? tf.sub(decibels, tf.max(decibels, perClip, true))
        : tf.sub(decibels, 10 * Math.log10(Math.max(amin, ref)));
    if (topDb === null) return decibels;
    const floor = tf.sub(tf.max(decibels, perClip, true), topDb);
    // TF.js 4.22: maximum's gradient ignores broadcasting, so max(a, b) is written b + relu(a - b)
    return tf.add(floor, tf.relu(tf.sub(decibels, floor)));
  });
}

/** What {@link toDecibel} makes of `dy`, the gradient of its output: the gradient by `power`. */
export function decibelGradient(
  dy: tf.Tensor,
  power: tf.Tensor,
  { ref, amin, topDb }: DecibelShape,
): tf.Tensor {
  return tf.tidy(() => {
    const perClip = clipAxes(power);
    const sum = (values: tf.Tensor) => tf.sum(values, perClip, true);
    const bounded = tf.maximum(power, amin);
    const decibels = tf.mul(tf.log(bounded), decibelsPerNeper); // the reference shifts all alike
    const peak = tf.max(decibels, perClip, true);
    // TF.js 4.22: comparisons that broadcast take a hundred times as long on `wasm` as differences do
    const below = tf.sub(decibels, peak);
    const isPeak = tf.cast(tf.equal(below, 0), 'float32');
    let slope: tf.Tensor = dy;
    if (topDb !== null) {
      const above = tf.step(tf.add(below, topDb));
      const kept = tf.mul(dy, above);
      slope = tf.add(kept, tf.mul(isPeak, tf.sub(sum(dy), sum(kept)))); // the floor moves with the peak
    }
    if (ref === 'max') slope = tf.sub(slope, tf.mul(isPeak, sum(slope)));
    const passes = tf.cast(tf.greaterEqual(power, amin), 'float32');
    return tf.mul(tf.div(tf.mul(slope, decibelsPerNeper), bounded), passes);
  });
}

function clipAxes({ shape }: tf.Tensor): number[] {
  return shape.map((_, axis) => axis).slice(1);
}
