/** WAV bytes by hand, for files that no program writes. */

export interface WavParts {
  /** Default RIFF. */
  id?: string;
  /** Format tag; default 1, integer PCM. */
  tag?: number;
  channels?: number;
  sampleRate?: number;
  bits?: number;
  /** Default channels × bits / 8. */
  blockAlign?: number;
  /** Bytes of the fmt chunk after the first 16. */
  fmtRest?: number[];
  /** Whole chunks before the fmt chunk, between it and the data, and after the data. */
  before?: number[];
  between?: number[];
  after?: number[];
  /** Sample bytes. */
  data?: number[];
  /** What the data chunk's header says; default the truth. */
  dataSize?: number;
  /** What the RIFF header says; default the truth. */
  riffSize?: number;
}

const text = (name: string) => [...name].map((letter) => letter.charCodeAt(0));
export const uint16 = (value: number) => [value & 0xff, (value >> 8) & 0xff];
export const uint32 = (value: number) => [...uint16(value & 0xffff), ...uint16(value >>> 16)];

/** Name, size, content, and a pad byte where the size is odd. */
export function chunk(name: string, content: number[]): number[] {
  return [...text(name), ...uint32(content.length), ...content, ...(content.length % 2 ? [0] : [])];
}

export function buildWav(parts: WavParts = {}): Uint8Array {
  const { id = 'RIFF', tag = 1, channels = 1, sampleRate = 8000, bits = 16, data = [] } = parts;
  const { blockAlign = (channels * bits) / 8, dataSize = data.length, fmtRest = [] } = parts;
  const format = [
    ...uint16(tag),
    ...uint16(channels),
    ...uint32(sampleRate),
    ...uint32(sampleRate * blockAlign),
    ...uint16(blockAlign),
    ...uint16(bits),
    ...fmtRest,
  ];
  const content = [
    ...text('WAVE'),
    ...(parts.before ?? []),
    ...chunk('fmt ', format),
    ...(parts.between ?? []),
    ...text('data'),
    ...uint32(dataSize),
    ...data,
    ...(parts.after ?? []),
  ];
  return Uint8Array.from([...text(id), ...uint32(parts.riffSize ?? content.length), ...content]);
}

/** 16-bit samples as bytes. */
export const int16Bytes = (...samples: number[]) => samples.flatMap((sample) => uint16(sample & 0xffff));
