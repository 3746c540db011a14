/** What the test of every layer knows of one of them. */
import type * as tf from '@tensorflow/tfjs';
import type { DataFormat } from '../../../layers/index.ts';
import type { GradientTolerance } from '../../support/expectGradient.ts';

export interface LayerCase {
  /** What the options are about; the class's name goes before it. */
  about: string;
  /** The layer, its options off their defaults; it may leave the format aside where `formats` is false. */
  create: (dataFormat: DataFormat) => tf.layers.Layer;
  /** Of a batch of two clips, time second, channels last: `[2, samples, channels]` and the like. */
  shape: number[];
  /** What the input may hold, lowest and highest. Default −1 … 1. */
  range?: [low: number, high: number];
  /** False where the class knows no data format. Default true. */
  formats?: boolean;
  /** False where a channel's output depends on the others, or on its position. Default true. */
  channelsApart?: boolean;
  /** False where clips do depend on each other, by an option that says so. Default true. */
  batchInvariant?: boolean;
  /** False where the output comes in steps; otherwise how gradients are compared with differences. Default {}. */
  gradient?: GradientTolerance | false;
  /** Whether it is tried as in training too, where it changes its input at random. Default false. */
  augments?: boolean;
}

/** One format for input and output. */
export const bothFormats = (format: DataFormat) =>
  ({ inputDataFormat: format, outputDataFormat: format }) as const;
