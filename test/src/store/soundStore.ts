/** A data set of short files, good and bad, and what a store of it looks like on disk. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFolder, type Dataset } from '../../../datasets/index.ts';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { renderSound, soundRate } from '../../support/soundFolder.ts';

/** `root/sine/0.wav` …, 4 a class, `root/sine/ö.wav` louder than full scale in float, and two that cannot be read. */
export async function writeMixedSounds(root: string): Promise<Dataset> {
  for (const sound of ['noise', 'sine'] as const) {
    mkdirSync(join(root, sound), { recursive: true });
    for (let i = 0; i < 4; i++) {
      await writeWav(join(root, sound, `${i}.wav`), renderSound(sound, i), { sampleRate: soundRate });
    }
  }
  writeFileSync(join(root, 'noise', '1.wav'), 'no audio');
  writeFileSync(join(root, 'sine', '3.wav'), '');
  await writeWav(join(root, 'sine', 'ö.wav'), renderSound('sine', 9), { sampleRate: 2 * soundRate });
  return listFolder(root);
}

/** Hash of every file of a folder, hidden ones too. */
export function hashesOf(folder: string): Record<string, string> {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, hash(name)]),
  );
}
