/** Kapre 0.0 and 0.1 (2017 to 2019): spectrograms by stored DFT kernels, `[batch, frequencies, frames, channels]`. */
import * as tf from '@tensorflow/tfjs';
import { MelSpectrogram, Normalization2D, Spectrogram } from '../../../layers/index.ts';
import { dftKernels } from '../../../layers/dsp/dft.ts';
import { melFilterbank } from '../../../layers/dsp/mel.ts';
import { getWindow } from '../../../layers/dsp/windows.ts';
import { InputError } from '../../errors.ts';
import { framingPads } from './framing.ts';
import {
  asImage,
  channelsFirst,
  imageInput,
  onlyInput,
  put,
  requireWeights,
  turnKernel,
  turnsKernels,
  type Item,
  type LayerImporter,
  type Value,
} from './importing.ts';
import { KapreDecibel, NormalizeOverBatch, PadWaveform, StoredSpectrogram } from './layers/index.ts';
import type { Settings } from './settings.ts';

/** Importers by Kapre's class names. */
export const kapre2017Layers: Readonly<Record<string, LayerImporter>> = {
  Spectrogram: (item) => importSpectrogram(item, false),
  Melspectrogram: (item) => importSpectrogram(item, true),
  Normalization2D: importNormalization,
  AmplitudeToDB: (item) => {
    const { settings, context } = item;
    const { x, moved } = imageInput(item);
    noteDecibel(item, context.reference);
    const decibel = new KapreDecibel({
      reference: context.reference,
      amin: settings.number('amin', 1e-10),
      dynamicRange: settings.number('top_db', 80),
      name: context.nameOf(item.layer),
    });
    return asImage(put(item, decibel, x), moved);
  },
  AdditiveNoise: (item) => {
    const value = onlyInput(item);
    const stddev = item.settings.number('power', 0.1);
    const noise = tf.layers.gaussianNoise({ stddev, name: item.context.nameOf(item.layer) });
    if (value.form === 'stft') throw new InputError(`${item.settings.where}: takes no complex spectrogram.`);
    return { ...value, x: put(item, noise, value.x) };
  },
};

/** What a spectrogram layer is asked for. */
interface Asked {
  nFft: number;
  hopLength: number;
  mel: { sampleRate: number; nMels: number; fMin: number; fMax: number; melScale: 'slaney' | 'htk'; norm: 'slaney' | null } | null; // prettier-ignore
  /** Exponent of the magnitude. */
  power: number;
  decibel: boolean;
}

function importSpectrogram(item: Item, isMel: boolean): Value {
  const { settings, context } = item;
  const asked = readAsked(settings, isMel);
  const { nFft, hopLength, mel } = asked;
  const x = paddedWaveform(item, asked);
  const nBins = 1 + nFft / 2;
  const kernelShape = [nFft, 1, 1, nBins];
  const shapes = [kernelShape, kernelShape, ...(mel ? [[nBins, mel.nMels]] : [])];
  // weights alone, of Keras 1, may leave them out
  const stored = item.layer.weights.length === 0 ? undefined : requireWeights(item, shapes);
  const { facts, notes, reference } = context;
  facts.sampleRate = mel?.sampleRate;
  facts.options = { nFft, hopLength, padding: settings.oneOf('padding', paddings, 'same'), ...(mel ?? { nMels: null }) }; // prettier-ignore
  const { map, scaled } = stored === undefined || isExact(stored, asked, item)
    ? exactSpectrogram(item, asked, x)
    : { map: storedSpectrogram(item, asked, x, stored), scaled: false }; // prettier-ignore
  if (stored === undefined) notes.push('front end: the file holds no DFT kernels; the exact ones are taken');
  let image = tf.layers.permute({ dims: [2, 1, 3] }).apply(map) as tf.SymbolicTensor;
  if (asked.decibel) noteDecibel(item, reference);
  if (!scaled && (asked.power !== 2 || asked.decibel)) {
    const scale = { power: asked.power, reference: asked.decibel ? reference : null };
    image = put(item, new KapreDecibel({ ...scale, name: 'decibel' }), image);
  }
  return asImage(image, channelsFirst(settings));
}

const paddings = ['same', 'valid', 'theanoSame'] as const;

function readAsked(settings: Settings, isMel: boolean): Asked {
  const nFft = settings.integer('n_dft', { least: 2, fallback: 512 });
  if (nFft % 2 !== 0) throw settings.refuse('n_dft', 'even');
  const hopLength = settings.integer('n_hop', { fallback: nFft / 2 });
  if (!isMel) {
    const power = settings.number('power_spectrogram', 2);
    return { nFft, hopLength, mel: null, power, decibel: settings.boolean('return_decibel_spectrogram', false) }; // prettier-ignore
  }
  for (const [name, needed] of [
    ['power_spectrogram', 2],
    ['return_decibel_spectrogram', false],
  ] as const) {
    if ((settings.get(name) ?? needed) !== needed) throw settings.refuse(name, String(needed)); // prettier-ignore
  }
  const sampleRate = settings.number('sr', 22050);
  const norm = settings.get('norm');
  if (norm !== undefined && norm !== null && norm !== 'slaney' && norm !== 1)
    throw settings.refuse('norm', "'slaney', 1 or null");
  return {
    nFft,
    hopLength,
    mel: {
      sampleRate,
      nMels: settings.integer('n_mels', { fallback: 128 }),
      fMin: settings.number('fmin', 0),
      fMax: settings.number('fmax', sampleRate / 2),
      melScale: settings.boolean('htk', false) ? 'htk' : 'slaney',
      norm: norm === null ? null : 'slaney',
    },
    power: settings.number('power_melgram', 1),
    decibel: settings.boolean('return_decibel_melgram', false),
  };
}

/** `[batch, samples]` with the zeros that the framing asks for. */
function paddedWaveform(item: Item, { nFft, hopLength }: Asked): tf.SymbolicTensor {
  const value = onlyInput(item);
  if (value.form !== 'waveform') {
    throw new InputError(`${item.settings.where}: must come first, on the waveform, to be imported.`);
  }
  const samples = value.x.shape[1]!;
  const padding = item.settings.oneOf('padding', paddings, 'same');
  if (padding === 'valid') return value.x;
  const theano = padding === 'theanoSame' || turnsKernels(item.context);
  return put(item, new PadWaveform(framingPads(samples, { nFft, hopLength, theano })), value.x);
}

/** Our own layer, which has a fast kernel; decibels too where they are each clip's own. */
function exactSpectrogram(
  item: Item,
  { nFft, hopLength, mel, power, decibel }: Asked,
  x: tf.SymbolicTensor,
): { map: tf.SymbolicTensor; scaled: boolean } {
  const framing = { nFft, hopLength, center: false } as const;
  if (mel === null)
    return { map: put(item, new Spectrogram({ ...framing, name: 'spectrogram' }), x), scaled: false };
  const scaled = decibel && power === 2 && item.context.reference === 'clip';
  const options = { ...framing, ...mel, decibel: scaled ? ({ ref: 'max' } as const) : null, name: 'logMel' };
  return { map: put(item, new MelSpectrogram(options), x), scaled };
}

function storedSpectrogram(
  item: Item,
  { nFft, hopLength, mel }: Asked,
  x: tf.SymbolicTensor,
  [real, imag, filterbank]: Float32Array[],
): tf.SymbolicTensor {
  const nBins = 1 + nFft / 2;
  const turned = (kernel: Float32Array) => (turnsKernels(item.context) ? turnKernel(kernel, nFft) : kernel);
  const kernels = new Float32Array(2 * nFft * nBins);
  [turned(real), turned(imag)].forEach((kernel, part) => {
    for (let n = 0; n < nFft; n++) {
      kernels.set(kernel.subarray(n * nBins, (n + 1) * nBins), (2 * n + part) * nBins);
    }
  });
  const options = { nFft, nBins, hopLength, nBands: mel?.nMels ?? null, trainable: false };
  const layer = new StoredSpectrogram({ ...options, name: 'storedSpectrogram' });
  return put(item, layer, x, mel ? [kernels, filterbank] : [kernels]);
}

/** Rounding of float32 in the file and in what computed it: librosa of 2017 leaves 1.1e-6 of the largest value. */
const exactTo = 4e-6;

/** Whether the stored kernels and filterbank are the exact ones, up to the sign of the imaginary part. */
function isExact(
  [real, imag, filterbank]: Float32Array[],
  { nFft, mel }: Asked,
  { context: { notes } }: Item,
): boolean {
  const nBins = 1 + nFft / 2;
  const exact = dftKernels(getWindow('hann', nFft));
  const part = (offset: number, sign: number) =>
    Float32Array.from(
      { length: nFft * nBins },
      (_, i) => sign * exact[Math.floor(i / nBins) * 2 * nBins + offset + (i % nBins)],
    );
  const kernels = Math.max(
    largestDifference(real, part(0, 1)),
    Math.min(largestDifference(imag, part(nBins, 1)), largestDifference(imag, part(nBins, -1))),
  );
  const exactFilterbank = mel && melFilterbank({ ...mel, nFft });
  const bands = exactFilterbank ? largestDifference(filterbank, exactFilterbank) : 0;
  const same = kernels <= exactTo && bands <= exactTo;
  const differences = `kernels ${kernels.toExponential(1)}${mel ? `, filterbank ${bands.toExponential(1)}` : ''}`;
  notes.push(
    same
      ? `front end: the stored matrices are the exact ones to float32 rounding (${differences}); computed by FFT`
      : `front end: the stored matrices are not the exact ones (${differences}) and are used as they are`,
  );
  return same;
}

/** Relative to the largest value. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const here = Math.abs(a[i] - b[i]);
    if (!(here <= difference)) difference = here; // NaN stays
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return difference / largest;
}

function noteDecibel({ context: { facts } }: Item, reference: 'clip' | 'batch'): void {
  facts.decibel = { of: 'power', reference };
  facts.overBatch ||= reference === 'batch';
}

/** Axes of Kapre's names by data format; its maps have frequency before time. */
const namedAxes = {
  first: { batch: -1, data_sample: 0, channel: 1, freq: 2, time: 3 },
  last: { batch: -1, data_sample: 0, freq: 1, time: 2, channel: 3 },
} as const;

function importNormalization(item: Item): Value {
  const { settings, context, layer } = item;
  const { x, moved } = imageInput(item);
  const name = context.nameOf(layer);
  const axes = namedAxes[channelsFirst(settings) ? 'first' : 'last'];
  const named = settings.get('str_axis');
  const given =
    named == null
      ? settings.integer('int_axis', { least: -1 })
      : axes[settings.oneOf('str_axis', Object.keys(axes) as (keyof typeof axes)[])];
  if (given > 3) throw settings.refuse('int_axis', 'at most 3');
  // in memory the channels are last
  const axis = moved && given >= 1 ? [3, 1, 2][given - 1] : given;
  const epsilon = settings.number('eps', 1e-10);
  if (context.reference === 'batch' && axis !== 0) {
    context.facts.overBatch = true;
    return asImage(put(item, new NormalizeOverBatch({ axis, epsilon, name }), x), moved);
  }
  // our layer calls axis 1 time and axis 2 frequency
  const own = ({ 1: 'time', 2: 'frequency', 3: 'channel' } as const)[axis as 1 | 2 | 3] ?? 'dataSample';
  return asImage(put(item, new Normalization2D({ axis: own, epsilon, name }), x), moved);
}
