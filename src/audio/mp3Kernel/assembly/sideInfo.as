// Side information of a frame: ISO 11172-3 2.4.1.7 and 2.4.2.7, ISO 13818-3 2.4.1.7.

import { readBits } from './bitReader';
import { GRANULES, LONG_BANDS, SHARED, SHORT_BANDS } from './layout';

/** One channel of a granule, in memory of its own. */
@unmanaged
export class Granule {
  /** Bits of its scale factors and coefficients. */
  bits: i32;
  /** Coefficients that come in pairs. */
  pairedEnd: i32;
  /** Where the second and the third Huffman table start. */
  secondStart: i32;
  thirdStart: i32;
  tables: i32;
  table1: i32;
  table2: i32;
  quadTable: i32;
  globalGain: i32;
  scaleCompress: i32;
  /** 1 where scale factors count double. */
  scaleShift: i32;
  preflag: i32;
  /** 0 long, 1 start, 2 short, 3 stop. */
  blockType: i32;
  /** The two lowest subbands are long. */
  isMixed: i32;
  /** Of three windows. */
  subblockGains: i32;
  subblockGain1: i32;
  subblockGain2: i32;
}

export function granuleOf(granule: i32, channel: i32): Granule {
  return changetype<Granule>(GRANULES + <usize>(granule * 2 + channel) * 80);
}

/**
 * Reads it all.
 *
 * @returns Where the main data begin, in bytes before the frame's own; -1 for values that the standard forbids.
 */
export function readSideInfo(isMpeg1: bool, channels: i32): i32 {
  const begin = readBits(isMpeg1 ? 9 : 8);
  readBits(isMpeg1 ? (channels == 1 ? 5 : 3) : channels); // private
  for (let channel = 0; channel < channels; channel++) {
    store<i32>(SHARED + <usize>(channel << 2), isMpeg1 ? readBits(4) : 0);
  }
  const granules = isMpeg1 ? 2 : 1;
  for (let granule = 0; granule < granules; granule++) {
    for (let channel = 0; channel < channels; channel++) {
      if (!readGranule(granuleOf(granule, channel), isMpeg1)) return -1;
    }
  }
  return begin;
}

function readGranule(granule: Granule, isMpeg1: bool): bool {
  granule.bits = readBits(12);
  granule.pairedEnd = readBits(9) << 1;
  if (granule.pairedEnd > 576) return false;
  granule.globalGain = readBits(8);
  granule.scaleCompress = readBits(isMpeg1 ? 4 : 9);
  if (readBits(1) != 0) {
    if (!readSwitchedWindow(granule)) return false;
  } else {
    granule.blockType = 0;
    granule.isMixed = 0;
    granule.tables = readBits(5);
    granule.table1 = readBits(5);
    granule.table2 = readBits(5);
    const second = readBits(4) + 1;
    const third = second + readBits(3) + 1;
    granule.secondStart = load<i32>(LONG_BANDS + <usize>(second << 2));
    granule.thirdStart = load<i32>(LONG_BANDS + <usize>(min(third, 22) << 2));
  }
  // In MPEG-2 it follows from the way of the scale factors.
  granule.preflag = isMpeg1 ? readBits(1) : 0;
  granule.scaleShift = readBits(1);
  granule.quadTable = readBits(1);
  return true;
}

function readSwitchedWindow(granule: Granule): bool {
  granule.blockType = readBits(2);
  if (granule.blockType == 0) return false;
  granule.isMixed = readBits(1);
  granule.tables = readBits(5);
  granule.table1 = readBits(5);
  granule.table2 = 0;
  granule.subblockGains = readBits(3);
  granule.subblockGain1 = readBits(3);
  granule.subblockGain2 = readBits(3);
  granule.secondStart = granule.blockType == 2 ? 3 * load<i32>(SHORT_BANDS, 12) : load<i32>(LONG_BANDS, 32);
  granule.thirdStart = 576;
  return true;
}
