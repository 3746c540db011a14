/** The recording that the gallery shows. */
import { renderUnseen } from '../../datasets/index.ts';
import { loadAudio } from '../audio/loadAudio.ts';
import { InputError } from '../errors.ts';
import { sampleRate } from './sharedSettings.ts';

/** The layers are given this much at least. */
const leastSeconds = 1;

/**
 * The start of a recording, mono, at the gallery's rate; without a path a piece that is rendered from the seed.
 *
 * @throws InputError if the file cannot be decoded, or less than a second is there.
 */
export async function loadGalleryClip(
  path: string | undefined,
  { seconds, seed }: { seconds: number; seed: number },
): Promise<Float32Array> {
  if (seconds < leastSeconds) {
    throw new InputError(`--seconds ${seconds}: too short for some layers. Take ${leastSeconds} or more.`);
  }
  if (path === undefined) {
    return renderUnseen(seed, { seconds: Math.min(seconds, 60) }).source(sampleRate);
  }
  const { samples } = await loadAudio(path, { sampleRate, durationSeconds: seconds });
  if (samples.length < leastSeconds * sampleRate) {
    const length = (samples.length / sampleRate).toFixed(2);
    throw new InputError(
      `${path}: ${length} s are too short for some layers. Name a recording of ${leastSeconds} s or more.`,
    );
  }
  return samples;
}
