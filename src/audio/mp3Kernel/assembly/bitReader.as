// Bits of a byte stream, most significant first. Whoever reads has seen to it that the bits are there, or that zeros are.

/** Byte where the bits are counted from. */
export let bitBase: usize = 0;
export let bitPlace: i32 = 0;

export function startBits(base: usize, place: i32): void {
  bitBase = base;
  bitPlace = place;
}

/** The next `count` bits, 0 to 16. */
export function readBits(count: i32): i32 {
  const word = bswap<u32>(load<u32>(bitBase + <usize>(bitPlace >>> 3))) << (bitPlace & 7);
  bitPlace += count;
  return count == 0 ? 0 : <i32>(word >>> (32 - count));
}
