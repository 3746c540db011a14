import { InputError } from '../errors.ts';
import type { TaggerInfo } from './taggerInfo.ts';

/**
 * A wrong rate gives plausible, wrong tags, so it is refused.
 *
 * @throws InputError naming both rates, in Hz, unless `sampleRate` is the tagger's.
 */
export function requireSampleRate(
  { sampleRate: needed }: TaggerInfo,
  sampleRate: number,
  whose: string,
): void {
  if (sampleRate !== needed) {
    throw new InputError(
      `${whose} is at ${sampleRate} Hz, but the model works at ${needed} Hz. ` +
        "Resample the audio to the model's rate, or use a model trained at the other.",
    );
  }
}
