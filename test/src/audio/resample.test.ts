import { describe, expect, test } from 'vitest';

import { neededInput, resample, resamplePart, resampledLength } from '../../../src/audio/resample.ts';
import { bestResampleBuild } from '../../../src/audio/resampleKernel/simdResampler.ts';
import { enableRelaxedSimd } from '../../../src/engine/relaxedSimd.ts';

const RATIOS: [number, number][] = [
  [44100, 12000],
  [48000, 16000],
  [44100, 22050],
  [11025, 12000],
  [8000, 12000],
  [44101, 12000], // too many phases for a table: interpolated
  [11027, 48000], // the same, upwards
];

/** Periods of one, three, five and many outputs, and the strongest changes of rate. */
const ODD_RATIOS: [number, number][] = [
  [48000, 12000],
  [12000, 36000],
  [8000, 10000],
  [16000, 44100],
  [48000, 44100],
  [96000, 2000],
  [2000, 96000],
];

/** Relaxed SIMD where this machine has it. */
const BUILDS = [...(enableRelaxedSimd() ? (['relaxedSimd'] as const) : []), 'simd', 'none'] as const;
type Build = (typeof BUILDS)[number];

/** `resample` on one of the kernels. */
function resampleWith(build: Build, samples: Float32Array, from: number, to: number): Float32Array {
  const end = resampledLength(samples.length, from, to);
  return resamplePart({ samples, first: 0 }, from, to, { first: 0, end }, build);
}

/** `seconds` of a sine of amplitude 1. */
function tone(frequency: number, sampleRate: number, seconds: number): Float32Array {
  const phase = (i: number) => 2 * Math.PI * frequency * (i / sampleRate) + 0.3;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => Math.sin(phase(i)));
}

/** White noise that is the same every time. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(1103515245, state) + 12345) & 0x7fffffff;
    return state / 2 ** 30 - 1;
  });
}

const toDecibel = (amplitude: number) => 20 * Math.log10(amplitude);

/** The middle half, away from the edges where the signal starts and stops. */
const middle = (samples: Float32Array) =>
  samples.subarray(Math.floor(samples.length / 4), Math.floor((samples.length * 3) / 4));

const rms = (samples: ArrayLike<number>) =>
  Math.sqrt(Array.from(samples).reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** Least-squares fit of a sine and a cosine to the middle half: how strong it is there, and what else there is. */
function fitTone(samples: Float32Array, frequency: number, sampleRate: number) {
  const from = Math.floor(samples.length / 4);
  const part = middle(samples);
  const angle = (i: number) => (2 * Math.PI * frequency * (from + i)) / sampleRate;
  let [ss, sc, cc, xs, xc] = [0, 0, 0, 0, 0];
  part.forEach((sample, i) => {
    const [s, c] = [Math.sin(angle(i)), Math.cos(angle(i))];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    xs += sample * s;
    xc += sample * c;
  });
  const determinant = ss * cc - sc * sc;
  const sine = (xs * cc - xc * sc) / determinant;
  const cosine = (xc * ss - xs * sc) / determinant;
  const rest = part.map((sample, i) => sample - sine * Math.sin(angle(i)) - cosine * Math.cos(angle(i)));
  return {
    gain: Math.hypot(sine, cosine),
    phase: Math.atan2(cosine, sine),
    residual: rms(rest) * Math.SQRT2,
  };
}

/** The convolution written out: y(t) = sum over n of x[n] h(t - n), zero outside the signal. */
function resampleSlowly(samples: Float32Array, from: number, to: number): number[] {
  const scale = Math.min(1, to / from);
  const bessel = (x: number) => {
    let sum = 0;
    for (let k = 0, term = 1; k < 60; k += 1, term *= (x / (2 * k)) ** 2) sum += term;
    return sum;
  };
  const beta = 10.06126; // 0.1102 (100 dB - 8.7)
  const kernel = (time: number) => {
    const place = (time * scale) / 64;
    if (Math.abs(place) >= 1) return 0;
    const angle = Math.PI * 0.95 * scale * time;
    const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
    return (0.95 * scale * sinc * bessel(beta * Math.sqrt(1 - place * place))) / bessel(beta);
  };
  return Array.from({ length: Math.ceil((samples.length * to) / from) }, (_, m) =>
    samples.reduce((sum, sample, n) => sum + sample * kernel((m * from) / to - n), 0),
  );
}

describe.each(BUILDS)('kernel %s:', (build) => {
  test.each(RATIOS)(
    '%i to %i Hz is flat within 0.1 dB up to 0.85 of the lower Nyquist, without delay',
    (from, to) => {
      const nyquist = Math.min(from, to) / 2;
      for (const fraction of [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9]) {
        const frequency = fraction * nyquist;
        const { gain, phase, residual } = fitTone(
          resampleWith(build, tone(frequency, from, 0.5), from, to),
          frequency,
          to,
        );
        expect(Math.abs(toDecibel(gain))).toBeLessThan(0.001); // asked for: 0.1
        expect(Math.abs(phase - 0.3)).toBeLessThan(1e-5); // radians
        expect(toDecibel(residual)).toBeLessThan(-100); // images, distortion; asked for: -90
      }
    },
  );

  test.each(RATIOS.filter(([from, to]) => from > to))(
    '%i to %i Hz rejects what would alias by at least 90 dB from the new Nyquist on',
    (from, to) => {
      for (const fraction of [1, 1.001, 1.01, 1.03, 1.07, 1.15, 1.3, 1.7, 2, 2.9, 3.5]) {
        const frequency = (fraction * to) / 2;
        if (frequency >= from / 2) continue;
        const output = middle(resampleWith(build, tone(frequency, from, 0.5), from, to));
        expect(toDecibel(rms(output) * Math.SQRT2)).toBeLessThan(-100); // asked for: -90
      }
    },
  );

  test.each([...RATIOS, [12000, 12001] as [number, number]])(
    '%i to %i Hz equals the convolution written out, edges included',
    (from, to) => {
      for (const length of [1, 7, 300]) {
        const samples = Float32Array.from({ length }, (_, i) => Math.sin(i * i * 0.37) * (1 - (i % 5) / 7));
        const expected = resampleSlowly(samples, from, to);
        resampleWith(build, samples, from, to).forEach((sample, i) =>
          expect(sample).toBeCloseTo(expected[i], 6),
        );
      }
    },
  );

  test.each([...RATIOS, ...ODD_RATIOS])(
    '%i to %i Hz agrees with float64 sums to -130 dB, over more than is computed at a time',
    (from, to) => {
      const samples = noise(Math.ceil((20_000 * from) / to));
      const expected = resampleWith('none', samples, from, to);
      const actual = resampleWith(build, samples, from, to);
      expect(toDecibel(rms(actual.map((sample, i) => sample - expected[i])) / rms(samples))).toBeLessThan(
        -130,
      );
    },
  );

  test.each([...RATIOS, ...ODD_RATIOS])(
    'any part at %i to %i Hz has the bits of the whole, even where the rest of the signal is not given',
    (from, to) => {
      const samples = noise(Math.ceil((9000 * from) / to));
      const whole = resampleWith(build, samples, from, to);
      for (const first of [0, 1, 2, 3, 5, 41, 8190, 8995]) {
        for (const length of [1, 2, 7, 500]) {
          const end = Math.min(whole.length, first + length);
          const needed = neededInput({ first, end }, from, to);
          const start = Math.max(0, needed.first);
          const part = { samples: samples.slice(start, needed.end), first: start };
          expect(resamplePart(part, from, to, { first, end }, build)).toEqual(whole.slice(first, end));
        }
      }
    },
  );
});

test.each(RATIOS)('%i to %i Hz gives ceil(n × to / from) samples', (from, to) => {
  for (const n of [0, 1, 2, 3, 147, 160, 441, 1000, 44099, 44100]) {
    const exact = Number((BigInt(n) * BigInt(to) + BigInt(from) - 1n) / BigInt(from));
    expect(resampledLength(n, from, to)).toBe(exact);
    if (n <= 1000) expect(resample(new Float32Array(n), from, to)).toHaveLength(exact);
  }
});

test('the length of a signal of days is exact', () => {
  expect(resampledLength(44_100 * 86_400 * 10 + 1, 44_100, 12_000)).toBe(12_000 * 86_400 * 10 + 1);
});

test('a constant stays constant', () => {
  const output = resample(new Float32Array(4410).fill(0.5), 44100, 12000);
  middle(output).forEach((sample) => expect(Math.abs(sample - 0.5)).toBeLessThan(1e-5));
});

test('equal rates give a copy', () => {
  const samples = Float32Array.of(0.1, -0.2, 0.3);
  const output = resample(samples, 16000, 16000);
  expect(output).toEqual(samples);
  expect(output.buffer).not.toBe(samples.buffer);
});

test('the kernel chosen is the best that this runtime can run', () => {
  expect(bestResampleBuild()).toBe(BUILDS[0]);
});

test('a rate in kHz is refused, with a guess', () => {
  expect(() => resample(new Float32Array(1), 44.1, 12000)).toThrow(RangeError);
  expect(() => resample(new Float32Array(1), 44.1, 12000)).toThrow('fromRate must be a whole number of Hz');
  expect(() => resample(new Float32Array(1), 44100, 12)).toThrow('Was it given in kHz?');
  expect(() => resample(new Float32Array(1), 44100, NaN)).toThrow('toRate must be a whole number of Hz');
  expect(() => resample(new Float32Array(1), 44100, 1e9)).toThrow('1000 to 768000');
});
