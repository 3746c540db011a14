/** What the composed front ends have in common: a waveform's magnitudes, and decibels of them where asked for. */
import type * as tf from '@tensorflow/tfjs';
import { AmplitudeToDecibel } from '../amplitudeToDecibel.ts';
import { requireOneOf } from '../dsp/checks.ts';
import type { LayerArgs } from '../layerArgs.ts';
import { Magnitude } from '../magnitude.ts';
import { MagnitudeToDecibel, type MagnitudeToDecibelArgs } from '../magnitudeToDecibel.ts';
import { Spectrogram } from '../spectrogram.ts';
import { STFT, type STFTArgs } from '../stft.ts';

export interface MagnitudeArgs extends Omit<STFTArgs, keyof LayerArgs> {
  /** Shape of one waveform: `[samples]`, `[samples, channels]` or `[channels, samples]`; null where it varies. */
  inputShape: tf.Shape;
  /** Decibels of each clip; null leaves magnitudes. Default null. */
  decibel?: MagnitudeDecibel | null;
  /** Of the model. */
  name?: string;
}

export interface MagnitudeDecibel extends Pick<MagnitudeToDecibelArgs, 'ref' | 'amin' | 'topDb'> {
  /** `'amplitude'`, 20 logarithms of a magnitude; `'kapre'`, 10 of them, as Kapre has it. Default `'amplitude'`. */
  convention?: 'amplitude' | 'kapre';
}

/** Waveform to magnitudes, `[batch, frames, bins, channels]` or channels second. */
export function magnitudeLayers(args: Omit<MagnitudeArgs, 'decibel' | 'name'>): tf.layers.Layer[] {
  const { windowPosition = 'center', padBegin = false, padEnd = false, ...common } = args;
  // the same numbers by a faster kernel, which knows nothing of Kapre's framing
  if (windowPosition === 'center' && !padBegin && !padEnd) return [new Spectrogram({ ...common, power: 1 })];
  return [new STFT(args), new Magnitude()];
}

/** The layer that the option asks for, if any. */
export function decibelLayers(decibel: MagnitudeDecibel | null): tf.layers.Layer[] {
  if (decibel === null) return [];
  const { convention = 'amplitude', ...options } = decibel;
  requireOneOf('decibel: convention', convention, ['amplitude', 'kapre']);
  return [convention === 'kapre' ? new MagnitudeToDecibel(options) : new AmplitudeToDecibel(options)];
}
