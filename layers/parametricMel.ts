/** Mel bands whose centres and widths are trained, as a layer. */
import * as tf from '@tensorflow/tfjs';
import { applyMatrix } from './applyMatrix.ts';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { melFilterbank, melFrequencies, type MelFilterbankOptions } from './dsp/mel.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';
import { mapAxes, requireBins } from './mapAxes.ts';

export interface ParametricMelArgs extends LayerArgs, Omit<MelFilterbankOptions, 'nFft'> {
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * A filterbank of Gaussian bands, `gain · exp(-(f - centre)² / 2 width²)`, that start as wide at half their height as
 * the triangles of `melFilterbank` and in their places. With `norm: 'slaney'` a band keeps unit area in Hz however
 * wide it grows, with null a peak of 1. Training moves two numbers a band; `trainable: false` freezes them.
 *
 * Input: `[batch, frames, bins, channels]` of a DFT of even length. Output: `[batch, frames, nMels, channels]`. With
 * `dataFormat: 'channelsFirst'` the channels stand second in both.
 * Weights, all 0 at the start: `shift` `[nMels]`, of the centre, in start widths; `stretch` `[nMels]`, the natural
 * logarithm of the width in start widths. So a learning rate means the same for low and high bands, and no width
 * turns negative.
 *
 * Announced by Choi for Kapre in 2017. Gaussian bands with learned centres and widths: Zeghidour et al. 2021, "LEAF: A
 * Learnable Frontend for Audio Classification", arXiv:2101.08596.
 *
 * @throws RangeError if an option is out of range.
 * @example new ParametricMel({ sampleRate: 16000, nMels: 64 }).apply(power)
 */
export class ParametricMel extends tf.layers.Layer {
  static className = 'ParametricMel';
  private readonly options: Required<Omit<ParametricMelArgs, keyof LayerArgs>>;
  private readonly startCentres: FrozenMatrix;
  private readonly startWidths: FrozenMatrix;
  private bins?: FrozenMatrix;
  private shift!: tf.LayerVariable;
  private stretch!: tf.LayerVariable;

  constructor(args: ParametricMelArgs) {
    const {
      sampleRate,
      nMels = 128,
      fMin = 0,
      fMax = sampleRate / 2,
      melScale = 'slaney',
      norm = 'slaney',
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireDataFormat('ParametricMel: dataFormat', dataFormat);
    this.options = { sampleRate, nMels, fMin, fMax, melScale, norm, dataFormat };
    melFilterbank({ ...this.options, nFft: 2 }); // refuses bad options now, not at the first call
    const edges = melFrequencies(nMels + 2, fMin, fMax, melScale);
    this.startCentres = new FrozenMatrix(() => Float32Array.from(edges.subarray(1, -1)), [1, nMels]);
    const widths = () =>
      Float32Array.from({ length: nMels }, (_, band) => (edges[band + 2] - edges[band]) / 2 / fullWidth);
    this.startWidths = new FrozenMatrix(widths, [1, nMels]);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { nMels, sampleRate, dataFormat } = this.options;
    const nBins = requireBins('ParametricMel', onlyShape(inputShape), dataFormat);
    const frequencies = () =>
      Float32Array.from({ length: nBins }, (_, bin) => (bin * sampleRate) / 2 / (nBins - 1));
    this.bins = new FrozenMatrix(frequencies, [nBins, 1]);
    this.shift = this.addWeight('shift', [nMels], 'float32', tf.initializers.zeros());
    this.stretch = this.addWeight('stretch', [nMels], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = [...onlyShape(inputShape)];
    requireBins('ParametricMel', shape, this.options.dataFormat);
    shape[mapAxes(this.options.dataFormat).bins] = this.options.nMels;
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => applyMatrix(only(inputs), this.matrix(), this.options.dataFormat));
  }

  /** Centres and widths (standard deviations) of the bands as they stand, both `[1, nMels]`, Hz; the caller's to dispose. */
  readBands(): { centres: tf.Tensor; widths: tf.Tensor } {
    return tf.tidy(() => {
      const start = this.startWidths.tensor();
      const centres = tf.add(this.startCentres.tensor(), tf.mul(this.shift.read(), start));
      return { centres, widths: tf.mul(tf.exp(this.stretch.read()), start) };
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    for (const constant of [this.startCentres, this.startWidths, this.bins]) constant?.dispose();
    return super.disposeWeights();
  }

  /** `[bins, nMels]`. */
  private matrix(): tf.Tensor2D {
    const { centres, widths } = this.readBands();
    const away = tf.div(tf.sub(this.bins!.tensor(), centres), widths);
    const bands = tf.exp(tf.mul(tf.square(away), -0.5));
    return (this.options.norm === null ? bands : tf.div(bands, tf.mul(widths, gaussArea))) as tf.Tensor2D;
  }
}
tf.serialization.registerClass(ParametricMel, 'sonotag');

/** Width of a Gaussian at half its height, and its area at a peak of 1, both in standard deviations. */
const fullWidth = 2 * Math.sqrt(2 * Math.LN2);
const gaussArea = Math.sqrt(2 * Math.PI);
