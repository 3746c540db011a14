import { expect, test } from 'vitest';

import { mixDown, mixDownInterleaved } from '../../../src/audio/mixDown.ts';

test('the mix is the mean of the channels', () => {
  const channels = [Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -0.5), Float32Array.of(-0.25, 1, 0)];
  expect([...mixDown(channels)]).toEqual([0.25, 0.5, -0.5]);
  expect([...mixDownInterleaved(Float32Array.of(1, 0.5, -1, 0), 2)]).toEqual([0.75, -0.5]);
});

test('large values of opposite sign do not swamp a small one', () => {
  const channels = [1e8, 1, -1e8].map((sample) => Float32Array.of(sample));
  expect(mixDown(channels)[0]).toBe(Math.fround(1 / 3));
});

test('one channel is copied, so that the input stays the caller’s', () => {
  const channel = Float32Array.of(0.5);
  const mono = mixDown([channel]);
  expect(mono).toEqual(channel);
  expect(mono.buffer).not.toBe(channel.buffer);
});

test('no channel, or channels of different lengths, are refused', () => {
  expect(() => mixDown([])).toThrow('at least one channel');
  expect(() => mixDown([new Float32Array(2), new Float32Array(3)])).toThrow('got 2 and 3');
  expect(() => mixDownInterleaved(new Float32Array(3), 2)).toThrow('not whole frames of 2 channels');
});
