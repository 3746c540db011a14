/** Tunes that differ with their seed. */
import { createRandom } from '../../../datasets/random.ts';

/** Random notes of a few partials over a little noise, mono at 16 kHz. */
export function song(seed: number, seconds = 4, sampleRate = 16_000): Float32Array {
  const random = createRandom(seed);
  const samples = new Float32Array(seconds * sampleRate).map(() => 0.002 * random.noise());
  for (let start = 0; start < seconds; start += random.uniform(0.1, 0.3)) {
    const pitch = 220 * 2 ** (random.integer(0, 24) / 12);
    const [length, loudness] = [random.uniform(0.1, 0.6), random.uniform(0.05, 0.2)];
    const brightness = random.uniform(0.3, 0.9);
    for (let i = 0; i < length * sampleRate; i++) {
      const place = Math.round(start * sampleRate) + i;
      if (place >= samples.length) break;
      for (let n = 1; n <= 6; n++) {
        samples[place] +=
          loudness *
          brightness ** n *
          Math.exp((-4 * i) / sampleRate / length) *
          Math.sin((2 * Math.PI * n * pitch * i) / sampleRate);
      }
    }
  }
  return samples;
}
