/** Transposition as augmentation: a constant-Q map shifted along its bins, in training only. */
import * as tf from '@tensorflow/tfjs';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import type { LayerArgs } from './layerArgs.ts';

const rotationModes = ['pad', 'circular'] as const;

export interface RotateCQTArgs extends LayerArgs {
  /** Largest shift, steps up or down, >= 0. */
  maxShift: number;
  /** Bins in a step: `binsPerOctave / 12` where a step is to be a semitone. Default 1. */
  stepBins?: number;
  /** `'pad'` fills what becomes free with `padValue`; `'circular'` with what was pushed out. Default `'pad'`. */
  mode?: (typeof rotationModes)[number];
  /** In units of the input. Default 0. */
  padValue?: number;
  /** Of the shifts, a 32-bit integer. Default 1. */
  seed?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/** What a caller may pass to `apply` beside the input. */
interface RotateCQTKwargs {
  training?: boolean;
  /** Names the draw: the same seed and step give the same shifts. Default: the number of calls before. */
  step?: number;
}

/**
 * In training, shifts each clip by a number of steps drawn from −`maxShift` … `maxShift`, both included: a piece
 * transposed. Otherwise the input passes. A positive shift is upwards: what stood in bin b stands in bin
 * b + shift · stepBins.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second. Labels that name a pitch rotate with
 * `rotateChromaLabels`, by the shifts that `drawRotations` gives for the same seed and step. The distortion of Humphrey
 * & Bello 2012, "Rethinking automatic chord recognition with convolutional neural networks".
 *
 * @throws RangeError if an option is out of range, or the largest shift is not shorter than the axis of bins.
 * @example new RotateCQT({ maxShift: 6, stepBins: 3, seed: 7 }).apply(cqt, { training: true })
 */
export class RotateCQT extends tf.layers.Layer {
  static className = 'RotateCQT';
  private readonly options: Required<Omit<RotateCQTArgs, keyof LayerArgs>>;
  private calls = 0;

  constructor(args: RotateCQTArgs) {
    const {
      maxShift,
      stepBins = 1,
      mode = 'pad',
      padValue = 0,
      seed = 1,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireInteger('RotateCQT: maxShift', maxShift, 0, 'steps');
    requireInteger('RotateCQT: stepBins', stepBins, 1, 'bin');
    requireOneOf('RotateCQT: mode', mode, rotationModes);
    if (!Number.isFinite(padValue))
      throw new RangeError(`RotateCQT: padValue must be finite; got ${padValue}.`);
    requireInteger('RotateCQT: seed', seed, -(2 ** 31));
    requireDataFormat('RotateCQT: dataFormat', dataFormat);
    this.options = { maxShift, stepBins, mode, padValue, seed, dataFormat };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const nBins = onlyShape(inputShape)[this.binsAxis()];
    const widest = this.options.maxShift * this.options.stepBins;
    if (nBins !== null && widest >= nBins) {
      throw new RangeError(
        `RotateCQT: maxShift * stepBins must be less than the axis's ${nBins} bins; got ${widest}. Lower maxShift.`,
      );
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: RotateCQTKwargs = {}): tf.Tensor {
    const x = only(inputs);
    if (kwargs.training !== true || x.size === 0) return x;
    return tf.tidy(() => {
      const { maxShift, stepBins, seed } = this.options;
      const shifts = drawRotations({ batch: x.shape[0], maxShift, seed, step: kwargs.step ?? this.calls++ });
      // TF.js 4.22: split into one part has no gradient, so each clip is a slice
      const clipOf = (i: number) => tf.slice(x, [i, 0, 0, 0], [1, ...x.shape.slice(1)]);
      return tf.concat(shifts.map((shift, i) => this.shift(clipOf(i), shift * stepBins)));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  private shift(clip: tf.Tensor, bins: number): tf.Tensor {
    if (bins === 0) return clip;
    const { mode, padValue } = this.options;
    const axis = this.binsAxis();
    const nBins = clip.shape[axis]!;
    const part = (first: number, size: number) =>
      tf.slice(
        clip,
        clip.shape.map((_, at) => (at === axis ? first : 0)),
        clip.shape.map((whole, at) => (at === axis ? size : whole)),
      );
    const kept = part(Math.max(0, -bins), nBins - Math.abs(bins));
    const free = part(bins > 0 ? nBins - bins : 0, Math.abs(bins)); // pushed out on one side
    const filled = mode === 'circular' ? free : tf.fill(free.shape, padValue);
    return tf.concat(bins > 0 ? [filled, kept] : [kept, filled], axis);
  }

  private binsAxis(): number {
    return this.options.dataFormat === 'channelsLast' ? 2 : 3;
  }
}
tf.serialization.registerClass(RotateCQT, 'sonotag');

/**
 * The shifts that `RotateCQT` takes, in steps, one a clip; another seed or step gives another draw.
 *
 * @example drawRotations({ batch: 32, maxShift: 6, seed: 1, step: 0 })
 */
export function drawRotations(options: {
  batch: number;
  maxShift: number;
  seed: number;
  step: number;
}): number[] {
  const { batch, maxShift, seed, step } = options;
  // the golden ratio and Knuth's multiplier keep the state from being zero
  const generator = xoroshiro128plusFromState([seed, step, 0x6c078965, 0x9e3779b9 | 0]);
  for (let i = 0; i < 16; i++) generator.next(); // lets the words of the state mix
  return Array.from({ length: batch }, () => uniformInt(generator, -maxShift, maxShift));
}

/**
 * A vector over pitch classes or chords, transposed upwards: 12 entries for roots from C, or a multiple of 12 for roots
 * in several qualities (24: major from C, then minor from C). One entry more is no-chord, which stays.
 *
 * @param labels One-hot, several-hot or probabilities.
 * @param semitones An integer; negative is down.
 * @throws RangeError if the length is neither a multiple of 12 nor one more, or `semitones` is no integer.
 * @example rotateChromaLabels([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 2) // D: [0, 0, 1, 0, …]
 */
export function rotateChromaLabels(labels: ArrayLike<number>, semitones: number): Float32Array {
  const roots = labels.length - (labels.length % 12);
  if (roots === 0 || labels.length - roots > 1) {
    throw new RangeError(
      `rotateChromaLabels: needs 12 labels, a multiple of 12, or one more for no-chord; got ${labels.length}.`,
    );
  }
  if (!Number.isInteger(semitones)) {
    throw new RangeError(`rotateChromaLabels: semitones must be an integer; got ${semitones}.`);
  }
  const rotated = Float32Array.from(labels);
  for (let i = 0; i < roots; i++) {
    const root = (((i + semitones) % 12) + 12) % 12;
    rotated[i - (i % 12) + root] = labels[i];
  }
  return rotated;
}
