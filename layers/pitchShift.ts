/** Higher or lower in training, as a layer on spectrograms. */
import * as tf from '@tensorflow/tfjs';
import { Augmentation, requireRange, type AugmentationArgs, type Range } from './augmentation.ts';
import { fromChannelsFirst, requireDataFormat, toChannelsFirst, type DataFormat } from './dataFormat.ts';
import { bandFrequencies, type BandScale } from './dsp/bandFrequencies.ts';
import type { RandomNumbers } from './dsp/randomNumbers.ts';

export interface PitchShiftArgs extends AugmentationArgs {
  /** Where the map's bands lie: `{ scale: 'linear' | 'mel', sampleRate }`, `{ scale: 'log', fMin }`, or a rising list in Hz. */
  bands: BandScale;
  /** The shift of each clip is drawn evenly from this range, in semitones, fractions too. Default [-2, 2]. */
  semitones?: Range;
  /** What stands where the shift leaves nothing, in units of the map. Default 0. */
  fillValue?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Moves each clip up or down in pitch in training, its tempo staying: an output band at f holds what stands at
 * `f / 2^(semitones / 12)`, between two bands by linear interpolation.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second.
 *
 * That is the shift of a recording played faster, brought back to its tempo: partials and formants move alike.
 * It moves what is in the map, so it is cheap, needs no phases, and is only as fine as the map's bands; above the top
 * band's source nothing is known, which `fillValue` stands for. Labels that name pitches have to move with it.
 *
 * @throws RangeError if an option is out of range, or the bands do not fit the map.
 * @example new PitchShift({ bands: { scale: 'mel', sampleRate: 12000 }, fillValue: -80 }).apply(decibels, { training: true })
 */
export class PitchShift extends Augmentation {
  static className = 'PitchShift';
  private readonly options: Required<Omit<PitchShiftArgs, keyof AugmentationArgs>>;

  constructor(args: PitchShiftArgs) {
    const {
      bands,
      semitones = [-2, 2],
      fillValue = 0,
      dataFormat = 'channelsLast',
      ...augmentationArgs
    } = args;
    super(augmentationArgs);
    requireRange('PitchShift: semitones', semitones, 'semitones');
    if (!Number.isFinite(fillValue)) {
      throw new RangeError(`PitchShift: fillValue must be a finite number; got ${fillValue}.`);
    }
    requireDataFormat('PitchShift: dataFormat', dataFormat);
    // refuses bad bands now, not at the first call
    const known = bandFrequencies(bands, 'length' in bands ? bands.length : 2);
    const falling = known.findIndex((hz, band) => band > 0 && hz <= known[band - 1]);
    if (falling > 0) {
      throw new RangeError(
        `PitchShift: bands must rise; ${known[falling]} Hz follows ${known[falling - 1]} Hz.`,
      );
    }
    this.options = { bands, semitones, fillValue, dataFormat };
  }

  protected override augment(input: tf.Tensor, random: RandomNumbers): tf.Tensor {
    const { bands, semitones, fillValue, dataFormat } = this.options;
    const x = toChannelsFirst(input as tf.Tensor4D, dataFormat);
    const [clips, channels, nFrames, nBins] = x.shape;
    const frequencies = bandFrequencies(bands, nBins);
    const moves = new Float32Array(clips * nBins * nBins);
    const fills = new Float32Array(clips * nBins);
    for (let clip = 0; clip < clips; clip++) {
      const ratio = 2 ** (random.uniform(semitones[0], semitones[1]) / 12);
      const fill = fills.subarray(clip * nBins, (clip + 1) * nBins);
      writeMove(moves.subarray(clip * nBins ** 2, (clip + 1) * nBins ** 2), fill, frequencies, ratio);
    }
    const rows = tf.reshape(x, [clips, channels * nFrames, nBins]);
    const moved = tf.matMul(rows, tf.tensor3d(moves, [clips, nBins, nBins]));
    const filled =
      fillValue === 0 ? moved : tf.add(moved, tf.mul(tf.tensor3d(fills, [clips, 1, nBins]), fillValue));
    return fromChannelsFirst(tf.reshape(filled, x.shape), dataFormat);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { bands, semitones, ...others } = this.options;
    return {
      ...super.getConfig(),
      ...others,
      bands: 'length' in bands ? [...bands] : { ...bands },
      semitones: [...semitones],
    };
  }
}
tf.serialization.registerClass(PitchShift, 'sonotag');

/**
 * @param move Becomes the matrix `[bins in, bins out]` that moves frequencies up by `ratio`.
 * @param fill Becomes 1 at the bins that nothing is moved to.
 */
function writeMove(move: Float32Array, fill: Float32Array, frequencies: Float64Array, ratio: number): void {
  const nBins = frequencies.length;
  let below = 0;
  for (let out = 0; out < nBins; out++) {
    const source = frequencies[out] / ratio;
    while (below < nBins - 1 && frequencies[below + 1] <= source) below++;
    const exact = Math.abs(frequencies[below] - source) <= 1e-9 * source;
    if (exact) {
      move[below * nBins + out] = 1;
    } else if (source < frequencies[0] || below === nBins - 1) {
      fill[out] = 1;
    } else {
      const share = (source - frequencies[below]) / (frequencies[below + 1] - frequencies[below]);
      move[below * nBins + out] = 1 - share;
      move[(below + 1) * nBins + out] = share;
    }
  }
}
