import { beforeAll, expect, test } from 'vitest';
import type { ClipSet } from '../../../src/audio/clipSet.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { meanLogMel } from '../../../src/features/meanLogMel.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';

beforeAll(async () => {
  await useEngine('wasm');
});

const setOf = (waveforms: Float32Array[]): ClipSet => ({
  ids: waveforms.map((_, i) => String(i)),
  targets: new Float32Array(waveforms.length),
  nTags: 1,
  waveform: async (index) => waveforms[index],
});
const [sampleRate, samples, nFft] = [4000, 1000, 64];
const model = () =>
  createCompactConvnet({
    sampleRate,
    samples,
    nTags: 1,
    filters: 2,
    frontEnd: { nFft, nMels: null, topDb: 60 },
  });
const noise = Float32Array.from(
  { length: samples },
  (_, t) => 0.3 * Math.sin(t * t * 0.37) + 0.1 * Math.cos(t),
);

/** Power spectra of mirrored, Hann-windowed frames by the sum that defines them; dB below the peak; their mean. */
function slowMean(waveform: Float32Array): number[] {
  const mirrored = (t: number) => waveform[t < 0 ? -t : t >= samples ? 2 * (samples - 1) - t : t];
  const frames: number[][] = [];
  for (let middle = 0; middle <= samples; middle += nFft / 2) {
    frames.push(
      Array.from({ length: 1 + nFft / 2 }, (_, bin) => {
        let [re, im] = [0, 0];
        for (let n = 0; n < nFft; n++) {
          const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / nFft);
          const value = window * mirrored(middle - nFft / 2 + n);
          re += value * Math.cos((2 * Math.PI * bin * n) / nFft);
          im -= value * Math.sin((2 * Math.PI * bin * n) / nFft);
        }
        return Math.max(1e-10, re * re + im * im);
      }),
    );
  }
  const peak = Math.max(...frames.flat());
  return frames[0].map((_, bin) => {
    const decibels = frames.map((frame) => Math.max(-60, 10 * Math.log10(frame[bin] / peak)));
    return decibels.reduce((a, b) => a + b) / frames.length;
  });
}

test('it is the mean over frames of the decibels below the peak, a row a clip', async () => {
  const loud = noise.map((sample) => 2 * sample);
  const { features, nBins } = await meanLogMel(model(), setOf([noise, loud, noise.toReversed()]));
  expect(nBins).toBe(33);
  expect(features).toHaveLength(3 * 33);
  slowMean(noise).forEach((value, bin) => {
    expect(features[bin]).toBeCloseTo(value, 2); // float32 spectra of bins 60 dB below the peak
    expect(features[33 + bin]).toBeCloseTo(value, 2); // loudness does not count
  });
  slowMean(noise.toReversed()).forEach((value, bin) => expect(features[66 + bin]).toBeCloseTo(value, 2));
});

test('a longer clip is read from its start, a shorter one repeated', async () => {
  const longer = Float32Array.from([...noise, ...noise.map((_, t) => Math.sin(t))]);
  const half = noise.subarray(0, 500);
  const twice = Float32Array.from([...half, ...half]);
  const { features } = await meanLogMel(model(), setOf([noise, longer, half, twice]));
  expect(features.subarray(33, 66)).toEqual(features.subarray(0, 33));
  expect(features.subarray(66, 99)).toEqual(features.subarray(99));
});
