// From quantized values to the spectrum, short blocks put in the order of frequency: ISO 11172-3 2.4.3.4.7, 2.4.3.4.8.

import { GAINS, LONG_BANDS, PRETAB, SHORT_BANDS } from './layout';
import { scaleFactorsOf, SHORT_FACTORS } from './scaleFactors';
import { Granule } from './sideInfo';

/** 2^(quarters / 4); what the fields of a granule can say lies within the table. */
@inline
function gain(quarters: i32): f32 {
  return load<f32>(GAINS + <usize>((quarters + 352) << 2));
}

/**
 * Scales `count` coefficients.
 *
 * @param source What `readCoefficients` gave.
 * @param target `[576]`, float32: 18 of each subband.
 * @param quarters Added to the gain, in quarters of a power of two.
 * @returns How many may differ from zero.
 */
export function requantize(granule: Granule, channel: i32, source: usize, target: usize, count: i32, quarters: i32, isMpeg1: bool): i32 {
  const isShort = granule.blockType == 2;
  const longBands = isShort ? (granule.isMixed == 0 ? 0 : isMpeg1 ? 8 : 6) : 22;
  const factors = scaleFactorsOf(channel);
  const base = granule.globalGain - 210 + quarters;
  const shift = 1 + granule.scaleShift;
  let end = 0;
  for (let band = 0; band < longBands && end < count; band++) {
    const start = end;
    end = load<i32>(LONG_BANDS + <usize>(band << 2), 4);
    const factor = <i32>load<u8>(factors + <usize>band) + granule.preflag * load<i32>(PRETAB + <usize>(band << 2));
    const scale = f32x4.splat(gain(base - (factor << shift)));
    // What is written past the band's end is overwritten by the next one, or is zero.
    for (let at = start << 2; at < end << 2; at += 16) {
      v128.store(target + <usize>at, f32x4.mul(v128.load(source + <usize>at), scale));
    }
  }
  if (isShort) end = requantizeShort(granule, factors + SHORT_FACTORS, source, target, count, base, end);
  memory.fill(target + <usize>(end << 2), 0, <usize>(592 - end) << 2);
  return min(end, 576);
}

/** Bands from coefficient `end` on. The three windows of a band follow each other; in the spectrum they take turns. */
function requantizeShort(granule: Granule, factors: usize, source: usize, target: usize, count: i32, base: i32, end: i32): i32 {
  const shift = 1 + granule.scaleShift;
  for (let band = end == 0 ? 0 : 3; band < 13 && end < count; band++) {
    const start = 3 * load<i32>(SHORT_BANDS + <usize>(band << 2));
    end = 3 * load<i32>(SHORT_BANDS + <usize>(band << 2), 4);
    let from = source + <usize>(start << 2);
    for (let window = 0; window < 3; window++) {
      const subblock = window == 0 ? granule.subblockGains : window == 1 ? granule.subblockGain1 : granule.subblockGain2;
      const factor = <i32>load<u8>(factors + <usize>(band * 3 + window));
      const scale = gain(base - 8 * subblock - (factor << shift));
      for (let at = start + window; at < end; at += 3, from += 4) {
        store<f32>(target + <usize>(at << 2), load<f32>(from) * scale);
      }
    }
  }
  return end;
}
