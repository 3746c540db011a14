/** Harmonic and percussive parts of a spectrogram as a layer. */
import * as tf from '@tensorflow/tfjs';
import {
  fromChannelsFirst,
  only,
  onlyShape,
  requireDataFormat,
  toChannelsFirst,
  type DataFormat,
} from './dataFormat.ts';
import { requireInteger, requireOneOf, requirePositive } from './dsp/checks.ts';
import { slidingMedian } from './kernels/slidingMedian/index.ts';
import type { LayerArgs } from './layerArgs.ts';
import { withoutGradient } from './withoutGradient.ts';

const components = ['harmonic', 'percussive', 'both'] as const;

export interface HarmonicPercussiveArgs extends LayerArgs {
  /** Which part comes out; `'both'` gives the harmonic channels, then the percussive ones. Default `'both'`. */
  component?: (typeof components)[number];
  /** Frames of the median along time, odd. Default 31. */
  harmonicKernel?: number;
  /** Bins of the median along frequency, odd. Default 31. */
  percussiveKernel?: number;
  /** How many times the percussive median must be exceeded by the harmonic one, >= 1. Default 1. */
  harmonicMargin?: number;
  /** The other way round, >= 1. Default 1. */
  percussiveMargin?: number;
  /** Exponent of the soft mask, > 0; `'hard'` for a mask of zeros and ones. Default 2. */
  power?: number | 'hard';
  /** Give the masks instead of the masked spectrogram. Default false. */
  mask?: boolean;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Splits a spectrogram into what lasts in time and what spreads in frequency, by medians along either axis (Fitzgerald
 * 2010, "Harmonic/percussive separation using median filtering"; margins: Driedger et al. 2014).
 *
 * Input: magnitudes `[batch, frames, bins, channels]`, >= 0. Output: same shape, with `'both'` twice the channels. The
 * edges are mirrored. The masks count as constants for the gradient, so it is finite everywhere; `mask: true` has none.
 *
 * Same numbers as librosa 0.11 `decompose.hpss`.
 *
 * @throws RangeError if an option is out of range, or an axis is shorter than half of its median.
 * @example new HarmonicPercussive({ component: 'harmonic' }).apply(new Spectrogram({ power: 1 }).apply(waveform))
 */
export class HarmonicPercussive extends tf.layers.Layer {
  static className = 'HarmonicPercussive';
  private readonly options: Required<Omit<HarmonicPercussiveArgs, keyof LayerArgs>>;

  constructor(args: HarmonicPercussiveArgs = {}) {
    const {
      component = 'both',
      harmonicKernel = 31,
      percussiveKernel = 31,
      harmonicMargin = 1,
      percussiveMargin = 1,
      power = 2,
      mask = false,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireOneOf('HarmonicPercussive: component', component, components);
    requireOdd('HarmonicPercussive: harmonicKernel', harmonicKernel, 'frames');
    requireOdd('HarmonicPercussive: percussiveKernel', percussiveKernel, 'bins');
    requireMargin('HarmonicPercussive: harmonicMargin', harmonicMargin);
    requireMargin('HarmonicPercussive: percussiveMargin', percussiveMargin);
    if (power !== 'hard') requirePositive("HarmonicPercussive: power, unless 'hard',", power);
    requireDataFormat('HarmonicPercussive: dataFormat', dataFormat);
    this.options = { component, harmonicKernel, percussiveKernel, harmonicMargin, percussiveMargin, power, mask, dataFormat }; // prettier-ignore
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { component, dataFormat } = this.options;
    const channels = dataFormat === 'channelsLast' ? 3 : 1;
    return onlyShape(inputShape).map((size, axis) =>
      axis === channels && component === 'both' && size !== null ? 2 * size : size,
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { component, mask, dataFormat } = this.options;
      const x = toChannelsFirst(only(inputs) as tf.Tensor4D, dataFormat);
      if (x.size === 0) return tf.zeros(this.computeOutputShape(only(inputs).shape) as number[]);
      const masks = withoutGradient(x, (spectrogram) => this.masks(spectrogram as tf.Tensor4D));
      if (mask) return fromChannelsFirst(masks, dataFormat);
      const source = component === 'both' ? tf.concat([x, x], 1) : x;
      return fromChannelsFirst(tf.mul(source, masks), dataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  /** `[clips, channels, frames, bins]` to the masks of the wanted parts, one behind the other along the channels. */
  private masks(x: tf.Tensor4D): tf.Tensor4D {
    const { component, harmonicKernel, percussiveKernel, harmonicMargin, percussiveMargin, power } =
      this.options;
    const harmonic = medianAlong(x, 2, harmonicKernel);
    const percussive = medianAlong(x, 3, percussiveKernel);
    const shares = harmonicMargin === 1 && percussiveMargin === 1 ? 0.5 : 0; // where neither has energy
    const masks = {
      harmonic: () => softMask(harmonic, tf.mul(percussive, harmonicMargin), power, shares),
      percussive: () => softMask(percussive, tf.mul(harmonic, percussiveMargin), power, shares),
    };
    return component === 'both' ? tf.concat([masks.harmonic(), masks.percussive()], 1) : masks[component]();
  }
}
tf.serialization.registerClass(HarmonicPercussive, 'sonotag');

/** Median over `size` neighbours along an axis, the edges mirrored with the edge itself (SciPy's 'reflect'). */
function medianAlong(x: tf.Tensor4D, axis: 2 | 3, size: number): tf.Tensor4D {
  const length = x.shape[axis];
  const reach = (size - 1) / 2;
  if (reach > length) {
    throw new RangeError(
      `HarmonicPercussive: a median of ${size} needs at least ${reach} ${axis === 2 ? 'frames' : 'bins'}; ` +
        `got ${length}. Lower ${axis === 2 ? 'harmonicKernel' : 'percussiveKernel'}.`,
    );
  }
  const part = (of: tf.Tensor, first: number, count: number) =>
    tf.slice(
      of,
      of.shape.map((_, at) => (at === axis ? first : 0)),
      of.shape.map((whole, at) => (at === axis ? count : whole)),
    );
  const mirrored =
    reach === 0
      ? x
      : tf.concat(
          [tf.reverse(part(x, 0, reach), axis), x, tf.reverse(part(x, length - reach, reach), axis)],
          axis,
        );
  return slidingMedian(mirrored, axis, size) as tf.Tensor4D;
}

/** `x^power / (x^power + reference^power)` (librosa's `util.softmask`). */
function softMask(x: tf.Tensor4D, reference: tf.Tensor, power: number | 'hard', shares: number): tf.Tensor4D {
  if (power === 'hard') return tf.cast(tf.greater(x, reference), 'float32');
  const larger = tf.maximum(x, reference);
  const nothing = tf.less(larger, 2 ** -126);
  const scale = tf.where(nothing, tf.onesLike(larger), larger);
  const share = tf.pow(tf.div(x, scale), power);
  const other = tf.pow(tf.div(reference, scale), power);
  const sum = tf.where(nothing, tf.onesLike(larger), tf.add(share, other));
  return tf.where(nothing, tf.fill(x.shape, shares), tf.div(share, sum)) as tf.Tensor4D;
}

function requireOdd(what: string, value: number, unit: string): void {
  requireInteger(what, value, 1, unit);
  if (value % 2 === 0) throw new RangeError(`${what} must be odd; got ${value}. Use ${value + 1}.`);
}

function requireMargin(what: string, value: number): void {
  if (!(value >= 1 && Number.isFinite(value))) throw new RangeError(`${what} must be >= 1; got ${value}.`);
}
