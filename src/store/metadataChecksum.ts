/**
 * The checksum of HDF5's metadata: 32 bits of Jenkins' lookup3 (`hashlittle` with the initial value 0).
 *
 * Sources: R. Jenkins 2006, "lookup3.c" (public domain); HDF5 File Format Specification 3.0, section "Checksum".
 *
 * @example metadataChecksum(Buffer.from('Four score and seven years ago')) // 0x17770551
 */
export function metadataChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = (0xdeadbeef + bytes.length) | 0;
  let [b, c] = [a, a];
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + view.getUint32(at, true)) | 0;
    b = (b + view.getUint32(at + 4, true)) | 0;
    c = (c + view.getUint32(at + 8, true)) | 0;
    [a, c] = [((a - c) ^ turn(c, 4)) | 0, (c + b) | 0];
    [b, a] = [((b - a) ^ turn(a, 6)) | 0, (a + c) | 0];
    [c, b] = [((c - b) ^ turn(b, 8)) | 0, (b + a) | 0];
    [a, c] = [((a - c) ^ turn(c, 16)) | 0, (c + b) | 0];
    [b, a] = [((b - a) ^ turn(a, 19)) | 0, (a + c) | 0];
    [c, b] = [((c - b) ^ turn(b, 4)) | 0, (b + a) | 0];
  }
  if (at === bytes.length) return c >>> 0;
  const last = Buffer.alloc(12);
  last.set(bytes.subarray(at));
  a = (a + last.readInt32LE(0)) | 0;
  b = (b + last.readInt32LE(4)) | 0;
  c = (c + last.readInt32LE(8)) | 0;
  c = ((c ^ b) - turn(b, 14)) | 0;
  a = ((a ^ c) - turn(c, 11)) | 0;
  b = ((b ^ a) - turn(a, 25)) | 0;
  c = ((c ^ b) - turn(b, 16)) | 0;
  a = ((a ^ c) - turn(c, 4)) | 0;
  b = ((b ^ a) - turn(a, 14)) | 0;
  c = ((c ^ b) - turn(b, 24)) | 0;
  return c >>> 0;
}

/** To the left by `bits`, what falls out coming in again. */
function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
