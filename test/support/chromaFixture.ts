import type { PadMode } from '../../layers/dsp/framing.ts';
import type { Norm } from '../../layers/dsp/norms.ts';
import type { WindowName } from '../../layers/dsp/windows.ts';
import { readPeerFixture, type PeerArray } from './peerArray.ts';

/** Options as librosa names them; a fixture's own set is a part of these. */
export interface ChromaOptions {
  n_fft: number;
  hop_length: number;
  n_input: number;
  n_chroma?: number;
  n_octaves?: number;
  bins_per_octave?: number;
  fmin?: number;
  tuning?: number;
  ctroct?: number;
  octwidth?: number | null;
  norm?: Norm;
  base_c?: boolean;
  threshold?: number;
  center?: boolean;
  window?: WindowName;
  pad_mode?: PadMode;
}

interface ChromaCase {
  options: ChromaOptions;
  values: PeerArray;
}

/** What `test/fixtures/librosa/chroma.py` wrote. */
export const chromaFixture = readPeerFixture<{
  sample_rate: number;
  signal: PeerArray;
  filterbanks: ChromaCase[];
  foldings: ChromaCase[];
  stft: ChromaCase[];
  cqt: ChromaCase[];
}>('librosa/chroma.json');

/** librosa's options under our names. */
export function chromaOptions(options: ChromaOptions) {
  return {
    sampleRate: chromaFixture.sample_rate,
    nChroma: options.n_chroma,
    fMin: options.fmin,
    binsPerOctave: options.bins_per_octave,
    tuning: options.tuning,
    norm: options.norm,
    baseC: options.base_c,
  };
}
