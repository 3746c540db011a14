/** Random numbers that a seed and a step name. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface RandomNumbers {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** An integer uniform in [low, high], both included. */
  integer(low: number, high: number): number;
  /** `count` numbers of the standard normal distribution. */
  normals(count: number): Float32Array;
}

/**
 * A stream of its own for every seed and step, both 32-bit integers.
 *
 * @example randomNumbers(1, 0).uniform(0.8, 1.25)
 */
export function randomNumbers(seed: number, step: number): RandomNumbers {
  // the golden ratio and Knuth's multiplier keep the state from being zero
  const generator = xoroshiro128plusFromState([seed, step, 0x9e3779b9 | 0, 0x6c078965]);
  for (let i = 0; i < 16; i++) generator.next(); // lets the words of the state mix
  const fraction = () => (generator.next() >>> 0) / 2 ** 32;
  return {
    uniform: (low, high) => low + (high - low) * fraction(),
    integer: (low, high) => uniformInt(generator, low, high),
    normals(count) {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i += 2) {
        // Box & Muller 1958, "A Note on the Generation of Random Normal Deviates"; 1 - u is never 0
        const radius = Math.sqrt(-2 * Math.log(1 - fraction()));
        const angle = 2 * Math.PI * fraction();
        values[i] = radius * Math.cos(angle);
        if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
      }
      return values;
    },
  };
}
