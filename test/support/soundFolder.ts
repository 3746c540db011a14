/** Class folders of sounds that even a tiny convnet tells apart: tones, noise, clicks. No test library here. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../datasets/random.ts';
import { writeWav } from '../../src/audio/writeWav.ts';

export const soundRate = 8000;
export type Sound = 'clicks' | 'noise' | 'sine';
export const sounds: readonly Sound[] = ['clicks', 'noise', 'sine'];

/** 0.6 to 0.9 s at 8 kHz; the same number gives the same samples. */
export function renderSound(sound: Sound, number: number): Float32Array {
  const random = createRandom(number, sounds.indexOf(sound));
  const length = Math.round(soundRate * random.uniform(0.6, 0.9));
  const frequency = random.uniform(300, 1500);
  const period = Math.round(random.uniform(500, 900));
  const sampleOf: Record<Sound, (t: number) => number> = {
    clicks: (t) => (t % period < 3 ? 0.9 : 0.002 * random.noise()),
    noise: () => 0.3 * random.noise(),
    sine: (t) => 0.5 * Math.sin((2 * Math.PI * frequency * t) / soundRate),
  };
  return Float32Array.from({ length }, (_, t) => sampleOf[sound](t));
}

/** `root/sine/0.wav` …, `count` files a class, numbered from `first` on. */
export async function writeSounds(
  root: string,
  {
    classes = sounds,
    count = 8,
    first = 0,
  }: { classes?: readonly Sound[]; count?: number; first?: number } = {},
): Promise<void> {
  for (const sound of classes) {
    mkdirSync(join(root, sound), { recursive: true });
    for (let i = 0; i < count; i++) {
      await writeWav(join(root, sound, `${i}.wav`), renderSound(sound, first + i), { sampleRate: soundRate });
    }
  }
}
