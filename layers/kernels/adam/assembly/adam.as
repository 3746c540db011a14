// One step of Adam over flat vectors.
import { multiplyAdd } from '../../simd/assembly/arithmetic';

/**
 * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g g, parameters -= stepSize m / (sqrt(v) + epsilon).
 *
 * @param count Elements of each vector, a multiple of 4.
 * @param constants beta1, 1 - beta1, beta2, 1 - beta2, stepSize, epsilon.
 */
export function adam(parameters: usize, m: usize, v: usize, g: usize, count: i32, constants: usize): void {
  const beta1 = v128.load32_splat(constants), rest1 = v128.load32_splat(constants, 4);
  const beta2 = v128.load32_splat(constants, 8), rest2 = v128.load32_splat(constants, 12);
  const stepSize = v128.load32_splat(constants, 16), epsilon = v128.load32_splat(constants, 20);
  const bytes = <usize>count * 4;
  for (let at: usize = 0; at < bytes; at += 16) {
    const gradient = v128.load(g + at);
    const first = multiplyAdd(v128.load(m + at), beta1, f32x4.mul(gradient, rest1));
    const second = multiplyAdd(v128.load(v + at), beta2, f32x4.mul(f32x4.mul(gradient, gradient), rest2));
    v128.store(m + at, first);
    v128.store(v + at, second);
    const update = f32x4.div(f32x4.mul(first, stepSize), f32x4.add(f32x4.sqrt(second), epsilon));
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), update));
  }
}
