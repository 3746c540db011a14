/** The low-pass that goes before halving a sampling rate. */

/** Samples at each side of the low-pass's centre. */
export const halfRateReach = 160;

/** Middle of the low-pass's slope, as a part of the new band. */
const cutoff = 0.9565;

/**
 * A symmetric low-pass of `2 * halfRateReach + 1` taps and gain 1 for halving the sampling rate: what lies below 0.91
 * of the new band passes, what would fold is down by 100 dB, and between the two lies the slope, where that of SoX's
 * resampler lies, which librosa takes for its constant-Q transform.
 *
 * A sinc times a Kaiser window; length and shape by Kaiser's formulas (Oppenheim & Schafer 2010, "Discrete-Time Signal
 * Processing", section 7.5.3): beta = 0.1102 (A − 8.7), taps = (A − 8) / (2.285 Δω), which is 320 for A = 100 dB and a
 * slope Δω = 0.04 π, 0.08 of the new band.
 */
export function halfRateLowPass(): Float64Array {
  const beta = 0.1102 * (100 - 8.7);
  const taps = Float64Array.from({ length: 2 * halfRateReach + 1 }, (_, i) => {
    const n = i - halfRateReach;
    const sinc = n === 0 ? cutoff / 2 : Math.sin((Math.PI * cutoff * n) / 2) / (Math.PI * n);
    return sinc * besselI0(beta * Math.sqrt(1 - (n / halfRateReach) ** 2));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/**
 * Halving as a matrix product: row-major `[3 * halfRateReach, halfRateReach / 2]`, from samples in a row to the samples
 * at half the rate whose low-pass they hold; the first of these stands at sample `halfRateReach`.
 */
export function halfRateMatrix(): Float32Array {
  const taps = halfRateLowPass();
  const outputs = halfRateReach / 2;
  const matrix = new Float32Array(3 * halfRateReach * outputs);
  for (let output = 0; output < outputs; output++) {
    taps.forEach((tap, i) => (matrix[(2 * output + i) * outputs + output] = tap));
  }
  return matrix;
}

/**
 * Doubling as a matrix product: row-major `[1.5 * halfRateReach, halfRateReach]`, from samples in a row to those at
 * twice the rate that they determine; the first of these stands at sample `halfRateReach / 2` of the row.
 */
export function doubleRateMatrix(): Float32Array {
  const taps = halfRateLowPass();
  const outputs = halfRateReach;
  const matrix = new Float32Array(1.5 * halfRateReach * outputs);
  for (let input = 0; input < 1.5 * halfRateReach; input++) {
    for (let output = 0; output < outputs; output++) {
      // gain 2, since only every second sample at the new rate has an input
      matrix[input * outputs + output] = 2 * (taps[output + 2 * halfRateReach - 2 * input] ?? 0);
    }
  }
  return matrix;
}

/** Modified Bessel function of the first kind and order 0, by its power series Σ ((x/2)^k / k!)². */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
