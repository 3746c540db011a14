/** Samples out of a store: whole clips, or any stretch of them. */
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clip, StoredSamples } from '../../datasets/index.ts';
import { checkSamples } from '../audio/checkSamples.ts';
import { InputError } from '../errors.ts';
import { decodeSamples } from './encodeSamples.ts';

/** Shards open at a time; systems allow a process 256 files or more. */
const mostOpen = 64;

/**
 * Reads from the shards of stores by plain file access at known places. Any number of readers, in threads and
 * processes, read the same store at once; the system's file cache is what they share, and nothing else is kept.
 *
 * @example
 * const reader = new StoreReader();
 * const crop = await reader.read(clip.source, 6000, 18_000); // a second at 12 kHz, from 0.5 s on
 * await reader.close();
 */
export class StoreReader {
  private readonly shards = new Map<string, { opened: Promise<OpenShard>; readers: number }>();

  /**
   * Samples `first` (included) to `end` (excluded) of a clip, mono, full scale ±1.
   *
   * @throws InputError if the shard is missing, cut off, or holds samples that are none.
   * @throws RangeError if the stretch is not in the clip.
   */
  async read(source: StoredSamples, first = 0, end = source.length): Promise<Float32Array> {
    const { file, position, length, encoding, sampleRate } = source;
    if (!(Number.isInteger(first) && Number.isInteger(end) && 0 <= first && first < end && end <= length)) {
      throw new RangeError(
        `StoreReader: samples ${first} to ${end} are not a stretch of a clip of ${length}.`,
      );
    }
    const width = encoding === 'int16' ? 2 : 4;
    const bytes = await this.readBytes(file, position + first * width, (end - first) * width);
    const samples = decodeSamples(bytes, encoding);
    if (encoding === 'float32') checkSamples(samples, { path: file, sampleRate, firstFrame: first });
    return samples;
  }

  /** Closes the shards; reads that have not finished are not to be waited for. */
  async close(): Promise<void> {
    const all = [...this.shards.values()];
    this.shards.clear();
    await Promise.all(
      all.map(({ opened }) => opened.then(({ file }) => file.close()).catch(() => undefined)),
    );
  }

  private async readBytes(path: string, position: number, length: number): Promise<Buffer> {
    const shard = this.shards.get(path) ?? { opened: this.openShard(path), readers: 0 };
    this.shards.delete(path);
    this.shards.set(path, shard); // used last stands last
    shard.readers++;
    try {
      const bytes = await readFully(await shard.opened, position, length);
      if (bytes === undefined) throw cannotRead(path, `ends before byte ${position + length}`);
      return bytes;
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw cannotRead(path, (error as Error).message);
    } finally {
      shard.readers--;
      await this.closeIdle();
    }
  }

  /** A shard that cannot be opened is tried again the next time. */
  private async openShard(path: string): Promise<OpenShard> {
    try {
      const file = await open(path);
      return { file, size: (await file.stat()).size };
    } catch (error) {
      this.shards.delete(path);
      throw error;
    }
  }

  private async closeIdle(): Promise<void> {
    for (const [path, { opened, readers }] of this.shards) {
      if (this.shards.size <= mostOpen) return;
      if (readers > 0) continue;
      this.shards.delete(path);
      await (await opened).file.close();
    }
  }
}

interface OpenShard {
  file: FileHandle;
  /** Bytes, when it was opened. */
  size: number;
}

/** Whether a clip's samples lie in a store. */
export function isStored(source: Clip['source']): source is StoredSamples {
  return typeof source === 'object';
}

/** @throws InputError, naming both rates, if a clip lies in a store of another rate. */
export function requireStoredRate({ source }: Pick<Clip, 'source'>, sampleRate: number): void {
  if (!isStored(source) || source.sampleRate === sampleRate) return;
  const store = dirname(source.file);
  throw new InputError(
    `${store}: holds samples at ${source.sampleRate} Hz, ${sampleRate} Hz are needed. Prepare a store with ` +
      `--sample-rate ${sampleRate}, or train a model with --sample-rate ${source.sampleRate}.`,
  );
}

/** Undefined where the file is too short, before memory is taken. */
async function readFully(
  { file, size }: OpenShard,
  position: number,
  length: number,
): Promise<Buffer | undefined> {
  if (size < position + length) return undefined;
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return bytes;
}

function cannotRead(path: string, reason: string): InputError {
  return new InputError(
    `${dirname(path)}: ${basename(path)}: ${reason}. Run the same "sonotag prepare" again, which mends it.`,
  );
}
