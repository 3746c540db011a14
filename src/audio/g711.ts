/** The telephone companding laws of ITU-T G.711, decoded by table; full scale ±1. */

/** mu-law byte to sample: a 14-bit value (the recommendation's table 2a), so full scale is 2^13. */
export const MU_LAW: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff; // sent inverted
  const magnitude = ((2 * (bits & 0x0f) + 33) << ((bits >> 4) & 7)) - 33;
  return (bits & 0x80 ? -magnitude : magnitude) / 2 ** 13;
});

/** A-law byte to sample: a 13-bit value (table 1a), so full scale is 2^12. */
export const A_LAW: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => {
  const bits = byte ^ 0x55; // even bits are sent inverted
  const segment = (bits >> 4) & 7;
  const step = 2 * (bits & 0x0f) + 1;
  const magnitude = segment === 0 ? step : (step + 32) << (segment - 1);
  return (bits & 0x80 ? magnitude : -magnitude) / 2 ** 12;
});
