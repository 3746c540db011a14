import { readFileSync } from 'node:fs';

/** Options as librosa names them; a fixture's own set is a part of these. */
export interface LibrosaOptions {
  n_fft: number;
  hop_length?: number;
  win_length?: number;
  window?: 'hann' | 'hamming' | 'blackman' | 'boxcar';
  center?: boolean;
  pad_mode?: 'reflect' | 'constant';
}

export interface LibrosaFixture {
  made_with: string;
  sample_rate: number;
  signal: number[];
  stfts: { options: LibrosaOptions; shape: [number, number]; real: number[]; imag: number[] }[];
  mels: {
    options: { n_fft: number; n_mels: number; htk?: boolean; norm?: null; fmin?: number; fmax?: number };
    matrix: number[];
  }[];
  melspectrogram: {
    n_fft: number;
    hop_length: number;
    n_mels: number;
    shape: [number, number];
    values: number[];
  };
  decibels: { options: { ref?: number | 'max'; amin?: number; top_db?: number | null }; values: number[] }[];
  windows: {
    name: 'hann' | 'hamming' | 'blackman' | 'boxcar';
    length: number;
    periodic: boolean;
    values: number[];
  }[];
  mel_frequencies: { htk: boolean; values: number[] }[];
}

/** What `test/fixtures/librosa/make.py` wrote; `made_with` names the versions. */
export const librosa = JSON.parse(
  readFileSync(new URL('../fixtures/librosa/frontEnd.json', import.meta.url), 'utf8'),
) as LibrosaFixture;

/** librosa's STFT options under our names. */
export function stftOptions(options: LibrosaOptions) {
  return {
    nFft: options.n_fft,
    winLength: options.win_length,
    hopLength: options.hop_length,
    window: options.window,
    center: options.center,
    padMode: options.pad_mode,
  };
}
