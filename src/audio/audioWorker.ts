/** What runs inside the threads of AudioPool. */

import { move, transferableSymbol, valueSymbol } from 'piscina';

import { InputError } from '../errors.ts';
import { loadAudio } from './loadAudio.ts';
import type { LoadAudioOptions, Waveform } from './loadAudio.ts';

export interface AudioJob {
  path: string;
  options: LoadAudioOptions;
}

/** Crosses threads by structured clone, which would strip an InputError of its class. */
export type AudioJobResult = { waveform: Waveform } | { inputError: string };

/** Loads one file; the samples are moved to the caller, not copied. */
export async function loadInWorker({ path, options }: AudioJob): Promise<AudioJobResult> {
  try {
    const waveform = await loadAudio(path, options);
    const wrapped = { [transferableSymbol]: [waveform.samples.buffer], [valueSymbol]: { waveform } };
    return move(wrapped as never) as unknown as AudioJobResult; // unwrapped by piscina as it is posted
  } catch (error) {
    if (error instanceof InputError) return { inputError: error.message };
    throw error;
  }
}
