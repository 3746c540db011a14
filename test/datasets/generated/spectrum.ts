/** Slow and plain measurements of spectra for the tests of the generated sounds. */

/** Power of the samples at a frequency in Hz: |sum x[n] exp(-2πi f n / rate)|². */
export function powerAt(samples: ArrayLike<number>, frequency: number, sampleRate: number): number {
  const angle = (2 * Math.PI * frequency) / sampleRate;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [re, im, turnRe, turnIm] = [0, 0, 1, 0]; // turn = exp(-2πi f n / rate)
  for (let n = 0; n < samples.length; n++) {
    re += samples[n] * turnRe;
    im += samples[n] * turnIm;
    const next = turnRe * cos + turnIm * sin;
    turnIm = turnIm * cos - turnRe * sin;
    turnRe = next;
  }
  return re * re + im * im;
}

/** Distance in cents of the tone near `guess` (Hz) from it: mean weighted by power, which vibrato leaves alone, within ±150 cents. */
export function centsFrom(guess: number, samples: Float32Array, sampleRate: number): number {
  const windowed = hann(samples);
  let whole = 0;
  let sum = 0;
  for (let cents = -150; cents <= 150; cents += 3) {
    const power = powerAt(windowed, guess * 2 ** (cents / 1200), sampleRate);
    whole += power;
    sum += cents * power;
  }
  return sum / whole;
}

/** Share of the power that lies further than `width` (Hz) from all of the `lines` (Hz). */
export function shareAwayFrom(
  lines: number[],
  width: number,
  samples: Float32Array,
  sampleRate: number,
): number {
  const windowed = hann(samples);
  let away = 0;
  let whole = 0;
  for (let k = 1; k < samples.length / 2; k++) {
    const frequency = (k * sampleRate) / samples.length;
    const power = powerAt(windowed, frequency, sampleRate);
    whole += power;
    if (lines.every((line) => Math.abs(line - frequency) > width)) away += power;
  }
  return away / whole;
}

function hann(samples: Float32Array): Float64Array {
  return Float64Array.from(samples, (x, n) => x * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / samples.length)));
}
