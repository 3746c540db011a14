/** MPEG audio layer III to mono samples, in WebAssembly with SIMD. */

import { readMpegHeader } from '../mpegFrames.ts';
import type { MpegFrameHeader } from '../mpegFrames.ts';
import type { ResampleBuild } from '../resampleKernel/simdResampler.ts';
import { writeStreamTables, writeTables } from './kernelTables.ts';
import { relaxedSimdBytes, simdBytes } from './wasmBytes.ts';

/** assembly/index.as says what the arguments are. */
interface Mp3Exports {
  start(first: number, channels: number, step: number, phase: number, bands: number): void;
  decodeFrames(input: number, end: number, output: number, mostFrames: number): number;
  finish(output: number): number;
  consumedBytes(): number;
}

export interface Mp3StreamOptions {
  /** 2 for every second sample alone; what lies above half the Nyquist frequency is then left out. Default 1. */
  step?: 1 | 2;
  /** With step 2: whether samples 0, 2, … or 1, 3, … are given. Default 0. */
  phase?: 0 | 1;
  /** Frequency up to which subbands are wanted, Hz. Default: all. */
  highest?: number;
}

/** Frames decoded before samples are handed on: they then stay in a core's own cache. */
const FRAMES_AT_A_TIME = 24;
const OUTPUT_BYTES = 4 * 1152 * (FRAMES_AT_A_TIME + 1);
/** Largest block of a stream that is taken. */
const INPUT_BYTES = 2 ** 16;
/** What an unfinished frame may leave over; none is longer than 1441 bytes. */
const REST_BYTES = 2048;
const PAGE_BYTES = 65_536;
const SUBBANDS = 32;

/** A frame says what the standard forbids, or its data would be longer than it is. */
export class DamagedFrameError extends Error {}

/** One stream at a time: everything that one needs is forgotten when the next starts. */
export class Mp3Kernel {
  private readonly memory: WebAssembly.Memory;
  private readonly exports: Mp3Exports;
  private readonly inputAt: number;
  private readonly outputAt: number;
  private readonly placeOf: (name: string) => number;
  /** Bytes that wait for the rest of their frame. */
  private rest = 0;

  constructor(build: ResampleBuild) {
    this.memory = new WebAssembly.Memory({ initial: 8, maximum: 65_536 });
    const module = new WebAssembly.Module(
      Uint8Array.from(Buffer.from(build === 'simd' ? simdBytes : relaxedSimdBytes, 'base64')),
    );
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.exports = exports as unknown as Mp3Exports;
    this.placeOf = (name) => (exports[name] as WebAssembly.Global<'i32'>).value;
    writeTables(this.memory.buffer, this.placeOf);
    this.outputAt = this.placeOf('FREE');
    this.inputAt = this.outputAt + OUTPUT_BYTES;
    const bytes = this.inputAt + REST_BYTES + INPUT_BYTES;
    if (bytes > this.memory.buffer.byteLength) {
      this.memory.grow(Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE_BYTES));
    }
  }

  /** Begins a stream; `header` holds the first bytes of one of its frames. */
  start(header: Uint8Array, { step = 1, phase = 0, highest = Infinity }: Mp3StreamOptions = {}): void {
    const first = readMpegHeader(header, 0);
    if (first?.layer !== 3) throw new RangeError('Mp3Kernel: the header is not one of layer III.');
    this.rest = 0;
    writeStreamTables(this.memory.buffer, this.placeOf, first, frameBytes(header));
    const word = (header[0] << 16) | (header[1] << 8) | header[2];
    this.exports.start(word, first.channels, step, phase, keptSubbands(first, step, highest));
  }

  /**
   * Decodes the frames of a block of at most 64 KiB, as far as they are whole; the rest waits for the next block. Where no
   * frame of the stream follows any more, nothing comes.
   *
   * @returns Mono samples, the mean of the channels, in pieces; each is valid until the next is asked for.
   * @throws DamagedFrameError
   */
  *decode(block: Uint8Array): Generator<Float32Array> {
    const { buffer } = this.memory;
    const bytes = new Uint8Array(buffer);
    bytes.set(block, this.inputAt + this.rest);
    const end = this.inputAt + this.rest + block.length;
    for (let at = this.inputAt; ;) {
      const samples = this.exports.decodeFrames(at, end, this.outputAt, FRAMES_AT_A_TIME);
      if (samples < 0) throw new DamagedFrameError();
      const used = this.exports.consumedBytes();
      at += used;
      this.rest = Math.min(REST_BYTES, end - at);
      if (samples > 0) yield new Float32Array(buffer, this.outputAt, samples);
      if (used > 0) continue;
      bytes.copyWithin(this.inputAt, at, at + this.rest);
      return;
    }
  }

  /** The last samples of a stream, which waited for a frame more; valid until the next call. */
  finish(): Float32Array {
    return new Float32Array(this.memory.buffer, this.outputAt, this.exports.finish(this.outputAt));
  }
}

const kernels = new Map<ResampleBuild, Mp3Kernel>();

/** The kernel of a build; made at its first use, and used for a stream from its start to its end before the next. */
export function mp3Kernel(build: ResampleBuild): Mp3Kernel {
  const kernel = kernels.get(build) ?? new Mp3Kernel(build);
  kernels.set(build, kernel);
  return kernel;
}

/**
 * Whether every second sample is enough for a signal up to this frequency: its subbands, and those that their filters
 * reach over, lie below half the Nyquist frequency.
 */
export function fitsEverySecond(sampleRate: number, highest: number): boolean {
  return sampleRate % 2 === 0 && reachedSubbands(sampleRate, highest) <= SUBBANDS / 2;
}

/** Subbands from below up to a frequency, and two more: a filter reaches over half of the next subband. */
function reachedSubbands(sampleRate: number, highest: number): number {
  return Math.ceil((highest / (sampleRate / 2)) * SUBBANDS) + 2;
}

function keptSubbands({ sampleRate }: MpegFrameHeader, step: number, highest: number): number {
  return Math.min(SUBBANDS / step, 4 * Math.ceil(reachedSubbands(sampleRate, highest) / 4));
}

/** Bytes of a frame without padding by the index of its bit rate; 0 where there is none. */
function frameBytes(header: Uint8Array): number[] {
  return Array.from({ length: 16 }, (_, index) => {
    const changed = Uint8Array.of(header[0], header[1], (header[2] & 0x0c) | (index << 4), header[3]);
    return readMpegHeader(changed, 0)?.length ?? 0;
  });
}
