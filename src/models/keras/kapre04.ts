/** Kapre 0.2 to 0.4: `[batch, frames, frequencies, channels]`. */
import type * as tf from '@tensorflow/tfjs';
import {
  ApplyFilterbank,
  ConcatenateFrequencyMap,
  Delta,
  LogmelToMFCC,
  PowerToDecibel,
  Spectrogram,
  type DeltaMode,
} from '../../../layers/index.ts';
import { InputError } from '../../errors.ts';
import {
  asImage,
  imageInput,
  onlyInput,
  put,
  type ImportContext,
  type Item,
  type LayerImporter,
  type Value,
} from './importing.ts';
import { PadWaveform } from './layers/index.ts';
import { Settings } from './settings.ts';

/** Importers by Kapre's class names. */
export const kapre04Layers: Readonly<Record<string, LayerImporter>> = {
  STFT: (item) => {
    const value = onlyInput(item);
    if (value.form === 'waveform') return { form: 'stft', x: value.x, settings: item.settings };
    throw new InputError(`${item.settings.where}: must come first, on the waveform, to be imported.`);
  },
  Magnitude: importMagnitude,
  MagnitudeToDecibel: overMap((settings, name, { facts }) => {
    facts.decibel = { of: 'magnitude', reference: 'fixed' };
    return new PowerToDecibel({
      ref: settings.number('ref_value', 1),
      amin: settings.number('amin', 1e-5),
      topDb: settings.number('dynamic_range', 80),
      name,
    });
  }),
  ApplyFilterbank: overMap((settings, name, { facts }) => {
    const options = readFilterbank(settings);
    facts.sampleRate = options.sampleRate;
    Object.assign(facts.options, options);
    return new ApplyFilterbank({ ...options, name });
  }),
  Delta: overMap(
    (settings, name) =>
      new Delta({
        winLength: settings.integer('win_length', { least: 3, fallback: 5 }),
        mode: settings.oneOf<DeltaMode>('mode', ['symmetric', 'reflect', 'constant'], 'symmetric'),
        name,
      }),
  ),
  LogmelToMFCC: overMap(
    (settings, name) =>
      new LogmelToMFCC({ nMfccs: settings.integer('n_mfccs', { fallback: 20 }), norm: 'htk', name }),
  ),
  ConcatenateFrequencyMap: overMap((_settings, name) => new ConcatenateFrequencyMap({ name })),
  SpecAugment: onlyInput, // at work in training only, as is the next
  ChannelSwap: onlyInput,
};

/** A layer `[batch, frames, frequencies, channels]` in memory, whichever way Kapre has the channels. */
function overMap(
  create: (settings: Settings, name: string, context: ImportContext) => tf.layers.Layer,
): LayerImporter {
  return (item) => {
    const value = onlyInput(item);
    // a layer without a data format of its own takes maps as they come
    const { x, moved } = value.form === 'moved' ? { x: value.x, moved: true } : imageInput(item);
    const layer = create(item.settings, item.context.nameOf(item.layer), item.context);
    return asImage(put(item, layer, x), moved);
  };
}

/** STFT and Magnitude as one layer of real arithmetic. */
function importMagnitude(item: Item): Value {
  const value = onlyInput(item);
  if (value.form !== 'stft') {
    throw new InputError(`${item.settings.where}: takes the output of STFT to be imported.`);
  }
  const { settings } = value;
  const nFft = settings.integer('n_fft', { least: 2, fallback: 2048 });
  const winLength = settings.integer('win_length', { fallback: nFft });
  const hopLength = settings.integer('hop_length', { fallback: Math.floor(winLength / 4) });
  if (winLength > nFft) throw settings.refuse('win_length', `at most n_fft, ${nFft}`);
  const window = ({ hann_window: 'hann', hamming_window: 'hamming' } as const)[
    settings.oneOf('window_name', ['hann_window', 'hamming_window'], 'hann_window')
  ];
  const samples = value.x.shape[1]!;
  // a window that is shorter than the frame stands at the frame's start there, in its middle here
  const lead = Math.floor((nFft - winLength) / 2);
  const begin = settings.boolean('pad_begin', false) ? nFft - hopLength : 0;
  const whole = begin + samples;
  const end = settings.boolean('pad_end', false)
    ? Math.max(0, (Math.ceil(whole / hopLength) - 1) * hopLength + winLength - whole)
    : 0;
  const pad = new PadWaveform({ before: begin + lead, after: end + nFft - winLength - lead });
  const { facts } = item.context;
  facts.options = { nFft, winLength, hopLength, window, center: false, nMels: null };
  const options = { nFft, winLength, hopLength, window, center: false, power: 1, name: 'spectrogram' } as const; // prettier-ignore
  const map = put(item, new Spectrogram(options), put(item, pad, value.x));
  return asImage(map, outputChannelsFirst(settings));
}

function outputChannelsFirst(settings: Settings): boolean {
  const format = settings.oneOf('output_data_format', ['channels_last', 'channels_first', 'default'], 'default'); // prettier-ignore
  return format === 'channels_first';
}

function readFilterbank(settings: Settings) {
  const type = settings.oneOf('type', ['mel', 'log']);
  const given = settings.get('filterbank_kwargs');
  if (typeof given !== 'object' || given === null) throw settings.refuse('filterbank_kwargs', 'an object');
  const bank = new Settings(given as Record<string, unknown>, settings.where, settings);
  const sampleRate = bank.number('sample_rate');
  if (type === 'log') {
    return {
      type,
      sampleRate,
      nBands: bank.integer('n_bins', { fallback: 84 }),
      binsPerOctave: bank.integer('bins_per_octave', { fallback: 12 }),
      fMin: bank.number('f_min', 32.70319566),
      spread: bank.number('spread', 0.125),
    } as const;
  }
  return {
    sampleRate,
    nMels: bank.integer('n_mels', { fallback: 128 }),
    fMin: bank.number('f_min', 0),
    fMax: bank.number('f_max', sampleRate / 2),
    melScale: bank.boolean('htk', false) ? 'htk' : 'slaney',
    norm: bank.get('norm') === null ? null : bank.oneOf('norm', ['slaney'], 'slaney'),
  } as const;
}
