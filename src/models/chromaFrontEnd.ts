/** Learned chroma as the front end of a tagger, alone or beside mel bands. */
import * as tf from '@tensorflow/tfjs';
import {
  AmplitudeToDecibel,
  constantQFrequencies,
  CQT,
  LearnedChroma,
  Normalization2D,
  type NormalizationAxis,
} from '../../layers/index.ts';
import { requireInteger } from '../../layers/dsp/checks.ts';

export interface ChromaFrontEndOptions {
  /** Octaves above C1 that are folded. Default 7, or as many as fit below half of the sampling rate. */
  nOctaves?: number;
  /** Bins of the constant-Q transform in an octave, a multiple of 12. Default 36. */
  binsPerOctave?: number;
  /** Train the chroma weights; false keeps octave equivalence, which is fixed chroma. Default true. */
  trainableChroma?: boolean;
}

interface ChromaMapOptions extends ChromaFrontEndOptions {
  /** Hz. */
  sampleRate: number;
  /** Samples. */
  hopLength: number;
  /** dB; null keeps everything. */
  topDb: number | null;
  normalize: NormalizationAxis | null;
}

/** Rows that a pitch class takes are a whole number. */
const nChroma = 12;

/**
 * Waveform `[batch, samples]` to `[batch, frames, 12, 1]`: magnitudes of a constant-Q transform, `LearnedChroma` from
 * octave equivalence on, decibels below each clip's peak as the mel bands have them, normalised. C is the first row.
 *
 * @throws RangeError if an option is out of range, or the octaves reach beyond half of the sampling rate.
 */
export function applyChroma(waveform: tf.SymbolicTensor, options: ChromaMapOptions): tf.SymbolicTensor {
  const { sampleRate, hopLength, binsPerOctave = 36, trainableChroma = true, topDb, normalize } = options;
  const { nOctaves = mostOctaves(sampleRate) } = options;
  requireInteger('compactConvnet: frontEnd.nOctaves', nOctaves, 1, 'octave');
  const layers: tf.layers.Layer[] = [
    new CQT({ sampleRate, hopLength, binsPerOctave, nBins: nOctaves * binsPerOctave, name: 'cqt' }),
    new LearnedChroma({
      start: { scale: 'log', binsPerOctave },
      useBias: false, // a quieter recording is to have the same decibels below its peak
      trainable: trainableChroma,
      name: 'chroma',
    }),
    new AmplitudeToDecibel({ ref: 'max', topDb, name: 'chromaDecibel' }),
  ];
  if (normalize !== null) layers.push(new Normalization2D({ axis: normalize, name: 'chromaNormalization' }));
  return layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, waveform);
}

/**
 * `[batch, frames, nMels, 1]` and `[batch, frames, 12, 1]` as the two channels of `[batch, frames, nMels, 2]`: each
 * pitch class fills `nMels / 12` rows, C the lowest. So it takes the blocks' pools along frequency, 6 rows in the
 * first two, to merge two pitch classes, as they do where chroma comes alone; repeated octave by octave, half an octave
 * would be merged there. A row's pitch class is not that of its mel band: kernels have weights for each channel.
 *
 * @throws RangeError if `nMels` is no multiple of 12.
 */
export function besideMel(mel: tf.SymbolicTensor, chroma: tf.SymbolicTensor): tf.SymbolicTensor {
  const [, nFrames, nMels] = mel.shape as number[];
  if (nMels % nChroma !== 0) {
    throw new RangeError(
      `compactConvnet: mel+chroma gives each of ${nChroma} pitch classes as many rows, so mel bands must be a multiple ` +
        `of ${nChroma}; got ${nMels}. Use ${nChroma * Math.max(1, Math.round(nMels / nChroma))}.`,
    );
  }
  const sideBySide = (maps: tf.SymbolicTensor[], name: string) =>
    tf.layers.concatenate({ axis: 3, name }).apply(maps) as tf.SymbolicTensor;
  let rows = chroma;
  if (nMels > nChroma) {
    const copies = sideBySide(new Array<tf.SymbolicTensor>(nMels / nChroma).fill(chroma), 'chromaCopies');
    rows = tf.layers
      .reshape({ targetShape: [nFrames, nMels, 1], name: 'chromaRows' })
      .apply(copies) as tf.SymbolicTensor;
  }
  return sideBySide([mel, rows], 'melAndChroma');
}

/** Whole octaves above C1 that fit below half of the sampling rate, 7 at most. */
function mostOctaves(sampleRate: number): number {
  const [c1] = constantQFrequencies({ nBins: 1 });
  return Math.min(7, Math.floor(Math.log2(sampleRate / 2 / c1)));
}
