/** Uncompressed samples: bytes to float, and where they lie in a file. */

import { A_LAW, MU_LAW } from './g711.ts';

export type PcmEncoding =
  'uint8' | 'int8' | 'int16' | 'int24' | 'int32' | 'int64' | 'float32' | 'float64' | 'alaw' | 'mulaw';

/** Where a file's samples are and how to read them: what a WAV or AU header says, checked against the file. */
export interface PcmLayout {
  format: string;
  /** Hz. */
  sampleRate: number;
  channels: number;
  encoding: PcmEncoding;
  littleEndian: boolean;
  /** Byte position of the first frame. */
  dataStart: number;
  /** Whole frames in the file; a frame is one sample of every channel. */
  frames: number;
}

const BYTES_PER_SAMPLE: Record<PcmEncoding, number> = {
  uint8: 1,
  int8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  int64: 8,
  float32: 4,
  float64: 8,
  alaw: 1,
  mulaw: 1,
};

/** Bytes that one sample of every channel takes. */
export function bytesPerFrame(layout: Pick<PcmLayout, 'encoding' | 'channels'>): number {
  return BYTES_PER_SAMPLE[layout.encoding] * layout.channels;
}

/**
 * Turns bytes into samples, full scale ±1: an integer of b bits is divided by 2^(b-1), as ffmpeg and librosa do.
 *
 * @param bytes Whole samples, at any alignment.
 * @returns `[bytes / bytesPerSample]`, interleaved as the bytes are. Floats pass as they are, NaN included.
 */
export function decodePcm(bytes: Uint8Array, encoding: PcmEncoding, littleEndian: boolean): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = BYTES_PER_SAMPLE[encoding];
  const samples = new Float32Array(Math.floor(bytes.length / step));
  const fill = (read: (position: number) => number) => {
    for (let i = 0; i < samples.length; i += 1) samples[i] = read(i * step);
  };
  switch (encoding) {
    case 'uint8':
      fill((at) => (bytes[at] - 128) / 2 ** 7);
      break;
    case 'int8':
      fill((at) => view.getInt8(at) / 2 ** 7);
      break;
    case 'int16':
      fill((at) => view.getInt16(at, littleEndian) / 2 ** 15);
      break;
    case 'int24': {
      const [low, middle, high] = littleEndian ? [0, 1, 2] : [2, 1, 0];
      fill((at) => {
        const top = (bytes[at + high] << 24) | (bytes[at + middle] << 16) | (bytes[at + low] << 8);
        return top / 2 ** 31;
      });
      break;
    }
    case 'int32':
      fill((at) => view.getInt32(at, littleEndian) / 2 ** 31);
      break;
    case 'int64': {
      const [low, high] = littleEndian ? [0, 4] : [4, 0];
      fill((at) => {
        const lowPart = view.getUint32(at + low, littleEndian) / 2 ** 32;
        return (view.getInt32(at + high, littleEndian) + lowPart) / 2 ** 31;
      });
      break;
    }
    case 'float32':
      fill((at) => view.getFloat32(at, littleEndian));
      break;
    case 'float64':
      fill((at) => view.getFloat64(at, littleEndian));
      break;
    case 'alaw':
      fill((at) => A_LAW[bytes[at]]);
      break;
    case 'mulaw':
      fill((at) => MU_LAW[bytes[at]]);
      break;
  }
  return samples;
}
