/** Keeps the wanted part of a stream of decoded blocks, mixed down; the rest passes by unkept. */

import type { FrameRange } from './decodedAudio.ts';

export class MonoCollector {
  /** Frames that have passed by so far, kept or not. */
  framesSeen = 0;
  /** Frames kept so far. */
  framesKept = 0;
  private readonly wanted: FrameRange;
  private readonly kept: Float32Array[] = [];

  constructor(wanted: FrameRange) {
    this.wanted = wanted;
  }

  /** Takes the next block of mono samples; the array must not be written to afterwards. */
  add(block: Float32Array): void {
    const first = Math.max(0, this.wanted.first - this.framesSeen);
    const end = Math.min(block.length, this.wanted.end - this.framesSeen);
    this.framesSeen += block.length;
    if (end <= first) return;
    this.kept.push(first === 0 && end === block.length ? block : block.slice(first, end));
    this.framesKept += end - first;
  }

  /** All that is wanted has been seen, so that decoding may stop. */
  get isComplete(): boolean {
    return this.framesSeen >= this.wanted.end;
  }

  /** Place of the first kept frame in the stream. */
  get firstFrame(): number {
    return Math.min(this.framesSeen, Math.max(0, this.wanted.first));
  }

  /** The kept samples in one array; the collector is empty afterwards. */
  finish(): Float32Array {
    const samples = new Float32Array(this.framesKept);
    let position = 0;
    for (const block of this.kept) {
      samples.set(block, position);
      position += block.length;
    }
    this.kept.length = 0;
    return samples;
  }
}
