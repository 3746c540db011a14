import { expect, test } from 'vitest';

import { neededInput, resample, resamplePart, resampledLength } from '../../../src/audio/resample.ts';

const RATIOS: [number, number][] = [
  [44100, 12000],
  [48000, 16000],
  [44100, 22050],
  [11025, 12000],
  [8000, 12000],
  [44101, 12000], // too many phases for a table: interpolated
  [11027, 48000], // the same, upwards
];

/** `seconds` of a sine of amplitude 1. */
function tone(frequency: number, sampleRate: number, seconds: number): Float32Array {
  const phase = (i: number) => 2 * Math.PI * frequency * (i / sampleRate) + 0.3;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => Math.sin(phase(i)));
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

test.each(RATIOS)(
  '%i to %i Hz is flat within 0.1 dB up to 0.85 of the lower Nyquist, without delay',
  (from, to) => {
    const nyquist = Math.min(from, to) / 2;
    for (const fraction of [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9]) {
      const frequency = fraction * nyquist;
      const { gain, phase, residual } = fitTone(
        resample(tone(frequency, from, 0.5), from, to),
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
      const output = middle(resample(tone(frequency, from, 0.5), from, to));
      expect(toDecibel(rms(output) * Math.SQRT2)).toBeLessThan(-100); // asked for: -90
    }
  },
);

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

test.each([...RATIOS, [12000, 12001] as [number, number]])(
  '%i to %i Hz equals the convolution written out, edges included',
  (from, to) => {
    for (const length of [1, 7, 300]) {
      const samples = Float32Array.from({ length }, (_, i) => Math.sin(i * i * 0.37) * (1 - (i % 5) / 7));
      const expected = resampleSlowly(samples, from, to);
      resample(samples, from, to).forEach((sample, i) => expect(sample).toBeCloseTo(expected[i], 6));
    }
  },
);

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

test.each(RATIOS)('a part at %i to %i Hz has the same bits as that slice of the whole', (from, to) => {
  const samples = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * 0.7) + Math.sin(i * i * 0.01));
  const whole = resample(samples, from, to);
  for (const [first, end] of [
    [0, 50],
    [311, 700],
    [whole.length - 90, whole.length],
  ]) {
    const needed = neededInput({ first, end }, from, to);
    const start = Math.max(0, needed.first);
    const part = { samples: samples.slice(start, needed.end), first: start };
    expect(resamplePart(part, from, to, { first, end })).toEqual(whole.slice(first, end));
  }
});

test('a rate in kHz is refused, with a guess', () => {
  expect(() => resample(new Float32Array(1), 44.1, 12000)).toThrow(RangeError);
  expect(() => resample(new Float32Array(1), 44.1, 12000)).toThrow('fromRate must be a whole number of Hz');
  expect(() => resample(new Float32Array(1), 44100, 12)).toThrow('Was it given in kHz?');
  expect(() => resample(new Float32Array(1), 44100, NaN)).toThrow('toRate must be a whole number of Hz');
  expect(() => resample(new Float32Array(1), 44100, 1e9)).toThrow('1000 to 768000');
});
