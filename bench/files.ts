/** Audio files to measure on, made when they are needed. */
import { execFile } from 'node:child_process';
import { linkSync, mkdirSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeWav } from '../src/audio/writeWav.ts';
import { benchClip } from './clips.ts';

const run = promisify(execFile);

/** Length of a file. */
export const fileSeconds = 30;
const sampleRate = 44_100; // Hz

const encoders = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '192k'],
  flac: ['-c:a', 'flac'],
  wav: ['-c:a', 'pcm_s16le'],
};

/** Whether there is an ffmpeg that encodes mp3. */
export async function findFfmpeg(): Promise<boolean> {
  try {
    return (await run('ffmpeg', ['-v', 'error', '-encoders'])).stdout.includes('libmp3lame');
  } catch {
    return false;
  }
}

/** Writes files of 30 s, 44.1 kHz, two different channels, and tells where. */
export async function encodeFiles(
  folder: string,
  kind: keyof typeof encoders,
  count: number,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const channels = [join(folder, 'left.raw.wav'), join(folder, 'right.raw.wav')];
    for (const [side, path] of channels.entries()) {
      await writeWav(path, benchClip(100 + 2 * i + side, fileSeconds, sampleRate), { sampleRate });
    }
    const out = join(folder, `${i}.${kind}`);
    await run('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-y', '-i', channels[0], '-i', channels[1]],
      ...['-filter_complex', '[0:a][1:a]join=inputs=2:channel_layout=stereo', ...encoders[kind], out],
    ]);
    await Promise.all(channels.map((path) => rm(path)));
    paths.push(out);
  }
  return paths;
}

/** Class folders `a` and `b` with `count` files in all: the given ones in turns, each under many names. */
export async function spreadFiles(files: readonly string[], folder: string, count: number): Promise<void> {
  for (const name of ['a', 'b']) mkdirSync(join(folder, name), { recursive: true });
  for (let i = 0; i < count; i++) {
    const path = join(folder, i % 2 === 0 ? 'a' : 'b', `${String(i).padStart(5, '0')}.mp3`);
    const file = files[i % files.length];
    try {
      linkSync(file, path); // no copy, where the file system can
    } catch {
      await copyFile(file, path);
    }
  }
}
