/** Chroma from the constant-Q transform as a layer. */
import * as tf from '@tensorflow/tfjs';
import { CQT, type CQTArgs } from './cqt.ts';
import { fromChannelsFirst, onlyShape, toChannelsFirst } from './dataFormat.ts';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { octaveFolding, requireOctaveFolding, type OctaveFoldingOptions } from './dsp/chroma.ts';
import { c1Hz } from './dsp/constantQ.ts';
import { norms, type Norm } from './dsp/norms.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { normalizeFrames } from './normalizeFrames.ts';
import { withoutGradient } from './withoutGradient.ts';

export interface ChromaCQTArgs
  extends Omit<CQTArgs, 'nBins' | 'norm' | 'complex'>, Pick<OctaveFoldingOptions, 'nChroma' | 'baseC'> {
  /** Default 36. */
  binsPerOctave?: number;
  /** Octaves above `fMin` that are folded. Default 7. */
  nOctaves?: number;
  /** Pitch classes weaker than this read 0, before frames are normalised. Default 0. */
  threshold?: number;
  /** Norm that every frame is divided by. Default `'inf'`: the strongest pitch class reads 1. */
  norm?: Norm;
}

/**
 * Strength of each pitch class in every frame: the bins of a constant-Q transform folded by `octaveFolding`.
 *
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, nChroma, channels]`, >= 0, C first; silent frames are zeros.
 *
 * Same numbers as librosa 0.11 `feature.chroma_cqt` with `tuning=0`, which librosa estimates where it is not given, up to
 * its sparse wavelets (see `VQT`).
 *
 * @throws RangeError if an option is out of range, or the highest octave reaches beyond half of `sampleRate`.
 * @example new ChromaCQT({ sampleRate: 22050 }).apply(tf.zeros([1, 22050])) // [1, 44, 12, 1]
 */
export class ChromaCQT extends CQT {
  static override className = 'ChromaCQT';
  private readonly chroma: {
    nOctaves: number;
    nChroma: number;
    baseC: boolean;
    threshold: number;
    norm: Norm;
  };
  private readonly folding: FrozenMatrix;

  constructor(args: ChromaCQTArgs) {
    const { nOctaves = 7, nChroma = 12, baseC = true, threshold = 0, norm = 'inf', ...cqtArgs } = args;
    const { binsPerOctave = 36, fMin = c1Hz } = cqtArgs;
    requireInteger('ChromaCQT: nOctaves', nOctaves, 1);
    const folding = { nBins: nOctaves * binsPerOctave, binsPerOctave, nChroma, fMin, baseC };
    requireOctaveFolding('ChromaCQT', folding);
    requireOneOf('ChromaCQT: norm', norm, norms);
    if (!(threshold >= 0)) throw new RangeError(`ChromaCQT: threshold must be >= 0; got ${threshold}.`);
    super({ ...cqtArgs, binsPerOctave, nBins: folding.nBins, norm: 1, complex: false });
    this.chroma = { nOctaves, nChroma, baseC, threshold, norm };
    this.folding = new FrozenMatrix(() => octaveFolding(folding), [folding.nBins, nChroma]);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(super.computeOutputShape(inputShape));
    return shape.map((size, axis) => (axis === this.binsAxis() ? this.chroma.nChroma : size));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const map = super.call(inputs) as tf.Tensor4D;
      if (map.size === 0)
        return tf.zeros(
          map.shape.map((size, axis) => (axis === this.binsAxis() ? this.chroma.nChroma : size)),
        );
      const { outputDataFormat } = this.options;
      const { nChroma, threshold, norm } = this.chroma;
      const x = toChannelsFirst(map, outputDataFormat);
      const [batch, channels, nFrames, nBins] = x.shape;
      const flat = tf.reshape(x, [batch * channels * nFrames, nBins]) as tf.Tensor2D;
      const folded = tf.matMul(flat, this.folding.tensor() as tf.Tensor2D);
      const strong = withoutGradient(folded, (y) => tf.cast(tf.greaterEqual(y, threshold), 'float32'));
      const chroma = tf.reshape(normalizeFrames(tf.mul(folded, strong), norm), [
        batch,
        channels,
        nFrames,
        nChroma,
      ]);
      return fromChannelsFirst(chroma as tf.Tensor4D, outputDataFormat);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const config: tf.serialization.ConfigDict = { ...super.getConfig(), ...this.chroma };
    delete config['nBins'];
    delete config['complex'];
    return config;
  }

  protected override disposeWeights(): number {
    this.folding.dispose();
    return super.disposeWeights();
  }

  private binsAxis(): number {
    return this.options.outputDataFormat === 'channelsLast' ? 2 : 3;
  }
}
tf.serialization.registerClass(ChromaCQT, 'sonotag');
