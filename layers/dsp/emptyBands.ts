/** Mel bands that no bin of the DFT falls into. */
import { melFilterbank, melFrequencies, type MelFilterbankOptions } from './mel.ts';

export interface EmptyBands {
  /** Numbers of the empty bands, from 0. */
  bands: number[];
  /** The smallest DFT length that leaves no band empty, samples. */
  smallestNFft: number;
  /** The smallest power of two that does, for which there are FFT kernels. */
  smallestPowerOfTwo: number;
}

/**
 * The mel bands that are empty because the DFT is too short: they would be zero, or the floor of decibels, for every
 * clip. Null where there are none.
 *
 * @throws RangeError if an option is out of range, or no DFT up to 2^20 samples fills all bands.
 * @example findEmptyBands({ sampleRate: 16000, nFft: 256, nMels: 96 })
 */
export function findEmptyBands(options: MelFilterbankOptions): EmptyBands | null {
  melFilterbank(options); // refuses bad options
  const { sampleRate, nMels = 128, fMin = 0, fMax = sampleRate / 2, melScale } = options;
  const edges = melFrequencies(nMels + 2, fMin, fMax, melScale);
  const emptyAt = (nFft: number): number[] =>
    Array.from({ length: nMels }, (_, band) => band).filter((band) => {
      const firstAbove = Math.floor((edges[band] * nFft) / sampleRate) + 1; // the edges themselves have weight 0
      return !((firstAbove * sampleRate) / nFft < edges[band + 2] && firstAbove <= nFft / 2);
    });
  const bands = emptyAt(options.nFft);
  if (bands.length === 0) return null;
  let smallestNFft = options.nFft;
  while (emptyAt(++smallestNFft).length > 0) requireSearchable(smallestNFft);
  let smallestPowerOfTwo = 2 ** Math.ceil(Math.log2(smallestNFft));
  while (emptyAt(smallestPowerOfTwo).length > 0) requireSearchable((smallestPowerOfTwo *= 2));
  return { bands, smallestNFft, smallestPowerOfTwo };
}

/**
 * One line for the user, such as "mel bands 0, 2 are empty; the smallest nFft that fills all is 900, the smallest power
 * of two 1024".
 */
export function describeEmptyBands({ bands, smallestNFft, smallestPowerOfTwo }: EmptyBands): string {
  const [are, which] = bands.length === 1 ? ['is', 'mel band'] : ['are', 'mel bands'];
  const power =
    smallestPowerOfTwo === smallestNFft ? '' : `, the smallest power of two ${smallestPowerOfTwo}`;
  const more = bands.length > 6 ? ` and ${bands.length - 6} more` : '';
  return `${which} ${bands.slice(0, 6).join(', ')}${more} ${are} empty; the smallest nFft that fills all is ${smallestNFft}${power}`;
}

function requireSearchable(nFft: number): void {
  if (nFft >= 2 ** 20) {
    throw new RangeError('findEmptyBands: no nFft up to 2^20 fills all bands. Take fewer, or a wider range.');
  }
}
