/** Tags of one waveform: the call that a program makes. */
import { predictClips, type PredictOptions } from './predict.ts';
import { requireSampleRate } from './requireSampleRate.ts';
import type { Tagger } from './tagger.ts';

export interface TagProbability {
  tag: string;
  /** In [0, 1]. */
  probability: number;
}

export interface Waveform {
  /** `[samples]`, mono, full scale ±1. */
  samples: Float32Array;
  /** Hz; must be the tagger's. */
  sampleRate: number;
}

/**
 * All tags of a waveform, the most probable first.
 *
 * @throws InputError if the waveform's rate is not the tagger's.
 * @example (await tagWaveform(tagger, await loadAudio('song.mp3', { sampleRate: tagger.info.sampleRate })))[0]
 */
export async function tagWaveform(
  { model, info }: Tagger,
  { samples, sampleRate }: Waveform,
  options: PredictOptions = {},
): Promise<TagProbability[]> {
  requireSampleRate(info, sampleRate, 'the waveform');
  for await (const probabilities of predictClips(model, [samples], options)) {
    return rankTags(info.tags, probabilities);
  }
  return [];
}

/** Tags with their probabilities, the most probable first. */
export function rankTags(tags: readonly string[], probabilities: ArrayLike<number>): TagProbability[] {
  return tags
    .map((tag, index) => ({ tag, probability: probabilities[index] }))
    .sort((a, b) => b.probability - a.probability);
}
