/** The tempogram as a layer: waveform in, how strongly its onsets repeat at each lag out. */
import * as tf from '@tensorflow/tfjs';
import { requireInteger, requireOneOf } from './dsp/checks.ts';
import { norms, type Norm } from './dsp/norms.ts';
import { getWindow, type WindowName } from './dsp/windows.ts';
import { dftKernels } from './dsp/dft.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { spectrogram } from './kernels/melSpectrogram/index.ts';
import { MelSpectrogram, type MelSpectrogramArgs } from './melSpectrogram.ts';
import { normalizeFrames } from './normalizeFrames.ts';

export interface TempogramArgs extends Omit<MelSpectrogramArgs, 'decibel' | 'power' | 'norm'> {
  /** Frames in the window whose onsets are correlated; as many lags come out. Default 384. */
  nLags?: number;
  /** Of those frames, periodic: `'hann'`, `'hamming'`, `'blackman'` or `'boxcar'`. Default `'hann'`. */
  lagWindow?: WindowName;
  /** Norm that every frame is divided by. Default `'inf'`: lag 0 reads 1. */
  norm?: Norm;
}

/**
 * Local autocorrelation of the onset strength: the mean rise of the mel bands' decibels from frame to frame.
 *
 * Input: waveform `[batch, samples]`, or with channels as `inputDataFormat` says. Output:
 * `[batch, frames, nLags, channels]`: lag k is `k * hopLength / sampleRate` seconds, so 120 beats a minute stand at lag
 * `0.5 * sampleRate / hopLength`. The decibels' floor, 80 dB below the peak, is the clip's, all channels together.
 *
 * Same numbers as librosa 0.11 `feature.tempogram` on its `onset.onset_strength`, with `pad_mode` of the spectrogram set
 * alike. After Grosche, Müller & Kurth 2010, "Cyclic tempogram".
 *
 * @throws RangeError if an option is out of range, or the waveform is too short for one frame.
 * @example new Tempogram({ sampleRate: 22050 }).apply(tf.zeros([1, 220500])) // [1, 431, 384, 1]
 */
export class Tempogram extends MelSpectrogram {
  static override className = 'Tempogram';
  private readonly tempo: { nLags: number; lagWindow: WindowName; norm: Norm };
  private readonly zeroPaddedWindow: FrozenMatrix;
  private readonly dftOfLags: FrozenMatrix;
  private readonly inverse: FrozenMatrix;

  constructor(args: TempogramArgs) {
    const { nLags = 384, lagWindow = 'hann', norm = 'inf', ...melArgs } = args;
    super({ ...melArgs, norm: 'slaney', power: 2, decibel: { ref: 1, amin: 1e-10, topDb: 80 } });
    requireInteger('Tempogram: nLags', nLags, 2, 'frames');
    requireOneOf('Tempogram: norm', norm, norms);
    this.tempo = { nLags, lagWindow, norm };
    const window = new Float32Array(correlationLength(nLags));
    window.set(getWindow(lagWindow, nLags));
    const { length } = window;
    this.zeroPaddedWindow = new FrozenMatrix(() => window, [length]);
    const bins = 1 + length / 2;
    this.dftOfLags = new FrozenMatrix(() => dftKernels(new Float64Array(length).fill(1)), [length, 2 * bins]);
    this.inverse = new FrozenMatrix(() => inverseOfPower(length, nLags), [bins, nLags]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const config: tf.serialization.ConfigDict = { ...super.getConfig(), ...this.tempo };
    delete config['decibel'];
    delete config['power'];
    return config;
  }

  protected override transform(x: tf.Tensor3D): tf.Tensor4D {
    const { nLags, norm } = this.tempo;
    const onsets = this.onsetStrength(super.transform(x));
    const [clips, channels, nFrames] = onsets.shape;
    const length = correlationLength(nLags);
    const before = Math.floor(nLags / 2);
    // ramps to 0 at both ends, as NumPy's 'linear_ramp'; zeros behind, where the padded window is zero
    const left = tf.mul(tf.slice(onsets, [0, 0, 0], [-1, -1, 1]), ramp(before));
    const right = tf.mul(tf.slice(onsets, [0, 0, nFrames - 1], [-1, -1, 1]), tf.reverse(ramp(before)));
    const padded = tf.concat([left, onsets, right, tf.zeros([clips, channels, length])], 2) as tf.Tensor3D;
    const frames = tf.slice(padded, [0, 0, 0], [clips, channels, nFrames - 1 + length]);
    const power = spectrogram(frames as tf.Tensor3D, this.zeroPaddedWindow.tensor() as tf.Tensor1D, {
      ...{ hopLength: 1, center: false, padMode: 'constant', power: 2 },
      dft: () => this.dftOfLags.tensor() as tf.Tensor2D,
    });
    const flat = tf.reshape(power, [clips * channels * nFrames, 1 + length / 2]) as tf.Tensor2D;
    const lags = tf.matMul(flat, this.inverse.tensor() as tf.Tensor2D);
    return tf.reshape(normalizeFrames(lags, norm), [clips, channels, nFrames, nLags]);
  }

  protected override countOutputs(): number {
    return this.tempo.nLags;
  }

  protected override disposeWeights(): number {
    [this.zeroPaddedWindow, this.dftOfLags, this.inverse].forEach((matrix) => matrix.dispose());
    return super.disposeWeights();
  }

  /** Decibels `[clips, channels, frames, mels]` to onset strength `[clips, channels, frames]`. */
  private onsetStrength(decibels: tf.Tensor4D): tf.Tensor3D {
    const [clips, channels, nFrames, nMels] = decibels.shape;
    const { nFft, hopLength } = this.stft;
    const delay = Math.min(nFrames, 1 + Math.floor(nFft / (2 * hopLength))); // librosa's, for a centred frame
    const silent = tf.zeros([clips, channels, delay]);
    if (delay === nFrames) return silent as tf.Tensor3D;
    const after = tf.slice(decibels, [0, 0, 1, 0], [clips, channels, nFrames - 1, nMels]);
    const before = tf.slice(decibels, [0, 0, 0, 0], [clips, channels, nFrames - 1, nMels]);
    const rises = tf.mean(tf.relu(tf.sub(after, before)), 3);
    return tf.concat(
      [silent, tf.slice(rises, [0, 0, 0], [clips, channels, nFrames - delay])],
      2,
    ) as tf.Tensor3D;
  }
}
tf.serialization.registerClass(Tempogram, 'sonotag');

/** A power of two that holds a whole autocorrelation of `nLags` values. */
function correlationLength(nLags: number): number {
  return 2 ** Math.ceil(Math.log2(2 * nLags));
}

/** 0, 1/n … (n − 1)/n. */
function ramp(n: number): tf.Tensor1D {
  return tf.tensor1d(Float32Array.from({ length: n }, (_, i) => i / n));
}

/** From a power spectrum's bins 0 … length/2 to the first lags of the autocorrelation, row-major `[bins, nLags]`. */
function inverseOfPower(length: number, nLags: number): Float32Array {
  const bins = 1 + length / 2;
  const matrix = new Float32Array(bins * nLags);
  for (let bin = 0; bin < bins; bin++) {
    const weight = (bin === 0 || bin === length / 2 ? 1 : 2) / length;
    for (let lag = 0; lag < nLags; lag++) {
      matrix[bin * nLags + lag] = weight * Math.cos((2 * Math.PI * ((bin * lag) % length)) / length);
    }
  }
  return matrix;
}
