/** Kapre's options under our names. */
import { kapreFraming, type DataFormat } from '../../../layers/index.ts';

type KapreFormat = 'channels_first' | 'channels_last';

/** Of all layers and models together; each has a part of these. */
export interface KapreOptions {
  n_fft?: number;
  win_length?: number;
  hop_length?: number;
  window_name?: 'hamming_window';
  forward_window_name?: 'hamming_window';
  pad_begin?: boolean;
  pad_end?: boolean;
  pad_value?: number;
  input_data_format?: KapreFormat;
  output_data_format?: KapreFormat;
  data_format?: KapreFormat;
  approx_atan_accuracy?: number;
  ref_value?: number;
  amin?: number;
  dynamic_range?: number;
  type?: 'mel' | 'log';
  filterbank_kwargs?: KapreBank;
  mode?: 'symmetric' | 'reflect' | 'constant';
  frame_length?: number;
  sample_rate?: number;
  ref_duration?: number;
  quantization_channels?: number;
  n_mfccs?: number;
  return_decibel?: boolean;
  db_amin?: number;
  db_ref_value?: number;
  db_dynamic_range?: number;
  n_mels?: number;
  mel_f_min?: number;
  mel_f_max?: number;
  mel_htk?: boolean;
  mel_norm?: null;
  log_n_bins?: number;
  log_f_min?: number;
  log_bins_per_octave?: number;
  log_spread?: number;
  filters?: number;
  kernel_size?: number;
  strides?: number;
}

export interface KapreBank {
  sample_rate: number;
  n_mels?: number;
  f_min?: number;
  f_max?: number;
  htk?: boolean;
  norm?: null;
  n_bins?: number;
  bins_per_octave?: number;
  spread?: number;
}

export function dataFormat(format: KapreFormat | undefined): DataFormat | undefined {
  if (format === undefined) return undefined;
  return format === 'channels_first' ? 'channelsFirst' : 'channelsLast';
}

/** Options of `STFT` and `InverseSTFT`. */
export function framing(o: KapreOptions) {
  const hamming = o.window_name !== undefined || o.forward_window_name !== undefined;
  return {
    ...kapreFraming,
    nFft: o.n_fft,
    winLength: o.win_length,
    hopLength: o.hop_length,
    window: hamming ? ('hamming' as const) : undefined,
    padBegin: o.pad_begin,
    padEnd: o.pad_end,
    inputDataFormat: dataFormat(o.input_data_format),
    outputDataFormat: dataFormat(o.output_data_format),
  };
}

export function melOptions(bank: KapreBank) {
  return {
    sampleRate: bank.sample_rate,
    nMels: bank.n_mels,
    fMin: bank.f_min,
    fMax: bank.f_max,
    melScale: bank.htk === true ? ('htk' as const) : undefined,
    norm: bank.norm,
  };
}

export function logOptions(bank: KapreBank) {
  return {
    type: 'log' as const,
    sampleRate: bank.sample_rate,
    nBands: bank.n_bins,
    fMin: bank.f_min,
    binsPerOctave: bank.bins_per_octave,
    spread: bank.spread,
  };
}
