/** What the decoders of compressed formats share: the file in memory, and a decoder that is kept quiet. */

import { InputError } from '../../errors.ts';
import type { ByteSource } from '../byteSource.ts';

/** Far above any song; a whole file of this size is still one array. */
const MOST_COMPRESSED_BYTES = 2 ** 30;

/** Bytes handed to a decoder at a time. */
export const CHUNK_BYTES = 2 ** 18;

/** What the wasm decoders give for a chunk. */
export interface DecodedChunk {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
  errors: { message: string }[];
}

/** The whole file. @throws InputError if it is larger than 1 GiB. */
export function readCompressed(source: ByteSource, format: string): Uint8Array {
  if (source.size <= MOST_COMPRESSED_BYTES) return source.read(0, source.size);
  throw new InputError(
    `${source.path}: ${format} files are read up to 1 GiB; this one has ${(source.size / 2 ** 30).toFixed(1)} GiB. ` +
      'Split it, or convert it to WAV, of which only the needed part is read.',
  );
}

/** The chunks of a file in order. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/**
 * Calls a decoder with the console held: decoders write faults to it as well as into `errors`, where we look. Only
 * what runs before the first `await` is covered, so that no other task's output is lost.
 */
export function quietly<T>(decode: () => T): T {
  const { error } = console;
  Object.assign(console, { error: () => undefined });
  try {
    return decode();
  } finally {
    Object.assign(console, { error });
  }
}
