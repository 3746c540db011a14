/**
 * Decoded clips: each is decoded once and kept while memory allows, decoded again where it does not. What lies in a
 * store is read where it is needed, and kept by the system's file cache alone.
 */
import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import type { Clip, RenderClip, SkippedClip } from '../../datasets/index.ts';
import { InputError } from '../errors.ts';
import type { ProgressBar } from '../reporter.ts';
import { AudioPool } from './audioPool.ts';
import { inOrder } from './inOrder.ts';
import { targetMatrix, type ClipSet } from './clipSet.ts';
import { clipPart } from './clipPart.ts';
import { requireLength } from './requireLength.ts';
import { isStored, requireStoredRate, StoreReader } from '../store/storeReader.ts';

export interface WaveformStoreOptions {
  /** Hz. */
  sampleRate: number;
  /** Decoding threads. Default: all cores. */
  threads?: number;
  /** Samples kept in memory, bytes. Default a quarter of the machine's. */
  cacheBytes?: number;
}

/**
 * @example
 * const store = new WaveformStore({ sampleRate: 16000 });
 * const { usable, skipped } = await store.check(dataset.clips);
 * const samples = await store.waveform(usable[0]);
 * await store.close();
 */
export class WaveformStore {
  readonly sampleRate: number;
  private readonly pool: AudioPool;
  private readonly reader = new StoreReader();
  private readonly cache = new Map<string, Float32Array>();
  private freeBytes: number;

  constructor({ sampleRate, threads, cacheBytes = totalmem() / 4 }: WaveformStoreOptions) {
    this.sampleRate = sampleRate;
    this.pool = new AudioPool({ threads });
    this.freeBytes = cacheBytes;
  }

  /**
   * Decodes every clip once: those that can be used with their length and a hash of their samples, and those that cannot
   * with the reason. Of clips in a store both are known, and nothing is read.
   *
   * @throws InputError if the clips lie in a store of another rate.
   */
  async check(
    clips: Clip[],
    bar?: ProgressBar,
  ): Promise<{ usable: Clip[]; seconds: number[]; hashes: Map<string, string>; skipped: SkippedClip[] }> {
    const usable: Clip[] = [];
    const seconds: number[] = [];
    const hashes = new Map<string, string>();
    const skipped: SkippedClip[] = [];
    let done = 0;
    for (const clip of clips) requireStoredRate(clip, this.sampleRate);
    // twice the threads in flight keeps every thread busy and few finished clips waiting
    const results = inOrder(clips, 2 * this.pool.threads, async (clip) => ({
      clip,
      ...(await this.tryClip(clip)),
    }));
    for await (const result of results) {
      if ('reason' in result) {
        skipped.push({ path: result.clip.id, reason: result.reason });
      } else {
        usable.push(result.clip);
        seconds.push(result.seconds);
        hashes.set(result.clip.id, result.hash);
      }
      bar?.update(++done);
    }
    return { usable, seconds, hashes, skipped };
  }

  /** Mono samples of a clip, full scale ±1. @throws InputError if it cannot be decoded. */
  async waveform(clip: Clip): Promise<Float32Array> {
    const { id, source } = clip;
    if (isStored(source)) {
      requireStoredRate({ source }, this.sampleRate);
      return this.reader.read(source);
    }
    const cached = this.cache.get(id);
    if (cached) return cached;
    const samples =
      typeof source === 'string'
        ? (await this.pool.load(source, { sampleRate: this.sampleRate, ...clipPart(clip) })).samples
        : await render(source, this.sampleRate);
    requireLength(typeof source === 'string' ? source : id, samples, this.sampleRate);
    if (samples.byteLength <= this.freeBytes) {
      this.freeBytes -= samples.byteLength;
      this.cache.set(id, samples);
    }
    return samples;
  }

  /** The clips with their targets, for training and evaluation. */
  clipSet(clips: Clip[], tags: readonly string[]): ClipSet {
    return {
      ids: clips.map(({ id }) => id),
      targets: targetMatrix(clips, tags),
      nTags: tags.length,
      waveform: (index) => this.waveform(clips[index]),
      stored: (index) => {
        const { source } = clips[index];
        if (!isStored(source)) return undefined;
        requireStoredRate({ source }, this.sampleRate);
        return { length: source.length, read: (first, end) => this.reader.read(source, first, end) };
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.reader.close()]);
  }

  private async tryClip(clip: Clip): Promise<{ seconds: number; hash: string } | { reason: string }> {
    const { source } = clip; // its length is known and its decoding was checked when it was prepared
    if (isStored(source)) return { seconds: source.length / this.sampleRate, hash: source.sha256 };
    try {
      const samples = await this.waveform(clip);
      return { seconds: samples.length / this.sampleRate, hash: hashSamples(samples) };
    } catch (error) {
      if (error instanceof InputError) return { reason: error.message };
      throw error;
    }
  }
}

/** Rendering takes milliseconds on this thread; others get their turn in between. */
async function render(source: RenderClip, sampleRate: number): Promise<Float32Array> {
  await new Promise((resolve) => setImmediate(resolve));
  return source(sampleRate);
}

/** Equal for the same samples; to tell repetitions, not attackers. */
function hashSamples(samples: Float32Array): string {
  return createHash('sha1').update(samples).digest('hex');
}
