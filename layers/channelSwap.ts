/** Channels in random order as a layer: at work in training only. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger } from './dsp/checks.ts';
import { randomNumbers, type RandomNumbers } from './dsp/randomNumbers.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface ChannelSwapArgs extends LayerArgs {
  /** Of the orders, a 32-bit integer. Default 1. */
  seed?: number;
  /** Channels last or second. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/** What a caller may pass to `apply` beside the input. */
interface ChannelSwapKwargs {
  training?: boolean;
  /** Names the draw: the same seed and step give the same orders. Default: the number of calls before. */
  step?: number;
}

/**
 * In training, puts the channels of each clip in an order of its own, drawn evenly from all orders, the old one included.
 * Otherwise the input passes.
 *
 * Input and output: waveform `[batch, samples, channels]` or map `[batch, frames, bins, channels]`, or channels second.
 * Kapre 0.4's layer of this name draws one order for the whole batch, and the same again wherever its graph is traced.
 *
 * @throws RangeError if an option is out of range, or the input has neither three nor four axes.
 * @example new ChannelSwap({ seed: 7 }).apply(stereo, { training: true })
 */
export class ChannelSwap extends tf.layers.Layer {
  static className = 'ChannelSwap';
  private readonly options: Required<Omit<ChannelSwapArgs, keyof LayerArgs>>;
  private calls = 0;

  constructor({ seed = 1, dataFormat = 'channelsLast', ...layerArgs }: ChannelSwapArgs = {}) {
    super(layerArgs);
    requireInteger('ChannelSwap: seed', seed, -(2 ** 31));
    requireDataFormat('ChannelSwap: dataFormat', dataFormat);
    this.options = { seed, dataFormat };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    if (shape.length !== 3 && shape.length !== 4) {
      throw new RangeError(
        `ChannelSwap needs [batch, samples, channels] or [batch, frames, bins, channels]; got [${shape.join(', ')}].`,
      );
    }
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: ChannelSwapKwargs = {}): tf.Tensor {
    const x = only(inputs);
    if (kwargs.training !== true) return x;
    return tf.tidy(() => {
      const channelAxis = this.options.dataFormat === 'channelsLast' ? x.rank - 1 : 1;
      const random = randomNumbers(this.options.seed, kwargs.step ?? this.calls++);
      const orders = Array.from({ length: x.shape[0] }, () => shuffled(x.shape[channelAxis], random));
      return orderChannels(x, channelAxis, orders);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(ChannelSwap, 'sonotag');

/** 0 … n - 1 in random order (Fisher & Yates). */
function shuffled(n: number, random: RandomNumbers): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Channel `orders[clip][i]` of each clip in place i. Its gradient puts them back: one gather, as every engine has. */
function orderChannels(x: tf.Tensor, channelAxis: number, orders: number[][]): tf.Tensor {
  const back = orders.map((order) => order.map((_, channel) => order.indexOf(channel)));
  const op = tf.customGrad((from) => ({
    value: gatherChannels(from as tf.Tensor, channelAxis, orders),
    gradFunc: (dy: tf.Tensor) => gatherChannels(dy, channelAxis, back),
  }));
  return op(x);
}

function gatherChannels(x: tf.Tensor, channelAxis: number, orders: number[][]): tf.Tensor {
  const batch = x.shape[0];
  const channels = x.shape[channelAxis];
  const others = x.size / (batch * channels);
  const rows = orders.flatMap((order, clip) => order.map((channel) => clip * channels + channel));
  const last = channelAxis > 1;
  const channelsSecond = last ? tf.transpose(tf.reshape(x, [batch, others, channels]), [0, 2, 1]) : x;
  const gathered = tf.gather(
    tf.reshape(channelsSecond, [batch * channels, others]),
    tf.tensor1d(rows, 'int32'),
  );
  if (!last) return tf.reshape(gathered, x.shape);
  return tf.reshape(tf.transpose(tf.reshape(gathered, [batch, channels, others]), [0, 2, 1]), x.shape);
}
