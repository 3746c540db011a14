/** What runs inside the threads of AudioPool. */

import { move, transferableSymbol, valueSymbol } from 'piscina';

import { InputError } from '../errors.ts';
import { loadAudioWith } from './loadAudio.ts';
import type { LoadAudioOptions, Waveform } from './loadAudio.ts';
import type { ResampleBuild } from './resampleKernel/simdResampler.ts';

export interface AudioJob {
  path: string;
  options: LoadAudioOptions;
  /** The kernel of the thread that asks, so that all threads give the same bits. */
  build: ResampleBuild | 'none';
}

/** Crosses threads by structured clone, which would strip an InputError of its class. */
export type AudioJobResult = { waveform: Waveform } | { inputError: string };

/** Loads one file; the samples are moved to the caller, not copied. */
export async function loadInWorker({ path, options, build }: AudioJob): Promise<AudioJobResult> {
  try {
    const waveform = await loadAudioWith(build, path, options);
    const wrapped = { [transferableSymbol]: [waveform.samples.buffer], [valueSymbol]: { waveform } };
    return move(wrapped as never) as unknown as AudioJobResult; // unwrapped by piscina as it is posted
  } catch (error) {
    if (error instanceof InputError) return { inputError: error.message };
    throw error;
  }
}
