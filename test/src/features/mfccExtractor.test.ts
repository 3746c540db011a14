import { expect, test } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { mfccExtractor } from '../../../src/features/mfccExtractor.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../../support/peerArray.ts';

const { cases } = readPeerFixture<{
  cases: { sample_rate: number; samples: PeerArray; features: PeerArray }[];
}>('librosa/mfcc.json');

async function* one(samples: Float32Array): AsyncGenerator<Float32Array> {
  yield samples;
}

async function rowOf(sampleRate: number, samples: Float32Array): Promise<Float32Array> {
  for await (const row of mfccExtractor({ sampleRate }).rows(one(samples))) return row;
  throw new Error('no row');
}

onEngines(() => {
  test.each(cases)('means and deviations equal librosa at $sample_rate Hz', async (golden) => {
    const row = await rowOf(golden.sample_rate, decodeArray(golden.samples).values);
    expectClose(row, decodeArray(golden.features).values, { atol: 2e-3, rtol: 1e-5 }); // decibels
  });

  test('clips of any length follow each other, and no tensor is left behind', async () => {
    const { rows } = mfccExtractor({ sampleRate: 8000 });
    async function* clips() {
      for (const length of [2000, 500, 9001]) yield Float32Array.from({ length }, (_, n) => Math.sin(n));
    }
    const lengths: number[] = [];
    let tensors = 0;
    for await (const row of rows(clips())) {
      if (lengths.push(row.length) === 1) tensors = tf.memory().numTensors;
      expect(row.every(Number.isFinite)).toBe(true);
    }
    expect(lengths).toEqual([120, 120, 120]);
    expect(tf.memory().numTensors).toBeLessThan(tensors);
  });
});

test('every number has a name, and the file says what it is', () => {
  const { parts, provenance, sampleRate } = mfccExtractor();
  expect(parts).toHaveLength(1);
  expect(parts[0].units).toHaveLength(120);
  expect(parts[0].units[20]).toBe('mfcc/deviation/0');
  expect(parts[0].units[119]).toBe('second difference/deviation/19');
  expect([provenance, sampleRate]).toEqual([{ extractor: 'MFCC' }, 12_000]);
});
