/** The spectrogram and mel spectrogram of stock ops. Plain, for every backend: the truth for the kernels. */
import * as tf from '@tensorflow/tfjs';
import { padLength } from '../../dsp/framing.ts';
import { toDecibel } from './decibel.ts';
import { frameSignal, padEnds } from './frameSignal.ts';
import type { MelShape, StftShape } from './shape.ts';
import { countWaveformFrames } from './shape.ts';

/** Shapes as in kernelNames.ts. */
export function spectrogramComposite(x: tf.Tensor3D, window: tf.Tensor1D, shape: StftShape): tf.Tensor4D {
  return tf.tidy(() => {
    const kernels = tf.mul(shape.dft(), tf.reshape(window, [window.size, 1])) as tf.Tensor2D;
    return spectrogramByKernels(x, kernels, shape);
  });
}

/**
 * The same by any kernels.
 *
 * @param kernels `[nFft, 2 * bins]`: the kernels of the real parts, then those of the imaginary parts.
 */
export function spectrogramByKernels(
  x: tf.Tensor3D,
  kernels: tf.Tensor2D,
  shape: Omit<StftShape, 'dft'>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { hopLength, center, padMode, power } = shape;
    const nFft = kernels.shape[0];
    const [clips, channels, samples] = x.shape;
    const nFrames = countWaveformFrames(x, nFft, shape);
    const rows = tf.reshape(x, [clips * channels, samples]) as tf.Tensor2D;
    const padded = padEnds(rows, padLength({ nFft, hopLength, center }), padMode);
    const frames = frameSignal(padded, { nFrames, frameLength: nFft, hopLength });
    const flat = tf.reshape(frames, [clips * channels * nFrames, nFft]) as tf.Tensor2D;
    const spectrum = tf.matMul(flat, kernels);
    const nBins = kernels.shape[1] / 2;
    const real = tf.slice(spectrum, [0, 0], [-1, nBins]);
    const imag = tf.slice(spectrum, [0, nBins], [-1, nBins]);
    const squared = tf.add(tf.square(real), tf.square(imag));
    // the square root's gradient is infinite at 0: magnitudes below 1e-15 read as 1e-15
    const out = power === 2 ? squared : tf.sqrt(tf.maximum(squared, 1e-30));
    return tf.reshape(out, [clips, channels, nFrames, nBins]);
  });
}

export function melSpectrogramComposite(
  x: tf.Tensor3D,
  window: tf.Tensor1D,
  filterbank: tf.Tensor2D,
  shape: MelShape,
): tf.Tensor4D {
  return tf.tidy(() => bandsOf(spectrogramComposite(x, window, shape), filterbank, shape));
}

/** Mel bands of a spectrogram, in decibels where asked for. */
export function bandsOf(
  spectrogram: tf.Tensor4D,
  filterbank: tf.Tensor2D,
  { decibel }: Pick<MelShape, 'decibel'>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const [clips, channels, nFrames, nBins] = spectrogram.shape;
    const flat = tf.reshape(spectrogram, [clips * channels * nFrames, nBins]) as tf.Tensor2D;
    const bands = tf.reshape(tf.matMul(flat, filterbank), [clips, channels, nFrames, filterbank.shape[1]]);
    return (decibel === null ? bands : toDecibel(bands, decibel)) as tf.Tensor4D;
  });
}
