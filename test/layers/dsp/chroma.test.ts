import { expect, test } from 'vitest';
import { chromaFilterbank, octaveFolding } from '../../../layers/dsp/chroma.ts';
import { chromaFixture, chromaOptions } from '../../support/chromaFixture.ts';
import { expectClose } from '../../support/expectClose.ts';
import { decodeArray } from '../../support/peerArray.ts';

test('the chroma filterbank equals librosa for every option of the fixture', () => {
  for (const { options, values } of chromaFixture.filterbanks) {
    const { n_fft: nFft, ctroct, octwidth } = options;
    const ours = chromaFilterbank({ ...chromaOptions(options), nFft, ctroct, octwidth });
    expectClose(ours, decodeArray(values).values, { atol: 1e-6 });
  }
});

test('octave folding equals librosa for every option of the fixture', () => {
  for (const { options, values } of chromaFixture.foldings) {
    const ours = octaveFolding({ ...chromaOptions(options), nBins: options.n_input });
    expectClose(ours, decodeArray(values).values, { atol: 0 });
  }
});

test('from A2, three bins a semitone, bins 35, 0 and 1 count for A, and so do those an octave above', () => {
  const folding = octaveFolding({ nBins: 72, binsPerOctave: 36, fMin: 110 });
  const classOf = (bin: number) => folding.subarray(12 * bin, 12 * bin + 12).indexOf(1);
  expect([35, 0, 1, 36, 37, 71].map(classOf)).toEqual([9, 9, 9, 9, 9, 9]);
  expect([2, 3, 4].map(classOf)).toEqual([10, 10, 10]);
});

test('options that do not fit are refused', () => {
  expect(() => octaveFolding({ nBins: 84, binsPerOctave: 30 })).toThrow(
    'binsPerOctave must be a multiple of nChroma, 12; got 30',
  );
  expect(() => chromaFilterbank({ sampleRate: 8000, nFft: 512, octwidth: 0 })).toThrow(
    'octwidth, unless null, must be a number > 0; got 0',
  );
  expect(() => chromaFilterbank({ sampleRate: 0, nFft: 512 })).toThrow('sampleRate must be a number > 0');
});
