/** Formats that are not decoded here go through the `ffmpeg` program, where there is one on the PATH. */

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { once } from 'node:events';

import { InputError } from '../errors.ts';
import { byteSourceOf } from './byteSource.ts';
import { ForeignFormatError, damagedError, truncatedError } from './decodedAudio.ts';
import type { DecodedAudio, OpenCollector } from './decodedAudio.ts';
import { mixDownInterleaved } from './mixDown.ts';
import type { PartCollector } from './partCollector.ts';
import { bytesPerFrame, decodePcm } from './pcm.ts';
import { readWavHeader } from './wav.ts';
import type { WavHeader } from './wav.ts';

/** More than the WAV header that ffmpeg writes in front of the samples. */
const HEADER_BYTES = 4096;
const MOST_ERROR_TEXT = 4096;

/** Only local files: a playlist must not reach for the network. */
const INPUT_OPTIONS = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file'];
/** The first audio stream as float WAV on stdout; its header tells rate and channels. */
const OUTPUT_OPTIONS = ['-map', '0:a:0', '-map_metadata', '-1', '-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'];

/**
 * Decodes the first audio stream of a file with ffmpeg, keeping the wanted part.
 *
 * @param format The format that was recognised, for messages.
 * @throws ForeignFormatError if there is no ffmpeg on the PATH.
 * @throws InputError if ffmpeg fails or finds the file cut short.
 */
export async function decodeWithFfmpeg(
  path: string,
  format: string,
  open: OpenCollector,
): Promise<DecodedAudio> {
  const child = spawn('ffmpeg', [...INPUT_OPTIONS, '-i', `file:${resolve(path)}`, ...OUTPUT_OPTIONS], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = waitForEnd(child);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(0, MOST_ERROR_TEXT);
  });
  try {
    const stream = new WavStream(path, open);
    for await (const bytes of child.stdout) stream.take(bytes as Uint8Array);
    const outcome = await ended;
    if (outcome === 'missing') throw new ForeignFormatError(path, format);
    checkOutcome(path, format, outcome, complaints);
    return stream.finish(format);
  } finally {
    child.kill('SIGKILL');
  }
}

/** What ffmpeg 5.1 says of a file that was cut short; its exit code is 0 in most cases. */
const CUT_SHORT =
  /partial file|prematurely|truncat|end of file|moov atom not found|packet size too small|invalid PCM packet/i;
const DAMAGED = /invalid data|error while decoding|corrupt/i;

function checkOutcome(path: string, format: string, exitCode: number, complaints: string): void {
  if (/matches no streams/i.test(complaints)) {
    throw new InputError(`${path}: ${format} file without an audio stream. Remove it.`);
  }
  const complaint = complaints
    .trim()
    .split('\n')[0]
    .replace(/^\[[^\]]* @ 0x[0-9a-f]+\] /, '') // which part of ffmpeg speaks
    .slice(0, 200);
  const detail = `ffmpeg says "${complaint || `exit code ${exitCode}`}"`;
  if (CUT_SHORT.test(complaints)) throw truncatedError(path, format, detail);
  if (exitCode !== 0 || DAMAGED.test(complaints)) throw damagedError(path, format, detail);
}

/** The exit code, or `missing` where the program could not be started. */
async function waitForEnd(child: ReturnType<typeof spawn>): Promise<number | 'missing'> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 1;
  } catch {
    return 'missing';
  }
}

/** Takes a WAV file as it arrives, in pieces of any size. */
class WavStream {
  private readonly path: string;
  private readonly open: OpenCollector;
  private pending = new Uint8Array(0);
  private header?: WavHeader;
  private collector?: PartCollector;

  constructor(path: string, open: OpenCollector) {
    this.path = path;
    this.open = open;
  }

  take(bytes: Uint8Array): void {
    this.pending = concatenate(this.pending, bytes);
    if (this.header || this.pending.length >= HEADER_BYTES) this.drain();
  }

  finish(format: string): DecodedAudio {
    if (this.pending.length > 0) this.drain();
    if (!this.header) throw damagedError(this.path, format, 'ffmpeg gave no audio');
    const { sampleRate, channels } = this.header;
    return { format, sampleRate, channels, totalFrames: this.collector!.framesSeen };
  }

  private drain(): void {
    if (!this.header) {
      this.header = readWavHeader(byteSourceOf(this.pending, this.path));
      this.pending = this.pending.slice(this.header.dataStart);
      this.collector = this.open(this.header.sampleRate);
    }
    const { encoding, channels, littleEndian } = this.header;
    const frameBytes = bytesPerFrame(this.header);
    const whole = this.pending.length - (this.pending.length % frameBytes);
    const samples = decodePcm(this.pending.subarray(0, whole), encoding, littleEndian);
    this.collector!.add(mixDownInterleaved(samples, channels));
    this.pending = this.pending.slice(whole);
  }
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
