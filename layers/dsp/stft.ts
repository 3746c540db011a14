/** A plain STFT in float64 by fft.js: slow, and the truth that faster paths are tested against. */
import FFT from 'fft.js';
import { countFrames, padSignal, type PadMode } from './framing.ts';
import { centeredWindow, type WindowName } from './windows.ts';

export interface StftOptions {
  /** DFT length, samples. Default 2048. Any integer >= 2; powers of two take the fast transform. */
  nFft?: number;
  /** Default `nFft`. */
  winLength?: number;
  /** Default `floor(winLength / 4)`. */
  hopLength?: number;
  /** Default `'hann'`. */
  window?: WindowName;
  /** Default true. */
  center?: boolean;
  /** Default `'reflect'`, as the layer `Spectrogram`. */
  padMode?: PadMode;
}

export interface Stft {
  nFrames: number;
  nBins: number;
  /** `[frames, bins]`, row-major. */
  real: Float64Array;
  /** `[frames, bins]`, row-major. */
  imag: Float64Array;
}

/**
 * Short-time Fourier transform of one channel.
 *
 * Same numbers as librosa 0.11 `stft` (transposed), whose `pad_mode` is `'constant'` by default since 0.10.
 *
 * @throws RangeError if the signal is too short for one frame or for the padding.
 * @example stft(new Float32Array(4096), { nFft: 1024 }).nFrames // 17
 */
export function stft(signal: ArrayLike<number>, options: StftOptions = {}): Stft {
  const { nFft = 2048, window = 'hann', center = true, padMode = 'reflect' } = options;
  const winLength = options.winLength ?? nFft;
  const hopLength = options.hopLength ?? Math.floor(winLength / 4);
  const framing = { nFft, hopLength, center };
  const nFrames = countFrames(signal.length, framing);
  const nBins = 1 + Math.floor(nFft / 2);
  const padded = padSignal(signal, framing, padMode);
  const taper = centeredWindow(window, winLength, nFft);
  const transform = realTransform(nFft);
  const real = new Float64Array(nFrames * nBins);
  const imag = new Float64Array(nFrames * nBins);
  const frame = new Float64Array(nFft);
  for (let t = 0; t < nFrames; t++) {
    for (let n = 0; n < nFft; n++) frame[n] = padded[t * hopLength + n] * taper[n];
    const spectrum = transform(frame);
    for (let k = 0; k < nBins; k++) {
      real[t * nBins + k] = spectrum[2 * k];
      imag[t * nBins + k] = spectrum[2 * k + 1];
    }
  }
  return { nFrames, nBins, real, imag };
}

/** A function from `nFft` real samples to interleaved real and imaginary parts of at least the non-negative bins. */
function realTransform(nFft: number): (frame: Float64Array) => ArrayLike<number> {
  if (nFft >= 2 && Number.isInteger(Math.log2(nFft))) {
    const fft = new FFT(nFft);
    const out = fft.createComplexArray();
    return (frame) => {
      fft.realTransform(out, frame);
      return out;
    };
  }
  return naiveDft; // fft.js 4.0.4 takes powers of two only
}

function naiveDft(frame: Float64Array): Float64Array {
  const nFft = frame.length;
  const nBins = 1 + Math.floor(nFft / 2);
  const out = new Float64Array(2 * nBins);
  for (let k = 0; k < nBins; k++) {
    for (let n = 0; n < nFft; n++) {
      const angle = (2 * Math.PI * ((k * n) % nFft)) / nFft;
      out[2 * k] += frame[n] * Math.cos(angle);
      out[2 * k + 1] -= frame[n] * Math.sin(angle);
    }
  }
  return out;
}
