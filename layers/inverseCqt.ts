/** From a complex constant-Q transform back to a waveform, approximately. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireInteger } from './dsp/checks.ts';
import { c1Hz, constantQLengths, constantQOctaves, requireConstantQ, type ConstantQOctave, type ConstantQOptions } from './dsp/constantQ.ts'; // prettier-ignore
import { createDoubleRateMatrix, doubleRate } from './doubleRate.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface InverseCQTArgs extends LayerArgs, Omit<ConstantQOptions, 'gamma' | 'nBins'> {
  /** Samples that come out, cut or filled with zeros; null for `(frames - 1) * hopLength`. Default null. */
  length?: number | null;
  /** `[batch, frames, bins, channels, 2]` or `[batch, channels, frames, bins, 2]`. Default `'channelsLast'`. */
  inputDataFormat?: DataFormat;
  /** `[batch, samples, channels]` or `[batch, channels, samples]`. Default `'channelsLast'`. */
  outputDataFormat?: DataFormat;
}

/**
 * Waveform of what `CQT` with `complex: true` and the same options gives.
 *
 * Input: real and imaginary parts `[batch, frames, bins, channels, 2]`. Output: `[batch, samples, channels]`.
 * Differentiable. Each wavelet is laid down again with its coefficient, and overlaps are averaged; there is no exact
 * inverse. It is good where frames overlap in every octave (`hopLength` at most about a quarter of the shortest
 * wavelet), where the signal lies between the lowest and the highest bin, since what lies outside is lost, and where it
 * changes slowly against the wavelets: partials that swell over 0.75 s come back at 38 dB with 24 bins an octave, at
 * 23 dB with the longer wavelets of 36, and at 6 dB with frames far apart.
 *
 * Same numbers as librosa 0.11 `icqt` with `sparsity=0`, which takes the same wavelets only where the forward
 * transform does not halve the rate before the first octave. Where the octaves are not whole, librosa cuts them from the
 * top in `cqt` but from the bottom in `icqt`, here from the top in both: transform and inverse come back equally well.
 *
 * @throws RangeError if an option is out of range, or there is no frame to hold the samples.
 * @example new InverseCQT({ sampleRate: 22050, binsPerOctave: 36 }).apply(complexCqt)
 */
export class InverseCQT extends tf.layers.Layer {
  static className = 'InverseCQT';
  private readonly options: Required<Omit<InverseCQTArgs, keyof LayerArgs>>;
  private readonly doubling = createDoubleRateMatrix();
  /** Most often halved first. */
  private octaves: (ConstantQOctave & { hop: number; synthesis: FrozenMatrix })[] = [];

  constructor(args: InverseCQTArgs) {
    const {
      sampleRate,
      hopLength = 512,
      fMin = c1Hz,
      binsPerOctave = 12,
      tuning = 0,
      filterScale = 1,
      norm = 1,
      scale = true,
      window = 'hann',
      wavelets = 'librosa',
      length = null,
      inputDataFormat = 'channelsLast',
      outputDataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    const bank = { sampleRate, hopLength, fMin, binsPerOctave, tuning, filterScale, norm, scale, window, wavelets }; // prettier-ignore
    requireConstantQ('InverseCQT', { ...bank, nBins: 1 });
    if (length !== null) requireInteger('InverseCQT: length, unless null,', length, 1, 'sample');
    requireDataFormat('InverseCQT: inputDataFormat', inputDataFormat);
    requireDataFormat('InverseCQT: outputDataFormat', outputDataFormat);
    this.options = { ...bank, length, inputDataFormat, outputDataFormat };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { nBins } = this.readShape(onlyShape(inputShape));
    const bank = { ...this.options, nBins };
    requireConstantQ('InverseCQT', bank);
    const lengths = constantQLengths(bank);
    this.octaves = constantQOctaves(bank)
      .reverse()
      .map((octave) => {
        const hop = this.options.hopLength / 2 ** octave.decimations;
        const shape = [2 * octave.nBins, hop * Math.ceil((2 * octave.half) / hop)];
        const values = () => synthesisMatrix(octave, lengths, shape[1]);
        return { ...octave, hop, synthesis: new FrozenMatrix(values, shape) };
      });
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { batch, nFrames, channels } = this.readShape(onlyShape(inputShape));
    const samples = this.countSamples(nFrames);
    return this.options.outputDataFormat === 'channelsLast'
      ? [batch, samples, channels]
      : [batch, channels, samples];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      if (x.size === 0) return tf.zeros(this.computeOutputShape(x.shape) as number[]);
      const { inputDataFormat, outputDataFormat } = this.options;
      const { batch, channels, nFrames, nBins } = this.readShape(x.shape);
      const moves = inputDataFormat === 'channelsLast' && channels! > 1;
      const first = moves ? tf.transpose(x, [0, 3, 1, 2, 4]) : x;
      const map = tf.reshape(first, [batch! * channels! * nFrames!, nBins, 2]) as tf.Tensor3D;
      const rows = fitLength(this.synthesize(map, nFrames!), this.countSamples(nFrames)!);
      const signals = tf.reshape(rows, [batch!, channels!, rows.shape[1]]);
      return outputDataFormat === 'channelsLast' ? tf.transpose(signals, [0, 2, 1]) : signals;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  protected override disposeWeights(): number {
    this.doubling.dispose();
    this.octaves.forEach(({ synthesis }) => synthesis.dispose());
    return super.disposeWeights();
  }

  /** `[rows * frames, bins, 2]` to `[rows, (frames - 1) * hopLength]`. */
  private synthesize(map: tf.Tensor3D, nFrames: number): tf.Tensor2D {
    const matrix = this.doubling.tensor() as tf.Tensor2D;
    const timesDoubled = (x: tf.Tensor2D, times: number): tf.Tensor2D =>
      times === 0 ? x : timesDoubled(doubleRate(x, matrix), times - 1);
    let sum: tf.Tensor2D | undefined;
    let halvings = 0; // of the sum
    for (const octave of this.octaves) {
      const { decimations, firstBin, nBins, half, hop, synthesis } = octave;
      const bins = tf.slice(map, [0, firstBin, 0], [map.shape[0], nBins, 2]);
      // [rows * frames, 2 * bins]: real parts, then imaginary parts
      const parts = tf.reshape(tf.transpose(bins, [0, 2, 1]), [map.shape[0], 2 * nBins]) as tf.Tensor2D;
      const frames = tf.matMul(parts, synthesis.tensor() as tf.Tensor2D) as tf.Tensor2D;
      const signal = averageOverlaps(frames, { nFrames, frameLength: 2 * half, hop });
      const centred = tf.slice(signal, [0, half], [signal.shape[0], (nFrames - 1) * hop]) as tf.Tensor2D;
      sum = sum === undefined ? centred : tf.add(timesDoubled(sum, halvings - decimations), centred);
      halvings = decimations;
    }
    return timesDoubled(sum!, halvings);
  }

  private countSamples(nFrames: number | null): number | null {
    const { length, hopLength } = this.options;
    if (nFrames !== null && nFrames < 2) {
      throw new RangeError(`InverseCQT needs at least 2 frames; got ${nFrames}. Give a longer spectrogram.`);
    }
    return length ?? (nFrames === null ? null : (nFrames - 1) * hopLength);
  }

  private readShape(shape: tf.Shape) {
    const [batch, ...rest] = shape;
    const [nFrames, nBins, channels] =
      this.options.inputDataFormat === 'channelsLast' ? rest : [rest[1], rest[2], rest[0]];
    if (shape.length !== 5 || shape[4] !== 2 || nBins === null) {
      throw new RangeError(
        'InverseCQT needs real and imaginary parts of known bins, [batch, frames, bins, channels, 2]; ' +
          `got [${shape.join(', ')}]. Give it the output of CQT with complex: true.`,
      );
    }
    return { batch, nFrames, nBins, channels };
  }
}
tf.serialization.registerClass(InverseCQT, 'sonotag');

/**
 * The kernels, transposed and scaled so that a sine comes back with its amplitude: `[2 * bins, width]`. A frame has
 * `2 * half` samples, and overlaps are averaged over all of them, while the wavelet fills only its length of them.
 */
function synthesisMatrix(octave: ConstantQOctave, lengths: Float64Array, width: number): Float32Array {
  const { decimations, firstBin, nBins, half, kernels } = octave;
  const matrix = new Float32Array(2 * nBins * width);
  for (let bin = 0; bin < nBins; bin++) {
    let energy = 0;
    for (let row = 0; row < 2 * half; row++) {
      energy += kernels[row * 2 * nBins + bin] ** 2 + kernels[row * 2 * nBins + nBins + bin] ** 2;
    }
    const gain = (2 * 2 * half * 2 ** decimations) / (lengths[firstBin + bin] * energy);
    for (let row = 0; row < 2 * half; row++) {
      matrix[bin * width + row] = gain * kernels[row * 2 * nBins + bin];
      matrix[(nBins + bin) * width + row] = gain * kernels[row * 2 * nBins + nBins + bin];
    }
  }
  return matrix;
}

/** Frames `[rows * frames, width]` laid over each other, each sample divided by the frames that reach it. */
function averageOverlaps(
  frames: tf.Tensor2D,
  { nFrames, frameLength, hop }: { nFrames: number; frameLength: number; hop: number },
): tf.Tensor2D {
  const hopsPerFrame = frames.shape[1] / hop;
  const rows = frames.shape[0] / nFrames;
  const hops = tf.reshape(frames, [rows, nFrames, hopsPerFrame, hop]);
  const shifted = Array.from({ length: hopsPerFrame }, (_, r) =>
    tf.pad(tf.reshape(tf.slice(hops, [0, 0, r, 0], [rows, nFrames, 1, hop]), [rows, nFrames, hop]), [
      [0, 0],
      [r, hopsPerFrame - 1 - r],
      [0, 0],
    ]),
  );
  const length = (nFrames + hopsPerFrame - 1) * hop;
  const counts = new Float32Array(length);
  for (let t = 0; t < nFrames; t++) {
    for (let n = 0; n < frameLength; n++) counts[t * hop + n] += 1;
  }
  const weights = tf.tensor2d(
    counts.map((count) => 1 / Math.max(1, count)),
    [1, length],
  );
  return tf.mul(tf.reshape(tf.addN(shifted), [rows, length]), weights) as tf.Tensor2D;
}

function fitLength(x: tf.Tensor2D, length: number): tf.Tensor2D {
  const [rows, samples] = x.shape;
  if (samples >= length) return tf.slice(x, [0, 0], [rows, length]);
  return tf.pad(x, [
    [0, 0],
    [0, length - samples],
  ]);
}
