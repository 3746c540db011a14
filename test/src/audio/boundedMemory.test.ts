import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { buildWav } from './buildWav.ts';
import { FIXTURES } from './fixtures.ts';
import { folder } from './temporaryFolder.ts';

const HOUR = 3600; // seconds
const FILE_RATE = 44_100;
const RATE = 8000;
const MEGABYTE = 2 ** 20;

/** An hour of 16-bit mono zeros, sparse on the disk. */
function writeHourOfWav(): string {
  const dataSize = HOUR * FILE_RATE * 2;
  const header = buildWav({ sampleRate: FILE_RATE, dataSize });
  const path = join(folder, 'hour.wav');
  const file = openSync(path, 'w');
  writeSync(file, header);
  ftruncateSync(file, header.length + dataSize);
  closeSync(file);
  return path;
}

/** An hour of the five frames of lame-bare.mp3, again and again. */
function writeHourOfMp3(): string {
  const frames = readFileSync(`${FIXTURES}lame-bare.mp3`);
  const path = join(folder, 'hour.mp3');
  writeFileSync(path, Buffer.alloc(frames.length * Math.ceil((HOUR * FILE_RATE) / (5 * 1152)), frames));
  return path;
}

/** Loads a file in a process of its own: samples, and the most memory that the process ever held. */
function loadInProcess(path: string): { samples: number; megabytes: number } {
  const module = new URL('../../../src/audio/loadAudio.ts', import.meta.url).href;
  const script = join(folder, 'load.mts');
  writeFileSync(
    script,
    `import { loadAudio } from ${JSON.stringify(module)};
     const { samples } = await loadAudio(process.argv[2], { sampleRate: ${RATE}, allowSilence: true });
     console.log(JSON.stringify({ samples: samples.length, megabytes: process.resourceUsage().maxRSS / 1024 }));`,
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), script, path],
    { encoding: 'utf8', cwd: fileURLToPath(new URL('../../../', import.meta.url)) },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { samples: number; megabytes: number };
}

test.each([
  ['WAV', writeHourOfWav],
  ['MP3', writeHourOfMp3],
])(
  'an hour of %s takes its waveform and a few blocks, not its samples at the rate of the file',
  (_, write) => {
    const { samples, megabytes } = loadInProcess(write());
    expect(Math.abs(samples - HOUR * RATE)).toBeLessThan(RATE);
    const waveform = (4 * HOUR * RATE) / MEGABYTE; // 110 MB
    const decoded = (4 * HOUR * FILE_RATE) / MEGABYTE; // 606 MB
    const program = 250; // Node, its TypeScript loader, the decoders and what is not collected yet; generous
    expect(waveform + program).toBeLessThan(decoded);
    expect(megabytes).toBeLessThan(waveform + program);
  },
);
