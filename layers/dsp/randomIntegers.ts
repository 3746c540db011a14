/** Random integers that a seed and a step name. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Draws an integer uniform in [low, high], both included. */
export type DrawInteger = (low: number, high: number) => number;

/** A stream of integers; another seed or step gives another one. Both are read as 32-bit integers. */
export function randomIntegers(seed: number, step: number): DrawInteger {
  // the golden ratio and Knuth's multiplier keep the state from being zero
  const generator = xoroshiro128plusFromState([seed, step, 0x9e3779b9 | 0, 0x6c078965]);
  for (let i = 0; i < 16; i++) generator.next(); // lets the words of the state mix
  return (low, high) => uniformInt(generator, low, high);
}
