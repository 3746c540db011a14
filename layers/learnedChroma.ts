/** Chroma whose weights are learned, from octave equivalence on, as a layer. */
import * as tf from '@tensorflow/tfjs';
import {
  fromChannelsFirst,
  only,
  onlyShape,
  requireDataFormat,
  toChannelsFirst,
  type DataFormat,
} from './dataFormat.ts';
import {
  describeObject,
  objectOf,
  type Constraint,
  type Description,
  type Regularizer,
} from './describedObject.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { norms, type Norm } from './dsp/norms.ts';
import { randomNumbers, type RandomNumbers } from './dsp/randomNumbers.ts';
import type { LayerArgs } from './layerArgs.ts';
import { octaveWeights, requireStart, type LearnedChromaStart } from './learnedChromaStart.ts';
import { mapAxes, requireBins } from './mapAxes.ts';
import { normalizeFrames } from './normalizeFrames.ts';

export interface LearnedChromaArgs extends LayerArgs {
  /** Where the weights start; with hidden layers `'normal'`. */
  start: LearnedChromaStart;
  /** Deviation of the normal numbers that are added to the start, >= 0. Default 0 on octaves, 0.01 for `'normal'`. */
  startNoise?: number;
  /** Pitch classes. Default 12. */
  nChroma?: number;
  /** Units of each rectified layer before the pitch classes, `[256, 64]` for three layers. Default `[]`: one layer. */
  hiddenUnits?: readonly number[];
  /** Add biases. Without them a louder input gives a chroma louder by as much. Default true. */
  useBias?: boolean;
  /** Norm that every frame is divided by, which `ChromaCQT` takes as `'inf'`. Default null: none. */
  norm?: Norm;
  /** Of the weights, without biases, as `tf.regularizers` has them. Default null. */
  kernelRegularizer?: Regularizer | Description | null;
  /** Of what each rectified layer puts out, in training: the mean of a frame's penalty. Default null. */
  activityRegularizer?: Regularizer | Description | null;
  /** Of the weights, such as `tf.constraints.maxNorm`, which limits each unit's norm. Default null. */
  kernelConstraint?: Constraint | Description | null;
  /** Share of what goes into each layer, bins of the map too, that training sets to 0, in [0, 1). Default 0. */
  dropout?: number;
  /** Deviation of the normal numbers that training adds to every bin, in units of the input, >= 0. Default 0. */
  inputNoise?: number;
  /** Of the start, the dropout and the noise; a 32-bit integer. Default 1. */
  seed?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/** What a caller may pass to `apply` beside the input. */
interface LearnedChromaKwargs {
  training?: boolean;
  /** Names the draw of dropout and noise. Default: the number of calls before. */
  step?: number;
}

/**
 * `max(0, x · kernel + bias)` of every frame, one affine map with half-wave rectification or several of them: chroma as
 * a filterbank that training finds. `trainable: false` freezes it.
 *
 * Input: the magnitudes or power of a constant-Q transform, a log-frequency spectrogram or a DFT,
 * `[batch, frames, bins, channels]`. Output: `[batch, frames, nChroma, channels]`, >= 0. With
 * `dataFormat: 'channelsFirst'` the channels stand second in both; they share the weights.
 * Weights: `kernel` `[bins, nChroma]` and `bias` `[nChroma]`, 0 at the start; with hidden layers `kernel0`, `bias0`, …,
 * from the input on.
 * Without `useBias` there are kernels alone.
 *
 * From an octave start without noise it is the fixed folding: with `norm: null` what `ChromaCQT` and `ChromaSTFT` give
 * before they divide each frame by its peak, with `norm: 'inf'` what they give. From data it starts by `startFromFrames`.
 *
 * A regularizer's penalty is in `calculateLosses()` of the layer and of a model with it, that of the activations by the last
 * call, if in training; `fit` adds it to the loss, a loop of one's own has to, in the function whose gradient is taken. The
 * constraint, which TF.js 4.22 leaves out in training, is the layer's own: weights go through it on their way to the
 * product, and are written back so before each call in training.
 *
 * After Humphrey's practicum of 2013 on chroma as a filterbank that is learned, and Humphrey, Bello & LeCun 2013, "Feature
 * learning and deep architectures: new directions for music informatics". Dropout scales what is left, as in Keras.
 *
 * @throws RangeError if an option is out of range, or an octave start is given with hidden layers.
 * @example
 * const cqt = new CQT({ sampleRate: 22050, binsPerOctave: 36, nBins: 252 }).apply(waveform);
 * new LearnedChroma({ start: { scale: 'log', binsPerOctave: 36 } }).apply(cqt) // [batch, frames, 12, 1]
 * @example new LearnedChroma({ start: 'normal', hiddenUnits: [256, 64], dropout: 0.2 }).apply(spectrogram)
 */
export class LearnedChroma extends tf.layers.Layer {
  static className = 'LearnedChroma';
  private readonly options: Required<
    Omit<
      LearnedChromaArgs,
      keyof LayerArgs | 'kernelRegularizer' | 'activityRegularizer' | 'kernelConstraint'
    >
  >;
  private readonly penalties: { weights: Regularizer | null; activations: Regularizer | null };
  private readonly constraint: Constraint | null;
  private affine: { kernel: tf.LayerVariable; bias: tf.LayerVariable | null }[] = [];
  private activityPenalty: tf.Scalar | null = null;
  private calls = 0;

  constructor(args: LearnedChromaArgs) {
    const {
      start,
      startNoise = start === 'normal' ? 0.01 : 0,
      nChroma = 12,
      hiddenUnits = [],
      useBias = true,
      norm = null,
      kernelRegularizer = null,
      activityRegularizer = null,
      kernelConstraint = null,
      dropout = 0,
      inputNoise = 0,
      seed = 1,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireInteger('LearnedChroma: nChroma', nChroma, 1);
    for (const units of hiddenUnits) requireInteger('LearnedChroma: hiddenUnits', units, 1);
    requireStart(start, nChroma, hiddenUnits);
    requireOneOf('LearnedChroma: norm', norm, norms);
    requireNotNegative('LearnedChroma: startNoise', startNoise);
    requireNotNegative('LearnedChroma: inputNoise', inputNoise);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new RangeError(`LearnedChroma: dropout must be a share in [0, 1); got ${dropout}. Use 0.2.`);
    }
    requireInteger('LearnedChroma: seed', seed, -(2 ** 31));
    requireDataFormat('LearnedChroma: dataFormat', dataFormat);
    this.options = {
      ...{ start: start === 'normal' ? start : { ...start }, startNoise, nChroma },
      ...{ hiddenUnits: [...hiddenUnits], useBias, norm, dropout, inputNoise, seed, dataFormat },
    };
    this.penalties = {
      weights: objectOf('LearnedChroma: kernelRegularizer', kernelRegularizer),
      activations: objectOf('LearnedChroma: activityRegularizer', activityRegularizer),
    };
    this.constraint = objectOf('LearnedChroma: kernelConstraint', kernelConstraint);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { nChroma, hiddenUnits, useBias, dataFormat, seed } = this.options;
    const sizes = [requireBins('LearnedChroma', onlyShape(inputShape), dataFormat), ...hiddenUnits, nChroma];
    const random = randomNumbers(seed, startStep);
    const zeros = tf.initializers.zeros();
    this.affine = sizes.slice(1).map((units, i) => {
      const at = hiddenUnits.length === 0 ? '' : i;
      const shape = [sizes[i], units];
      const kernel = this.addWeight(
        `kernel${at}`,
        shape,
        'float32',
        zeros,
        this.penalties.weights ?? undefined,
      );
      tf.tidy(() => {
        kernel.write(tf.tensor2d(this.startValues(sizes[i], units, random), [sizes[i], units]));
      });
      const bias = useBias ? this.addWeight(`bias${at}`, [units], 'float32', zeros) : null;
      return { kernel, bias };
    });
    if (this.penalties.activations !== null) this.addLoss(() => this.readActivityPenalty());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { nChroma, dataFormat } = this.options;
    const shape = [...onlyShape(inputShape)];
    requireBins('LearnedChroma', shape, dataFormat);
    shape[mapAxes(dataFormat).bins] = nChroma;
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: LearnedChromaKwargs = {}): tf.Tensor {
    const { dropout, inputNoise, seed, norm, dataFormat } = this.options;
    const training = kwargs.training === true;
    const draws = training && (dropout > 0 || inputNoise > 0);
    const random = draws ? randomNumbers(seed, kwargs.step ?? this.calls++) : null;
    if (training && this.trainable) this.constrainKernels();
    const { chroma, penalty } = tf.tidy(() => {
      const x = toChannelsFirst(only(inputs) as tf.Tensor4D, dataFormat);
      const [batch, channels, nFrames, nBins] = x.shape;
      let rows = tf.reshape(x, [batch * channels * nFrames, nBins]) as tf.Tensor2D;
      if (random !== null) rows = addNoise(rows, inputNoise, random);
      const outputs = this.affine.map(({ kernel, bias }) => {
        const input = random === null ? rows : dropOut(rows, dropout, random);
        const product = tf.matMul<tf.Tensor2D>(input, this.constrained(kernel));
        rows = tf.relu(bias === null ? product : tf.add<tf.Tensor2D>(product, bias.read()));
        return rows;
      });
      const map = tf.reshape(normalizeFrames(rows, norm), [batch, channels, nFrames, rows.shape[1]]);
      return {
        chroma: fromChannelsFirst(map as tf.Tensor4D, dataFormat),
        ...(training && this.penalties.activations !== null && { penalty: this.penaltyOf(outputs) }),
      };
    });
    this.keepPenalty(penalty ?? null);
    return chroma;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      ...(this.options as unknown as tf.serialization.ConfigDict),
      kernelRegularizer: describeObject(this.penalties.weights) as never,
      activityRegularizer: describeObject(this.penalties.activations) as never,
      kernelConstraint: describeObject(this.constraint) as never,
    };
  }

  /** `[inputs, units]`, row-major. */
  private startValues(nInputs: number, units: number, random: RandomNumbers): Float32Array {
    const { start, startNoise, nChroma } = this.options;
    const values =
      start === 'normal' ? new Float32Array(nInputs * units) : octaveWeights(start, nInputs, nChroma);
    if (startNoise === 0) return values;
    const noise = random.normals(values.length);
    return values.map((value, i) => value + startNoise * noise[i]);
  }

  private constrained(kernel: tf.LayerVariable): tf.Tensor2D {
    const values = kernel.read();
    return (this.constraint === null ? values : this.constraint.apply(values)) as tf.Tensor2D;
  }

  private constrainKernels(): void {
    if (this.constraint === null) return;
    tf.tidy(() => {
      for (const { kernel } of this.affine) kernel.write(this.constrained(kernel));
    });
  }

  private penaltyOf(outputs: tf.Tensor2D[]): tf.Scalar {
    const penalties = outputs.map((output) =>
      tf.div(this.penalties.activations!.apply(output), Math.max(1, output.shape[0])),
    );
    return tf.addN(penalties) as tf.Scalar;
  }

  override dispose(): ReturnType<tf.layers.Layer['dispose']> {
    this.keepPenalty(null);
    return super.dispose();
  }

  /** Until the next call: a model's `apply` tidies away what its layers leave. */
  private keepPenalty(penalty: tf.Scalar | null): void {
    this.activityPenalty?.dispose();
    this.activityPenalty = penalty && tf.keep(penalty);
  }

  /** Of the last call; 0 where that was not in training. */
  private readActivityPenalty(): tf.Scalar {
    return this.activityPenalty === null ? tf.scalar(0) : tf.clone(this.activityPenalty);
  }
}
tf.serialization.registerClass(LearnedChroma, 'sonotag');

/** Names the draw of the start weights; those of training count from 0. */
const startStep = -1;

function addNoise(x: tf.Tensor2D, deviation: number, random: RandomNumbers): tf.Tensor2D {
  if (deviation === 0) return x;
  return tf.add(x, tf.mul(tf.tensor2d(random.normals(x.size), x.shape), deviation));
}

function dropOut(x: tf.Tensor2D, share: number, random: RandomNumbers): tf.Tensor2D {
  if (share === 0) return x;
  const kept = Float32Array.from({ length: x.size }, () =>
    random.uniform(0, 1) < share ? 0 : 1 / (1 - share),
  );
  return tf.mul(x, tf.tensor2d(kept, x.shape));
}

function requireNotNegative(what: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new RangeError(`${what} must be a number >= 0; got ${value}.`);
  }
}
