/** Reads AU (.au, .snd): NeXT and Sun's format, big endian, with integer, float, A-law and mu-law samples. */

import type { ByteSource } from './byteSource.ts';
import { ForeignFormatError, checkHeader, damagedError, truncatedError } from './decodedAudio.ts';
import { bytesPerFrame } from './pcm.ts';
import type { PcmEncoding, PcmLayout } from './pcm.ts';

/** The header's encoding numbers, as in Sun's <multimedia/audio_filehdr.h>. */
const ENCODINGS: Record<number, PcmEncoding> = {
  1: 'mulaw',
  2: 'int8',
  3: 'int16',
  4: 'int24',
  5: 'int32',
  6: 'float32',
  7: 'float64',
  27: 'alaw',
};

const FOREIGN_ENCODINGS: Record<number, string> = {
  23: 'G.721 ADPCM',
  24: 'G.722 ADPCM',
  25: 'G.723 ADPCM',
  26: 'G.723 ADPCM',
};

const UNKNOWN_SIZE = 0xffffffff;

/**
 * Finds the samples in an AU file, reading only its header.
 *
 * @throws InputError if the header is damaged, the file is truncated, or the samples are compressed (a
 *   ForeignFormatError then).
 */
export function readAuLayout(source: ByteSource): PcmLayout {
  const { path } = source;
  const header = source.read(0, 24);
  if (header.length < 24) throw truncatedError(path, 'AU', 'it ends inside the header');
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [dataStart, declared, code, sampleRate, channels] = [4, 8, 12, 16, 20].map((at) =>
    view.getUint32(at),
  );
  if (dataStart < 24)
    throw damagedError(path, 'AU', `its header says that audio starts at byte ${dataStart}`);
  if (dataStart > source.size) throw truncatedError(path, 'AU', 'it ends inside the header');
  checkHeader(path, 'AU', sampleRate, channels);
  const encoding = ENCODINGS[code];
  if (!encoding) {
    const name = FOREIGN_ENCODINGS[code] ?? `an unknown encoding (${code})`;
    throw new ForeignFormatError(path, `AU with ${name} inside`);
  }
  const format = { format: 'AU', sampleRate, channels, encoding, littleEndian: false };
  const available = source.size - dataStart;
  const frameBytes = bytesPerFrame(format);
  if (declared !== UNKNOWN_SIZE && available < declared) {
    const seconds = (bytes: number) => (bytes / frameBytes / sampleRate).toFixed(2);
    throw truncatedError(
      path,
      'AU',
      `it holds ${seconds(available)} s of the ${seconds(declared)} s that its header says`,
    );
  }
  if (declared === UNKNOWN_SIZE && available % frameBytes !== 0) {
    throw truncatedError(path, 'AU', 'it ends inside a frame');
  }
  const dataBytes = declared === UNKNOWN_SIZE ? available : declared;
  return { ...format, dataStart, frames: Math.floor(dataBytes / frameBytes) };
}
