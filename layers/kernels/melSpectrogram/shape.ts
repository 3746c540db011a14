/** What a mel spectrogram is made of, apart from its tensors, and the checks that every implementation owes. */
import type * as tf from '@tensorflow/tfjs';
import { requirePositive } from '../../dsp/checks.ts';
import { countFrames, padLength, requireReflectable, type PadMode } from '../../dsp/framing.ts';

export interface StftShape {
  /** Distance of frames, samples, >= 1. */
  hopLength: number;
  /** Whether `floor(nFft / 2)` samples are padded at both ends. */
  center: boolean;
  padMode: PadMode;
  /** 1 magnitude, 2 power. */
  power: 1 | 2;
  /**
   * The DFT as a matrix `[nFft, 2 * bins]` (`dftKernels` without a window), kept by who calls. Only stock ops ask for it: kernels
   * have their FFT.
   */
  dft: () => tf.Tensor2D;
}

export interface DecibelShape {
  /** Power that maps to 0 dB, > 0; `'max'` takes each clip's own peak. */
  ref: number | 'max';
  /** Smallest power let through to the logarithm, > 0. */
  amin: number;
  /** Depth kept below each clip's own peak, in dB; null keeps everything. */
  topDb: number | null;
}

export interface MelShape extends StftShape {
  /** null leaves the mel spectrogram as it is. */
  decibel: DecibelShape | null;
  /**
   * Where the columns of the filterbank are not zero, `[first, end)` in bins for each mel band, one pair behind the
   * other. Known on the host where the filterbank is frozen; without, every product is computed.
   */
  bands?: Int32Array;
}

/** @throws RangeError if `ref` or `amin` is not > 0, or `topDb` is < 0; `what` says whose they are. */
export function requireDecibel(what: string, { ref, amin, topDb }: DecibelShape): void {
  if (ref !== 'max') requirePositive(`${what}: ref, unless 'max',`, ref);
  requirePositive(`${what}: amin`, amin);
  if (topDb !== null && !(topDb >= 0)) {
    throw new RangeError(
      `${what}: topDb must be >= 0 dB, a depth below the peak; got ${topDb}. ` +
        'Pass 80, not -80, or null for no floor.',
    );
  }
}

/** Kernels compute these; all else is for stock ops. */
export function canTransform(nFft: number, decibel: DecibelShape | null = null): boolean {
  // The smallest normal float32: kernels take logarithms by its exponent.
  return nFft >= 2 && nFft <= 4096 && (nFft & (nFft - 1)) === 0 && (decibel?.amin ?? 1) >= 2 ** -126;
}

/** @throws RangeError if the waveforms hold no frame, or are too short to be mirrored. */
export function countWaveformFrames(x: tf.Tensor3D, nFft: number, shape: Omit<StftShape, 'dft'>): number {
  const framing = { nFft, hopLength: shape.hopLength, center: shape.center };
  const nFrames = countFrames(x.shape[2], framing);
  requireReflectable(x.shape[2], padLength(framing), shape.padMode);
  return nFrames;
}
