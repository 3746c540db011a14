/** Takes decoded blocks in order and keeps the wanted part, resampled as it comes: what passes by is not held. */

import { InputError } from '../errors.ts';
import { checkSamples } from './checkSamples.ts';
import { checkFrameCount } from './decodedAudio.ts';
import type { FrameRange } from './decodedAudio.ts';
import { neededInput, resamplePart, resampledLength } from './resample.ts';
import { getResampleFilter } from './resampleFilter.ts';
import { bestResampleBuild } from './resampleKernel/simdResampler.ts';
import type { ResampleBuild } from './resampleKernel/simdResampler.ts';

export interface PartCollectorOptions {
  /** Named in error messages. */
  path: string;
  /** The part to keep, in samples at `sampleRate`; its end may be Infinity. */
  wanted: FrameRange;
  /** Rate of the blocks, Hz. */
  fileRate: number;
  /** Rate of what is kept, Hz. */
  sampleRate: number;
  /** The kernel that resamples. Default: the best that the runtime can run. */
  build?: ResampleBuild | 'none';
}

/** Input samples that are resampled at a time; 1 MiB, so that memory stays small and calls few. */
const BATCH = 2 ** 18;

/**
 * Every kernel computes outputs in groups that start at multiples of a divisor of 12 periods: 3 periods of at most 4
 * joined ones (simdResampler.ts). Stopping there wastes none.
 */
const PERIODS_IN_STEP = 12;

export class PartCollector {
  /** Frames that have passed by so far, kept or not. */
  framesSeen = 0;
  private readonly options: PartCollectorOptions;
  /** The frames that the wanted part depends on. */
  private needed: FrameRange;
  /** Input that later outputs still depend on; `pendingFirst` is the place of its first sample in the file. */
  private pending = new Float32Array(0);
  private pendingFirst: number;
  private pendingLength = 0;
  private readonly output: SampleList;
  private fault?: InputError;

  constructor(options: PartCollectorOptions) {
    const { wanted, fileRate, sampleRate } = options;
    this.options = options;
    this.needed = neededInput(wanted, fileRate, sampleRate);
    this.pendingFirst = Math.max(0, this.needed.first);
    this.output = new SampleList();
  }

  /** The first frame that the wanted part depends on, >= 0: a decoder may start there, after `skipTo`. */
  get firstNeeded(): number {
    return Math.max(0, this.needed.first);
  }

  /** Rate of the blocks, Hz. */
  get fileRate(): number {
    return this.options.fileRate;
  }

  /** Rate of what is kept, Hz. */
  get sampleRate(): number {
    return this.options.sampleRate;
  }

  /** The kernel that resamples, and may decode. */
  get build(): ResampleBuild | 'none' {
    return this.options.build ?? bestResampleBuild();
  }

  /** The end of the frames that the wanted part depends on; may be Infinity. */
  get endNeeded(): number {
    return this.needed.end;
  }

  /** All that is wanted has been seen, so that decoding may stop. */
  get isComplete(): boolean {
    return this.framesSeen >= this.needed.end;
  }

  /** Frames from `end` on are passed over. */
  limitTo(end: number): void {
    this.needed = { first: this.needed.first, end: Math.min(this.needed.end, end) };
  }

  /**
   * Makes room for what a file of so many frames will give; more or fewer may come.
   *
   * @throws InputError if that does not fit in memory.
   */
  expect(totalFrames: number): void {
    const { first, end } = this.partOf(totalFrames);
    checkFrameCount(this.options.path, end - first, this.options.sampleRate);
    this.output.reserve(Math.max(0, end - first));
  }

  /** The next block starts at this frame. Only before the first block, and not after `firstNeeded`. */
  skipTo(frame: number): void {
    if (this.framesSeen > 0 || frame > this.firstNeeded) {
      throw new RangeError(`PartCollector: cannot skip to frame ${frame} from ${this.framesSeen}.`);
    }
    this.framesSeen = frame;
  }

  /**
   * Takes the next block of mono samples.
   *
   * @throws InputError if so much audio does not fit in memory.
   */
  add(block: Float32Array): void {
    const first = Math.max(0, this.needed.first - this.framesSeen);
    const end = Math.min(block.length, this.needed.end - this.framesSeen);
    const place = this.framesSeen;
    this.framesSeen += block.length;
    // After a fault the rest is only counted: that the file is truncated says more than a wild sample in it.
    if (end <= first || this.fault) return;
    const kept = block.subarray(first, end);
    const { path, fileRate } = this.options;
    try {
      checkSamples(kept, { path, sampleRate: fileRate, firstFrame: place + first });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.fault = error;
      return;
    }
    this.append(kept);
  }

  /**
   * The wanted part, as far as a file of so many frames goes; half a frame is the last of every second one.
   *
   * @throws InputError if a sample was not finite or above 8.
   */
  finish(totalFrames: number): Float32Array {
    if (this.fault) throw this.fault;
    const part = this.partOf(totalFrames);
    this.resampleTo(part.end);
    return this.output.finish();
  }

  private partOf(totalFrames: number): FrameRange {
    const { wanted, fileRate, sampleRate } = this.options;
    const length = resampledLength(totalFrames, fileRate, sampleRate);
    return { first: wanted.first, end: Math.max(wanted.first, Math.min(wanted.end, length)) };
  }

  private append(block: Float32Array): void {
    for (let at = 0; at < block.length; at += BATCH) {
      const piece = block.subarray(at, at + BATCH);
      this.makeRoom(piece.length);
      this.pending.set(piece, this.pendingLength);
      this.pendingLength += piece.length;
      if (this.pendingLength >= BATCH) this.resampleWhatCanBe();
    }
  }

  private makeRoom(count: number): void {
    if (this.pendingLength + count <= this.pending.length) return;
    const larger = new Float32Array(Math.max(this.pendingLength + count, BATCH + 2 ** 16));
    larger.set(this.pending.subarray(0, this.pendingLength));
    this.pending = larger;
  }

  /** All outputs whose input is there, up to where a kernel's groups end. */
  private resampleWhatCanBe(): void {
    const { fileRate, sampleRate, wanted } = this.options;
    const available = this.pendingFirst + this.pendingLength;
    if (fileRate === sampleRate) {
      this.resampleTo(Math.min(wanted.end, available));
      return;
    }
    const { upFactor, downFactor, reach, exact } = getResampleFilter(fileRate, sampleRate);
    const step = exact ? PERIODS_IN_STEP * upFactor : 1;
    const computable = Math.floor(((available - reach - 1) * upFactor) / downFactor);
    this.resampleTo(Math.min(wanted.end, Math.floor(computable / step) * step));
  }

  private resampleTo(end: number): void {
    const { fileRate, sampleRate, wanted, build, path } = this.options;
    const first = wanted.first + this.output.length;
    if (end <= first) return;
    const samples = this.pending.subarray(0, this.pendingLength);
    const part = { samples, first: this.pendingFirst };
    this.output.add(resamplePart(part, fileRate, sampleRate, { first, end }, build));
    checkFrameCount(path, this.output.length, sampleRate);
    this.forgetBefore(neededInput({ first: end, end }, fileRate, sampleRate).first);
  }

  private forgetBefore(frame: number): void {
    const count = Math.min(this.pendingLength, Math.max(0, frame - this.pendingFirst));
    this.pending.copyWithin(0, count, this.pendingLength);
    this.pendingFirst += count;
    this.pendingLength -= count;
  }
}

/** Samples in pieces, or in one array where their number is known before. */
class SampleList {
  length = 0;
  private whole = new Float32Array(0);
  private filled = 0;
  private readonly more: Float32Array[] = [];

  reserve(count: number): void {
    if (this.length === 0) this.whole = new Float32Array(count);
  }

  add(samples: Float32Array): void {
    const fitting = samples.subarray(0, this.whole.length - this.filled);
    this.whole.set(fitting, this.filled);
    this.filled += fitting.length;
    if (fitting.length < samples.length) this.more.push(samples.subarray(fitting.length));
    this.length += samples.length;
  }

  /** All in one array; the list is empty afterwards. */
  finish(): Float32Array {
    const pieces = [this.whole.subarray(0, this.filled), ...this.more];
    const joined =
      this.filled === this.length && this.filled === this.whole.length ? this.whole : join(pieces);
    this.whole = new Float32Array(0);
    this.more.length = 0;
    this.length = 0;
    this.filled = 0;
    return joined;
  }
}

function join(pieces: Float32Array[]): Float32Array<ArrayBuffer> {
  const joined = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
