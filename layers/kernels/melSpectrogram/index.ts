/** Waveform to spectrogram, mel bands and decibels as one op: the kernel of the backend in use, else stock ops. */
import type * as tf from '@tensorflow/tfjs';
import { melSpectrogramComposite, spectrogramComposite } from './composite.ts';
import { melSpectrogramKernel, spectrogramKernel } from './kernelNames.ts';
import { hasKernel, runMelSpectrogramKernel, runSpectrogramKernel } from './registeredKernel.ts';
import { canTransform, countWaveformFrames, type MelShape, type StftShape } from './shape.ts';

/**
 * Magnitude or power of the short-time Fourier transform. Differentiable by `x` and `window`; what is not asked for is
 * not computed.
 *
 * @param x `[clips, channels, samples]`.
 * @param window `[nFft]`.
 * @returns `[clips, channels, frames, 1 + floor(nFft / 2)]`.
 * @throws RangeError if the waveforms hold no frame, or are too short to be mirrored.
 * @example spectrogram(x, window, { hopLength: 256, center: true, padMode: 'reflect', power: 2, dft })
 */
export function spectrogram(x: tf.Tensor3D, window: tf.Tensor1D, shape: StftShape): tf.Tensor4D {
  const nFrames = countWaveformFrames(x, window.size, shape);
  if (x.size * nFrames > 0 && canTransform(window.size) && hasKernel(spectrogramKernel)) {
    return runSpectrogramKernel(x, window, shape);
  }
  return spectrogramComposite(x, window, shape);
}

/**
 * The same, then mel bands and, where asked for, decibels with the reference and floor of each clip. Differentiable by
 * `x`, `window` and `filterbank`.
 *
 * @param filterbank `[1 + floor(nFft / 2), mels]`.
 * @returns `[clips, channels, frames, mels]`.
 * @throws RangeError as `spectrogram`, or if the filterbank does not fit the window.
 */
export function melSpectrogram(
  x: tf.Tensor3D,
  window: tf.Tensor1D,
  filterbank: tf.Tensor2D,
  shape: MelShape,
): tf.Tensor4D {
  const nFft = window.size;
  const nFrames = countWaveformFrames(x, nFft, shape);
  if (filterbank.shape[0] !== 1 + Math.floor(nFft / 2)) {
    throw new RangeError(
      `melSpectrogram: a window of ${nFft} samples needs a filterbank of ${1 + Math.floor(nFft / 2)} bins, ` +
        `got ${filterbank.shape[0]}.`,
    );
  }
  if (x.size * nFrames > 0 && canTransform(nFft, shape.decibel) && hasKernel(melSpectrogramKernel)) {
    return runMelSpectrogramKernel(x, window, filterbank, shape);
  }
  return melSpectrogramComposite(x, window, filterbank, shape);
}
