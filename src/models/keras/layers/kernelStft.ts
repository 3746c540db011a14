/** Keras 3's STFTSpectrogram: frames times stored kernels, and what is made of the real and the imaginary parts. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger, requireOneOf } from '../../../../layers/dsp/checks.ts';
import { countFrames } from '../../../../layers/dsp/framing.ts';
import { frameSignal } from '../../../../layers/kernels/melSpectrogram/frameSignal.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

export const kernelStftModes = ['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft'] as const;
export type KernelStftMode = (typeof kernelStftModes)[number];

export interface KernelStftArgs extends LayerArgs {
  /** Length of a kernel, samples. */
  frameLength: number;
  /** Kernels of a part. */
  nBins: number;
  /** Distance of frames, samples. */
  hopLength: number;
  /**
   * `'psd'` is power, doubled but for the first and the last bin; `'magnitude'` its root before that, at least the root of
   * 1e-7, and `'log'` the natural logarithm of the magnitude; `'angle'` in radians; `'stft'` the real parts and then the
   * imaginary ones. Default `'log'`.
   */
  mode?: KernelStftMode;
}

/**
 * Input: waveform `[batch, samples]`; no padding. Output: `[batch, frames, nBins]`, `2 * nBins` for `'stft'`. The weight
 * is `kernels`, `[frameLength, 2 * nBins]`, real parts first, or `[frameLength, nBins]` for `'real'` and `'imag'`.
 *
 * Same numbers as STFTSpectrogram of Keras 3.13 with padding 'valid' and Keras's epsilon as it comes, 1e-7.
 *
 * @throws RangeError if an option is out of its range.
 * @example new KernelStft({ frameLength: 400, nBins: 257, hopLength: 160, mode: 'psd' })
 */
export class KernelStft extends tf.layers.Layer {
  static className = 'KernelStft';
  private readonly options: Required<Omit<KernelStftArgs, keyof LayerArgs>>;
  private kernels!: tf.LayerVariable;

  constructor({ frameLength, nBins, hopLength, mode = 'log', ...layerArgs }: KernelStftArgs) {
    super(layerArgs);
    requireInteger('KernelStft: frameLength', frameLength, 1, 'sample');
    requireInteger('KernelStft: nBins', nBins, 2);
    requireInteger('KernelStft: hopLength', hopLength, 1, 'sample');
    requireOneOf('KernelStft: mode', mode, kernelStftModes);
    this.options = { frameLength, nBins, hopLength, mode };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { frameLength, nBins, mode } = this.options;
    const width = mode === 'real' || mode === 'imag' ? nBins : 2 * nBins;
    this.kernels = this.addWeight('kernels', [frameLength, width], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, samples] = onlyShape(inputShape);
    const { nBins, mode } = this.options;
    return [batch, samples == null ? null : this.countFrames(samples), mode === 'stft' ? 2 * nBins : nBins];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { frameLength, hopLength } = this.options;
      const waveform = only(inputs) as tf.Tensor2D;
      const [batch, samples] = waveform.shape;
      const nFrames = this.countFrames(samples);
      const frames = frameSignal(waveform, { nFrames, frameLength, hopLength });
      const rows = tf.reshape(frames, [batch * nFrames, frameLength]) as tf.Tensor2D;
      const out = this.combine(tf.matMul(rows, this.kernels.read() as tf.Tensor2D));
      return tf.reshape(out, [batch, nFrames, out.shape[1]!]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  private combine(parts: tf.Tensor2D): tf.Tensor {
    const { nBins, mode } = this.options;
    if (mode === 'real' || mode === 'imag' || mode === 'stft') return parts;
    const real = tf.slice(parts, [0, 0], [-1, nBins]);
    const imag = tf.slice(parts, [0, nBins], [-1, nBins]);
    if (mode === 'angle') return tf.atan2(imag, real);
    const power = tf.add(tf.square(real), tf.square(imag));
    if (mode === 'psd') {
      return tf.mul(
        power,
        tf.tensor1d(Array.from({ length: nBins }, (_, bin) => (bin % (nBins - 1) === 0 ? 1 : 2))),
      );
    }
    const magnitude = tf.sqrt(tf.maximum(power, epsilon));
    return mode === 'magnitude' ? magnitude : tf.log(magnitude);
  }

  private countFrames(samples: number): number {
    const { frameLength, hopLength } = this.options;
    return countFrames(samples, { nFft: frameLength, hopLength, center: false });
  }
}
tf.serialization.registerClass(KernelStft, 'sonotag');

/** Keras's `backend.epsilon()`, unless a user changes it. */
const epsilon = 1e-7;
