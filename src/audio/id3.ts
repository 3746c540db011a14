/** ID3v2 tags, which stand in front of audio. */

/** Bytes of an ID3v2 tag at this place, its header and footer included; 0 where there is none (id3.org, ID3v2.4). */
export function id3v2Length(bytes: Uint8Array, at: number): number {
  if (at + 10 > bytes.length || bytes[at] !== 0x49 || bytes[at + 1] !== 0x44 || bytes[at + 2] !== 0x33)
    return 0;
  const size = bytes.subarray(at + 6, at + 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return size + (bytes[at + 5] & 0x10 ? 20 : 10);
}
