/** A spectrogram by DFT kernels, and a filterbank, that a file holds: for those that are not the exact ones. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger } from '../../../../layers/dsp/checks.ts';
import { countFrames } from '../../../../layers/dsp/framing.ts';
import { bandsOf, spectrogramByKernels } from '../../../../layers/kernels/melSpectrogram/composite.ts';
import { frameWidth } from '../../../../layers/kernels/melSpectrogram/frameSignal.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

export interface StoredSpectrogramArgs extends LayerArgs {
  /** Length of a kernel, samples. */
  nFft: number;
  /** Kernels of the real part, and as many of the imaginary part. */
  nBins: number;
  /** Distance of frames, samples. */
  hopLength: number;
  /** Bands of the filterbank; null for none. Default null. */
  nBands?: number | null;
}

/**
 * Power of frames times kernels, and its bands.
 *
 * Input: waveform `[batch, samples]`; no padding. Output: `[batch, frames, nBins or nBands, 1]`. Weights in order, all
 * trained only where the layer is: kernels `[nFft, 2 * nBins]`, real parts first, and the filterbank
 * `[nBins, nBands]`.
 *
 * The Spectrogram and Melspectrogram of Kapre 0.0 and 0.1 (arXiv:1706.05781) with power 2 and padding 'valid'.
 *
 * @throws RangeError if an option is out of its range.
 * @example new StoredSpectrogram({ nFft: 512, nBins: 257, hopLength: 256, nBands: 96 })
 */
export class StoredSpectrogram extends tf.layers.Layer {
  static className = 'StoredSpectrogram';
  private readonly options: Required<Omit<StoredSpectrogramArgs, keyof LayerArgs>>;
  private kernels!: tf.LayerVariable;
  private filterbank?: tf.LayerVariable;

  constructor({ nFft, nBins, hopLength, nBands = null, ...layerArgs }: StoredSpectrogramArgs) {
    super(layerArgs);
    requireInteger('StoredSpectrogram: nFft', nFft, 1, 'sample');
    requireInteger('StoredSpectrogram: nBins', nBins, 1);
    requireInteger('StoredSpectrogram: hopLength', hopLength, 1, 'sample');
    if (nBands !== null) requireInteger('StoredSpectrogram: nBands', nBands, 1);
    this.options = { nFft, nBins, hopLength, nBands };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { nFft, nBins, nBands } = this.options;
    const zeros = tf.initializers.zeros();
    this.kernels = this.addWeight('kernels', [nFft, 2 * nBins], 'float32', zeros);
    if (nBands !== null) this.filterbank = this.addWeight('filterbank', [nBins, nBands], 'float32', zeros);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, samples] = onlyShape(inputShape);
    const { nFft, nBins, hopLength, nBands } = this.options;
    const nFrames = samples == null ? null : countFrames(samples, { nFft, hopLength, center: false });
    return [batch, nFrames, nBands ?? nBins, 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { nFft, hopLength } = this.options;
      const waveform = only(inputs);
      const x = tf.expandDims(waveform, 1) as tf.Tensor3D;
      const behind = frameWidth(nFft, hopLength) - nFft;
      const kernels = tf.pad(this.kernels.read(), [[0, behind], [0, 0]]) as tf.Tensor2D; // prettier-ignore
      const shape = { hopLength, center: false, padMode: 'constant', power: 2 } as const;
      const power = spectrogramByKernels(x, kernels, nFft, shape);
      const bands = this.filterbank
        ? bandsOf(power, this.filterbank.read() as tf.Tensor2D, { decibel: null })
        : power;
      const [clips, , frames, bins] = bands.shape;
      return tf.reshape(bands, [clips, frames, bins, 1]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(StoredSpectrogram, 'sonotag');
