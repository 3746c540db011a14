// Batch norm and activation on the pooled values, forward and backward. Activations: 0 linear, 1 relu, 2 elu.
import { addToDoubles, expMinusOne, multiplyAdd } from '../../simd/assembly/arithmetic';

/** output = activation((value - mean) * scale + beta), `pixels` x `channels`. `output` may be `values`. */
export function normalise(
  values: usize, pixels: i32, channels: i32, mean: usize, scale: usize, beta: usize, activation: i32, output: usize,
): void {
  const bytes = <usize>channels * 4;
  const zero = f32x4.splat(0);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const centred = f32x4.sub(v128.load(values + k), v128.load(mean + k));
      let z = multiplyAdd(centred, v128.load(scale + k), v128.load(beta + k));
      if (activation == 1) z = f32x4.pmax(z, zero);
      else if (activation == 2) z = v128.bitselect(z, expMinusOne(z), f32x4.gt(z, zero));
      v128.store(output + k, z);
    }
    values += bytes;
    output += bytes;
  }
}

/**
 * The gradient before the activation, in place of the pooled values, and its sums.
 *
 * @param values Pooled values; becomes dz = dy * activation'(z).
 * @param dy Gradient of the output, `pixels` x `channels`.
 * @param sums f64 [2][channels], added to: sums of dz and of dz * (value - mean).
 */
export function pooledGradient(
  values: usize, dy: usize, pixels: i32, channels: i32, mean: usize, scale: usize, beta: usize, activation: i32,
  sums: usize,
): void {
  const bytes = <usize>channels * 4;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  // Channels outside, but over 64 pixels at a time: over all of them every step would miss the cache.
  for (let start = 0; start < pixels; start += 64) {
    const count = <usize>min(64, pixels - start);
    for (let k: usize = 0; k < bytes; k += 16) {
      const m = v128.load(mean + k), a = v128.load(scale + k), b = v128.load(beta + k);
      let sum = zero, product = zero;
      for (let at = k; at < k + count * bytes; at += bytes) {
        const centred = f32x4.sub(v128.load(values + at), m);
        const z = multiplyAdd(centred, a, b);
        let d = v128.load(dy + at);
        if (activation == 1) d = v128.and(d, f32x4.gt(z, zero));
        else if (activation == 2) {
          const slope = v128.bitselect(zero, expMinusOne(z), f32x4.ge(z, zero));
          d = f32x4.mul(d, f32x4.add(slope, one));
        }
        v128.store(values + at, d);
        sum = f32x4.add(sum, d);
        product = multiplyAdd(d, centred, product);
      }
      addToDoubles(sums + k * 2, sum);
      addToDoubles(sums + (bytes + k) * 2, product);
    }
    values += count * bytes;
    dy += count * bytes;
  }
}
