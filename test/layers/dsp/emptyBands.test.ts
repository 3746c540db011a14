import { expect, test } from 'vitest';
import { describeEmptyBands, findEmptyBands } from '../../../layers/dsp/emptyBands.ts';
import { melFilterbank, nonZeroSpans, type MelFilterbankOptions } from '../../../layers/dsp/mel.ts';

/** Bands whose column of the matrix is zero throughout. */
function zeroColumns(options: MelFilterbankOptions & { nMels: number }): number[] {
  const spans = nonZeroSpans(melFilterbank(options), options.nMels);
  return Array.from({ length: options.nMels }, (_, band) => band).filter((band) => spans[2 * band + 1] === 0);
}

test('empty bands are the zero columns of the matrix, and no shorter DFT than the one named fills them all', () => {
  for (const options of [
    { sampleRate: 16000, nFft: 256, nMels: 96 },
    { sampleRate: 22050, nFft: 512, nMels: 128, melScale: 'htk' as const },
    { sampleRate: 8000, nFft: 45, nMels: 40, fMin: 100, fMax: 3000 },
  ]) {
    const found = findEmptyBands(options)!;
    expect(found.bands.length).toBeGreaterThan(0);
    expect(found.bands).toEqual(zeroColumns(options));
    expect(zeroColumns({ ...options, nFft: found.smallestNFft })).toEqual([]);
    expect(zeroColumns({ ...options, nFft: found.smallestPowerOfTwo })).toEqual([]);
    for (let nFft = options.nFft; nFft < found.smallestNFft; nFft++) {
      expect(zeroColumns({ ...options, nFft }).length).toBeGreaterThan(0);
    }
    expect(Number.isInteger(Math.log2(found.smallestPowerOfTwo))).toBe(true);
  }
});

test('a DFT that is long enough leaves none empty', () => {
  expect(findEmptyBands({ sampleRate: 12000, nFft: 512, nMels: 40 })).toBeNull();
});

test('the line names the bands and both lengths', () => {
  const line = describeEmptyBands({ bands: [0, 2], smallestNFft: 900, smallestPowerOfTwo: 1024 });
  expect(line).toBe(
    'mel bands 0, 2 are empty; the smallest nFft that fills all is 900, the smallest power of two 1024',
  );
  expect(describeEmptyBands({ bands: [3], smallestNFft: 64, smallestPowerOfTwo: 64 })).toBe(
    'mel band 3 is empty; the smallest nFft that fills all is 64',
  );
  expect(
    describeEmptyBands({ bands: [0, 1, 2, 3, 4, 5, 6, 9], smallestNFft: 64, smallestPowerOfTwo: 64 }),
  ).toContain('mel bands 0, 1, 2, 3, 4, 5 and 2 more are empty');
});
