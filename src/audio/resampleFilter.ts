/** The low-pass filter of the resampler, tabulated by phase. */

/** Zero crossings of the sinc on either side, counted at the lower of the two rates. */
const ZERO_CROSSINGS = 64;
/** Middle of the transition band, in units of the lower Nyquist frequency; the band is 0.9 to 1. */
const CUTOFF = 0.95;
/**
 * 100 dB of stop-band attenuation: beta = 0.1102 (A - 8.7), and then 2 × 64 taps give a transition band of
 * (A - 8) / (2.285 × 128 π) = 0.1 of Nyquist. Kaiser, in Kuo & Kaiser, "System Analysis by Digital Computer", 1966;
 * also Oppenheim & Schafer, "Discrete-Time Signal Processing", section 7.5.3.
 */
const KAISER_BETA = 0.1102 * (100 - 8.7);

/** Above this many table entries the phases are interpolated. */
const MOST_EXACT_ENTRIES = 2 ** 20;
/**
 * Tabulated phases a sample of the lower rate. Linear interpolation between them errs by less than
 * (π / 4096)² / 8 = 7e-8 of full scale (-143 dB), the bound h² max|f″| / 8.
 */
const INTERPOLATED_PHASES = 4096;

const CACHED_TABLES = 8;

export interface ResampleFilter {
  /** Output samples that fit in `downFactor` input samples: `toRate / gcd`. */
  upFactor: number;
  /** Input samples that `upFactor` output samples span: `fromRate / gcd`. */
  downFactor: number;
  /** Input samples that one output sample may depend on, on either side. */
  reach: number;
  /** Coefficients of one phase: `2 × reach`. */
  taps: number;
  /** Phases that one input sample is divided into. */
  phases: number;
  /** True where a phase falls on a row of the table always, false where two rows are to be interpolated. */
  exact: boolean;
  /**
   * `[phases + 1, taps]`. Row p, entry j weighs the input sample `j - reach + 1` after the one at or before
   * the output's place, which lies `p / phases` behind that one.
   */
  table: Float64Array;
}

const tables = new Map<string, ResampleFilter>();

/** The filter for a pair of rates, from a small cache since its table takes longer than a short clip. */
export function getResampleFilter(fromRate: number, toRate: number): ResampleFilter {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const key = `${toRate / divisor}/${fromRate / divisor}`;
  const known = tables.get(key);
  if (known) return known;
  const filter = designFilter(toRate / divisor, fromRate / divisor);
  if (tables.size >= CACHED_TABLES) tables.delete(tables.keys().next().value!);
  tables.set(key, filter);
  return filter;
}

function designFilter(upFactor: number, downFactor: number): ResampleFilter {
  const slowdown = Math.min(1, upFactor / downFactor); // lower rate over input rate
  const halfWidth = ZERO_CROSSINGS / slowdown;
  const reach = Math.ceil(halfWidth);
  const taps = 2 * reach;
  const exact = (upFactor + 1) * taps <= MOST_EXACT_ENTRIES;
  const phases = exact ? upFactor : Math.ceil(INTERPOLATED_PHASES * slowdown);
  const table = new Float64Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const time = phase / phases - (tap - reach + 1); // input samples
      table[phase * taps + tap] =
        CUTOFF * slowdown * sinc(CUTOFF * slowdown * time) * kaiser(time / halfWidth);
    }
  }
  return { upFactor, downFactor, reach, taps, phases, exact, table };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

const KAISER_PEAK = besselI0(KAISER_BETA);

/** Kaiser's window over -1 … 1. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / KAISER_PEAK;
}

/** Modified Bessel function of the first kind, order 0, by its power series (Abramowitz & Stegun 9.6.12). */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
