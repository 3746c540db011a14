/** Seeded randomness: independent streams of numbers, each named by integers, the same on every machine. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers; every call moves it on. */
export interface Random {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Integer, uniform in [low, high], both ends included. */
  integer(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, each as likely as the others. */
  pick<T>(items: readonly T[]): T;
  /** The items in random order, in a new array (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** A seed for a stream of its own: integer in [-2^31, 2^31). */
  seed(): number;
  /** White noise, uniform in [-1, 1): the bare generator, made for one value per sample. */
  noise(): number;
}

/**
 * A stream named by up to three 32-bit integers; two different names never share a starting state.
 *
 * xoroshiro128+ of pure-rand 8.4.2, started from the integers after MurmurHash3's finalizer (`fmix32`), which is
 * one-to-one and spreads neighbouring seeds over all bits.
 *
 * @throws RangeError if a seed is not a 32-bit integer.
 * @example createRandom(1).integer(1, 6)
 */
export function createRandom(seed: number, stream = 0, substream = 0): Random {
  for (const value of [seed, stream, substream]) {
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) {
      throw new RangeError(
        `seed must be an integer in [-2^31, 2^32); got ${value}. Pass 1 for the usual stream.`,
      );
    }
  }
  const state = [fmix32(seed ^ 0x2545f491), fmix32(stream ^ 0x6c078965), fmix32(substream), 0x9e3779b9 | 0];
  const generator = xoroshiro128plusFromState(state);
  for (let i = 0; i < 16; i++) generator.next(); // lets the words of the state mix
  const uniform = (low: number, high: number): number => low + (high - low) * uniformFloat64(generator);
  const integer = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    uniform,
    integer,
    chance: (probability) => uniform(0, 1) < probability,
    pick: (items) => items[integer(0, items.length - 1)],
    shuffle: (items) => {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
      }
      return shuffled;
    },
    seed: () => generator.next(),
    noise: () => generator.next() / 2 ** 31,
  };
}

/** The finalizer of MurmurHash3 (Appleby 2011): a one-to-one map of 32-bit integers. */
function fmix32(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
