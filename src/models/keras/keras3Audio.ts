/** The audio layers of Keras 3. */
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import { framingPads } from './framing.ts';
import { asImage, channelsFirst, onlyInput, put, requireWeights, toPlain, type Item, type LayerImporter, type Value } from './importing.ts'; // prettier-ignore
import { Keras3MelSpectrogram, KernelStft, kernelStftModes, PadWaveform } from './layers/index.ts';

/** Importers by Keras's class names. */
export const keras3Audio: Readonly<Record<string, LayerImporter>> = {
  MelSpectrogram: importMelSpectrogram,
  STFTSpectrogram: importStftSpectrogram,
};

function importMelSpectrogram(item: Item): Value {
  const { settings, context, layer } = item;
  const waveform = waveformInput(item, ['samples']);
  const sampleRate = settings.number('sampling_rate', 16000);
  const nFft = settings.integer('fft_length', { least: 2, fallback: 2048 });
  const hasWindow = settings.get('window') !== null;
  const options = {
    nFft,
    // without a window, Keras takes whole frames whatever the length is said to be
    winLength: hasWindow ? settings.integer('sequence_length', { fallback: nFft }) : nFft,
    hopLength: settings.integer('sequence_stride', { fallback: 512 }),
    window: hasWindow ? settings.oneOf('window', ['hann', 'hamming'], 'hann') : 'boxcar',
    center: true,
    nMels: settings.integer('num_mel_bins', { fallback: 128 }),
    fMin: settings.number('min_freq', 20),
    fMax: settings.number('max_freq', Math.floor(sampleRate / 2)),
    magnitudeExponent: settings.number('mag_exp', 2),
  } as const;
  const { facts, reference } = context;
  const amin = settings.number('min_power', 1e-10);
  const decibel = settings.boolean('power_to_db', true)
    ? {
        ref: Math.max(Math.abs(settings.number('ref_power', 1)), amin),
        ...{ amin, topDb: settings.number('top_db', 80), peakOf: reference },
      }
    : null;
  facts.sampleRate = sampleRate;
  facts.options = { ...options, melScale: 'htk', norm: null, kind: 'MelSpectrogram of Keras 3' };
  if (decibel !== null) {
    const of = options.magnitudeExponent === 2 ? 'power' : 'magnitude';
    facts.decibel = { of, reference: reference === 'batch' ? 'batch' : 'fixed' };
    if (reference === 'batch') facts.overBatch = true;
    else context.notes.push(`${layer.name}: top_db hangs from each clip's own peak, as Keras has it for one clip at a time`); // prettier-ignore
  }
  const mel = new Keras3MelSpectrogram({ ...options, sampleRate, decibel, name: context.nameOf(layer) });
  const map = put(item, mel, waveform);
  const [, nFrames, nMels] = map.shape;
  const frames = put(item, tf.layers.reshape({ targetShape: [nFrames, nMels] }), map);
  return { form: 'plain', x: put(item, tf.layers.permute({ dims: [2, 1] }), frames) };
}

function importStftSpectrogram(item: Item): Value {
  const { settings, context, layer } = item;
  const first = channelsFirst(settings);
  const waveform = waveformInput(item, first ? [1, 'samples'] : ['samples', 1]);
  const frameLength = settings.integer('frame_length', { fallback: 256 });
  const hopLength = settings.integer('frame_step', { fallback: Math.floor(frameLength / 2) });
  const nFft = settings.integer('fft_length', { least: 2, fallback: 2 ** Math.ceil(Math.log2(frameLength)) });
  const nBins = 1 + Math.floor(nFft / 2);
  const mode = settings.oneOf('mode', kernelStftModes, 'log');
  const parts = requireWeights(
    item,
    (mode === 'real' || mode === 'imag' ? [0] : [0, 1]).map(() => [frameLength, 1, nBins]),
  );
  const isSame = settings.oneOf('padding', ['valid', 'same'], 'valid') === 'same';
  const samples = waveform.shape[1]!;
  const padded = isSame
    ? put(
        item,
        new PadWaveform(framingPads(samples, { nFft: frameLength, hopLength, theano: false })),
        waveform,
      )
    : waveform;
  context.facts.options = { nFft, winLength: frameLength, hopLength, center: isSame ? 'same' : false, nMels: null, kind: 'STFTSpectrogram of Keras 3', mode }; // prettier-ignore
  const stft = new KernelStft({ frameLength, nBins, hopLength, mode, name: context.nameOf(layer) });
  const map = put(item, stft, padded, [sideBySide(parts, nBins)]);
  const [, nFrames, width] = map.shape;
  if (settings.boolean('expand_dims', false)) {
    return asImage(put(item, tf.layers.reshape({ targetShape: [nFrames, width, 1] }), map), first);
  }
  return { form: 'plain', x: first ? put(item, tf.layers.permute({ dims: [2, 1] }), map) : map };
}

/** The input as `[batch, samples]`, which Keras has in a shape of one channel, or of none. */
function waveformInput(item: Item, axes: readonly ('samples' | 1)[]): tf.SymbolicTensor {
  const value = onlyInput(item);
  const shape = value.form === 'waveform' ? value.shape : toPlain(value, item).shape.slice(1);
  const fits =
    shape.length === axes.length && axes.every((axis, at) => axis === 'samples' || shape[at] === 1);
  if (!fits) {
    throw new InputError(
      `${item.settings.where}: takes mono waveforms [${['batch', ...axes].join(', ')}] to be imported; the file ` +
        `gives it [${['batch', ...shape].join(', ')}].`,
    );
  }
  if (value.form === 'waveform') return value.x;
  const x = toPlain(value, item);
  if (axes.length === 1) return x;
  return put(item, tf.layers.reshape({ targetShape: [shape[axes.indexOf('samples')]] }), x);
}

/** Matrices `[rows, width]` as one, beside each other. */
function sideBySide(parts: Float32Array[], width: number): Float32Array {
  const rows = parts[0].length / width;
  const whole = new Float32Array(rows * width * parts.length);
  parts.forEach((part, at) => {
    for (let row = 0; row < rows; row++) {
      whole.set(part.subarray(row * width, (row + 1) * width), (row * parts.length + at) * width);
    }
  });
  return whole;
}
