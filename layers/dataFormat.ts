/** Where the channel axis stands, and the moves between the two conventions. */
import * as tf from '@tensorflow/tfjs';
import { requireOneOf } from './dsp/checks.ts';

export const dataFormats = ['channelsLast', 'channelsFirst'] as const;
export type DataFormat = (typeof dataFormats)[number];

/** @throws RangeError if `value` is not a data format. */
export function requireDataFormat(what: string, value: unknown): void {
  requireOneOf(what, value, dataFormats);
}

/** Whatever a layer's `call` or `computeOutputShape` was given, as the one tensor or shape that it expects. */
export function only<T>(inputs: T | T[]): T {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}

/** The same for shapes, which are arrays themselves. */
export function onlyShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shape[0]) ? (shape[0] as tf.Shape) : (shape as tf.Shape);
}

/** A map `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]` as `[batch, channels, frames, bins]`. */
export function toChannelsFirst(x: tf.Tensor4D, from: DataFormat): tf.Tensor4D {
  return moveChannels(x, from === 'channelsFirst', 3, [0, 3, 1, 2]);
}

/** `[batch, channels, frames, bins]` in the wanted format. */
export function fromChannelsFirst(x: tf.Tensor4D, to: DataFormat): tf.Tensor4D {
  return moveChannels(x, to === 'channelsFirst', 1, [0, 2, 3, 1]);
}

/** One channel moves by a reshape, which is free; more need a transpose. */
function moveChannels(x: tf.Tensor4D, stays: boolean, channelAxis: number, order: number[]): tf.Tensor4D {
  if (stays) return x;
  if (x.shape[channelAxis] > 1) return tf.transpose(x, order);
  return tf.reshape(x, order.map((axis) => x.shape[axis]) as [number, number, number, number]);
}
