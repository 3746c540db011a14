/** Sound to measure on: pieces like the embedded data set's, but longer. */
import { writeFile } from 'node:fs/promises';
import { renderUnseen } from '../datasets/index.ts';
import { createRandom } from '../datasets/random.ts';

/** A piece of the given length; the same seed gives the same samples. Mono, full scale ±1. */
export function benchClip(seed: number, seconds: number, sampleRate: number): Float32Array {
  const clip = new Float32Array(Math.round(seconds * sampleRate));
  const samples = renderUnseen(seed, { seconds }).source(sampleRate);
  clip.set(samples.subarray(0, clip.length));
  return clip;
}

/** Writes raw float32, `[clips, samples]`. */
export async function writeClips(
  path: string,
  { clips, seconds, sampleRate }: { clips: number; seconds: number; sampleRate: number },
): Promise<void> {
  const all = Array.from({ length: clips }, (_, i) => benchClip(i + 1, seconds, sampleRate));
  await writeFloats(path, all);
}

/** Writes raw float32, `[clips, tags]`, 0 or 1. */
export async function writeTargets(path: string, clips: number, tags: number): Promise<void> {
  const random = createRandom(5);
  const row = () => Float32Array.from({ length: tags }, () => Number(random.uniform(0, 1) < 0.2));
  await writeFloats(path, Array.from({ length: clips }, row));
}

async function writeFloats(path: string, rows: Float32Array[]): Promise<void> {
  await writeFile(
    path,
    Buffer.concat(rows.map((row) => new Uint8Array(row.buffer, row.byteOffset, row.byteLength))),
  );
}
