import { expect, test } from 'vitest';

import { checkAudible, checkSamples } from '../../../src/audio/checkSamples.ts';
import { InputError } from '../../../src/errors.ts';

const origin = { path: 'a.wav', sampleRate: 1000, firstFrame: 2000 };

test('the time of the first faulty sample is given, counted from the start of the file', () => {
  const samples = new Float32Array(100);
  samples[50] = NaN;
  samples[60] = 99;
  expect(() => checkSamples(samples, origin)).toThrow(InputError);
  expect(() => checkSamples(samples, origin)).toThrow('a.wav: the sample at 2.050 s is NaN');
});

test('infinite samples and peaks above 8 are refused, 18 dB over full scale is let through', () => {
  expect(() => checkSamples(Float32Array.of(0, -Infinity), origin)).toThrow(
    'the sample at 2.001 s is -Infinity',
  );
  expect(() => checkSamples(Float32Array.of(-8.5), origin)).toThrow(
    'the sample at 2.000 s is -8.50, expected at most 8',
  );
  checkSamples(Float32Array.of(8, -8, 0), origin);
});

test('a peak of -90 dBFS is silent, one of -89 dBFS is not', () => {
  const peak = (decibel: number) => Float32Array.of(0, -(10 ** (decibel / 20)), 0);
  expect(() => checkAudible(peak(-90.01), 'a.wav', 'the file')).toThrow(
    'a.wav: silent, no sample of the file',
  );
  expect(() => checkAudible(new Float32Array(9), 'a.wav', 'the file')).toThrow(InputError);
  checkAudible(peak(-89), 'a.wav', 'the file');
});
