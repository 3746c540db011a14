/** What the decoders of compressed formats share: the file in blocks, and a decoder whose faults become one line. */

import type { ByteSource } from '../byteSource.ts';
import { damagedError } from '../decodedAudio.ts';

/** Bytes handed to a decoder at a time: a few seconds of MP3. */
const CHUNK_BYTES = 2 ** 16;

/** What the wasm decoders give for a chunk. */
export interface DecodedChunk {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
  errors: { message: string }[];
}

/** The blocks of a file from a byte position on, in order; one at a time is in memory. */
export function* blocksOf(source: ByteSource, start = 0): Generator<Uint8Array> {
  for (let at = start; at < source.size; at += CHUNK_BYTES) yield source.read(at, CHUNK_BYTES);
}

/**
 * Has a decoder decode its next chunk.
 *
 * @throws InputError if the decoder fails or reports a fault; damaged files make them do either.
 */
export async function decodeChunk(
  path: string,
  format: string,
  decode: () => DecodedChunk | Promise<DecodedChunk>,
): Promise<DecodedChunk> {
  let chunk: DecodedChunk;
  try {
    chunk = await quietly(decode);
  } catch (error) {
    throw damagedError(path, format, `its decoder failed with "${oneLine(String(error))}"`);
  }
  const fault = chunk.errors[0];
  if (fault) throw damagedError(path, format, `its decoder says "${oneLine(fault.message)}"`);
  return chunk;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 200);

/** How the decoders' own lines start: mpg123-decoder 1.0.3, flac 0.2.11, opus-decoder of ogg-opus-decoder 1.7.5. */
const DECODER_LINE = /^(mpg123-decoder|@wasm-audio-decoders|libopus)/;

let quietCalls = 0;
let { error: consoleError } = console;

/** Awaits with the decoders' lines kept from the console, where they write faults as well as into `errors`. */
async function quietly<T>(call: () => T | Promise<T>): Promise<T> {
  if (quietCalls === 0) {
    ({ error: consoleError } = console);
    const error = (...words: unknown[]) => {
      if (!DECODER_LINE.test(String(words[0]))) consoleError(...words);
    };
    Object.assign(console, { error });
  }
  quietCalls += 1;
  try {
    return await call();
  } finally {
    quietCalls -= 1;
    if (quietCalls === 0) Object.assign(console, { error: consoleError });
  }
}
