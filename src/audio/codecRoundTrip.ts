/** What a lossy codec leaves of samples, as augmentation: by the `ffmpeg` program, where there is one on the PATH. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';

export const lossyCodecs = ['mp3', 'opus', 'vorbis'] as const;
export type LossyCodec = (typeof lossyCodecs)[number];

export interface CodecRoundTripOptions {
  /** Of the samples, Hz. A rate that the codec lacks is resampled on the way, there and back. */
  sampleRate: number;
  codec: LossyCodec;
  /** Kilobits a second, which the encoder aims at. Default 64. */
  kbps?: number;
}

/** Encoder and container. */
const encoders: Record<LossyCodec, string[]> = {
  mp3: ['-c:a', 'libmp3lame', '-f', 'mp3'],
  opus: ['-c:a', 'libopus', '-f', 'ogg'],
  vorbis: ['-c:a', 'libvorbis', '-f', 'ogg'],
};

/**
 * Encodes and decodes samples of one channel. The result has as many samples, in the same places: the codec's delay is
 * taken off, and what it cuts at the end is silent. Samples beyond full scale ±1 may come out clipped.
 *
 * @throws InputError if there is no ffmpeg on the PATH, or it lacks the encoder.
 * @throws RangeError if there is no sample, one is not finite, or an option is out of range.
 * @example await codecRoundTrip(samples, { sampleRate: 16000, codec: 'mp3', kbps: 32 })
 */
export async function codecRoundTrip(
  samples: Float32Array,
  { sampleRate, codec, kbps = 64 }: CodecRoundTripOptions,
): Promise<Float32Array> {
  if (!lossyCodecs.includes(codec)) {
    throw new RangeError(
      `codecRoundTrip: codec must be one of ${lossyCodecs.join(', ')}; got ${String(codec)}.`,
    );
  }
  if (!(Number.isInteger(sampleRate) && sampleRate >= 1) || !(kbps > 0 && Number.isFinite(kbps))) {
    throw new RangeError(
      `codecRoundTrip: sampleRate must be an integer >= 1 Hz and kbps > 0; got ${sampleRate} and ${kbps}.`,
    );
  }
  if (samples.length === 0 || !samples.every(Number.isFinite)) {
    throw new RangeError('codecRoundTrip: samples must be one finite number or more.');
  }
  const raw = ['-f', rawFormat, '-ar', String(sampleRate), '-ac', '1'];
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const rate = ['-b:a', `${Math.round(kbps * 1000)}`];
  // a file, since the length and delay that a decoder takes off are written at its start when all is encoded
  const folder = await mkdtemp(join(tmpdir(), 'sonotag-codec-'));
  try {
    const file = `file:${join(folder, 'encoded')}`;
    await runFfmpeg([...raw, '-i', 'pipe:0', ...rate, ...encoders[codec], file], bytes, codec);
    const decoded = await runFfmpeg(['-i', file, ...raw, 'pipe:1'], new Uint8Array(0), codec);
    return fitted(decoded, samples.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The samples in `bytes`, cut or followed by zeros. */
function fitted(bytes: Uint8Array, length: number): Float32Array {
  const result = new Float32Array(length);
  const kept = Math.min(length, Math.floor(bytes.length / 4));
  Buffer.from(result.buffer).set(bytes.subarray(0, 4 * kept));
  return result;
}

const rawFormat = endianness() === 'LE' ? 'f32le' : 'f32be';

/** What ffmpeg writes on stdout for `input` on stdin. */
async function runFfmpeg(options: string[], input: Uint8Array, codec: LossyCodec): Promise<Buffer> {
  const child = spawn('ffmpeg', ['-v', 'error', '-protocol_whitelist', 'pipe,file', ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const parts: Buffer[] = [];
  let complaints = '';
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(0, 4096);
  });
  child.stdin.on('error', () => {}); // it ends early where it fails: its exit code says so
  child.stdin.end(input);
  let exitCode: unknown;
  try {
    [exitCode] = await once(child, 'close');
  } catch {
    throw new InputError(
      `The codec ${codec} needs ffmpeg, which is used when it is on the PATH. Install ffmpeg, or leave this out.`,
    );
  }
  if (exitCode !== 0) {
    const complaint = complaints.trim().split('\n')[0].slice(0, 200);
    throw new InputError(
      `ffmpeg could not encode or decode ${codec}: "${complaint || `exit code ${String(exitCode)}`}". ` +
        'Take another codec, or an ffmpeg that has this one.',
    );
  }
  return Buffer.concat(parts);
}
