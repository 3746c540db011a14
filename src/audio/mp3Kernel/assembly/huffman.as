// Huffman codes: ISO 11172-3 2.4.2.7 and 2.4.3.4.6.
//
// A code word is found by its first 8 bits in a table's lookups. An entry of a word holds its length (bits 0-4) and its two
// values (8-11, 12-15). One of a longer word has bit 31 set, and says where the next lookups are (8-30) and how many bits
// to look at there (0-4). The quadruples have 6 bits of lookup, and four values in bits 12-15.

import { bitBase } from './bitReader';
import { LOOKUPS, POWERS, TABLE_SELECT } from './layout';
import { Granule } from './sideInfo';

const ONE: u32 = 0x3f800000; // float32 bits
const SIGN: u32 = 0x80000000;

/**
 * Reads the coefficients of a granule: sign(q) |q|^(4/3) for each quantized q, from bit `place` to bit `end`.
 *
 * @param coefficients `[576]`, float32; those after the last that was read become 0.
 * @param most Coefficients from here on are not needed.
 * @returns How many were read; -1 if a table is chosen that does not exist.
 */
export function readCoefficients(granule: Granule, place: i32, end: i32, coefficients: usize, most: i32): i32 {
  let next = bitBase + <usize>(place >>> 3);
  let cache = (<u64>bswap<u32>(load<u32>(next)) << 32) << (place & 7); // its upper `bits` bits are to be read
  let bits = 32 - (place & 7);
  let left = end - place;
  next += 4;
  let at = 0;
  const pairedEnd = min(granule.pairedEnd, most);
  for (let region = 0; region < 3; region++) {
    const stop = min(region == 0 ? granule.secondStart : region == 1 ? granule.thirdStart : pairedEnd, pairedEnd);
    if (at >= stop) continue;
    const select = TABLE_SELECT + <usize>((region == 0 ? granule.tables : region == 1 ? granule.table1 : granule.table2) << 3);
    const table = load<usize>(select);
    const extraBits = load<i32>(select, 4);
    if (table == 0) return -1;
    for (; at < stop && left > 0; at += 2) {
      if (bits < 32) {
        cache |= <u64>bswap<u32>(load<u32>(next)) << (32 - bits);
        next += 4;
        bits += 32;
      }
      let entry = load<i32>(table + (<usize>(cache >> 56) << 2));
      if (entry < 0) {
        cache <<= 8;
        bits -= 8;
        left -= 8;
        const further = <usize>(cache >> (64 - (entry & 31)));
        entry = load<i32>(LOOKUPS + ((<usize>((entry >> 8) & 0x7fffff) + further) << 2));
      }
      const length = entry & 31;
      cache <<= length;
      bits -= length;
      left -= length;
      let x = (entry >> 8) & 15;
      let y = (entry >> 12) & 15;
      if (extraBits != 0 && x == 15) {
        x += <i32>(cache >> (64 - extraBits));
        cache <<= extraBits;
        bits -= extraBits;
        left -= extraBits;
      }
      let hasSign = i32(x != 0);
      store<u32>(coefficients + <usize>(at << 2), load<u32>(POWERS + <usize>(x << 2)) ^ (<u32>(cache >> 32) & SIGN));
      cache <<= hasSign;
      bits -= hasSign;
      left -= hasSign;
      if (extraBits != 0 && y == 15) {
        if (bits < 32) {
          cache |= <u64>bswap<u32>(load<u32>(next)) << (32 - bits);
          next += 4;
          bits += 32;
        }
        y += <i32>(cache >> (64 - extraBits));
        cache <<= extraBits;
        bits -= extraBits;
        left -= extraBits;
      }
      hasSign = i32(y != 0);
      store<u32>(coefficients + <usize>(at << 2), load<u32>(POWERS + <usize>(y << 2)) ^ (<u32>(cache >> 32) & SIGN), 4);
      cache <<= hasSign;
      bits -= hasSign;
      left -= hasSign;
    }
  }
  if (left < 0) at = max(0, at - 2); // the last pair was not whole
  const quads = load<usize>(TABLE_SELECT + <usize>((32 + granule.quadTable) << 3));
  while (left > 0 && at < most && at <= 572) {
    if (bits < 32) {
      cache |= <u64>bswap<u32>(load<u32>(next)) << (32 - bits);
      next += 4;
      bits += 32;
    }
    const entry = load<i32>(quads + (<usize>(cache >> 58) << 2));
    const length = entry & 31;
    cache <<= length;
    bits -= length;
    left -= length;
    const target = coefficients + <usize>(at << 2);
    for (let i = 0; i < 4; i++) {
      const isOne = (entry >> (15 - i)) & 1;
      store<u32>(target + <usize>(i << 2), isOne != 0 ? ONE | (<u32>(cache >> 32) & SIGN) : 0);
      cache <<= isOne;
      bits -= isOne;
      left -= isOne;
    }
    if (left >= 0) at += 4; // else the quadruple was not whole
  }
  memory.fill(coefficients + <usize>(at << 2), 0, <usize>(592 - at) << 2);
  return at;
}
