// Scale factors: ISO 11172-3 2.4.2.7 (scalefac_compress, scfsi), ISO 13818-3 2.4.3.2.

import { readBits } from './bitReader';
import { SCALE_FACTORS, SCALE_PARTS, SHARED } from './layout';
import { Granule } from './sideInfo';

/** Of a channel: 22 bands of long blocks, then 13 bands times three windows of short blocks; the last of each are zero. */
export function scaleFactorsOf(channel: i32): usize {
  return SCALE_FACTORS + <usize>(channel << 6);
}
export const SHORT_FACTORS: usize = 22;

/** Bits of each of MPEG-1's scale factors by scalefac_compress: low bands, high bands. */
@inline
function lowBits(compress: i32): i32 {
  return compress < 4 ? 0 : compress == 4 ? 3 : 1 + (compress - 5) / 3;
}

/** Reads those of a granule at the place of the bit reader. */
export function readScaleFactors(granule: Granule, index: i32, channel: i32, isMpeg1: bool): void {
  let compress = granule.scaleCompress;
  const isShort = granule.blockType == 2;
  const isMixed = isShort && granule.isMixed != 0;
  let way = 3;
  let bits0: i32, bits1: i32, bits2: i32, bits3: i32;
  if (isMpeg1) {
    bits0 = bits1 = lowBits(compress);
    bits2 = bits3 = compress < 4 ? compress : compress == 4 ? 0 : compress > 13 ? compress - 12 : 1 + (compress - 5) % 3;
  } else if (compress < 400) {
    way = 0;
    bits0 = (compress >> 4) / 5;
    bits1 = (compress >> 4) % 5;
    bits2 = (compress >> 2) & 3;
    bits3 = compress & 3;
  } else if (compress < 500) {
    way = 1;
    compress -= 400;
    bits0 = (compress >> 2) / 5;
    bits1 = (compress >> 2) % 5;
    bits2 = compress & 3;
    bits3 = 0;
  } else {
    way = 2;
    compress -= 500;
    bits0 = compress / 3;
    bits1 = isMixed ? bits0 : compress % 3;
    bits2 = compress % 3;
    bits3 = 0;
    granule.preflag = 1;
  }
  const shape = isMixed ? 2 : i32(isShort);
  const parts = SCALE_PARTS + <usize>((way * 3 + shape) << 2);
  const factors = scaleFactorsOf(channel);
  // The second granule may keep any of four parts of the first's.
  const kept = index == 1 ? load<i32>(SHARED + <usize>(channel << 2)) : 0;
  let at: usize = isShort && !isMixed ? SHORT_FACTORS : 0;
  for (let part = 0; part < 4; part++) {
    const count = <i32>load<u8>(parts + <usize>part);
    const bits = part == 0 ? bits0 : part == 1 ? bits1 : part == 2 ? bits2 : bits3;
    const isKept = ((kept >> (3 - part)) & 1) != 0 && !isShort;
    for (let i = 0; i < count; i++) {
      if (!isKept) store<u8>(factors + at, <u8>readBits(bits));
      at++;
    }
    // Of mixed blocks the first part is that of the long bands; short ones follow from their fourth band on.
    if (part == 0 && isMixed) at = SHORT_FACTORS + 9;
  }
}
