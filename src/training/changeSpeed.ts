/** Playing a crop faster or slower, pitch and tempo together, as a tape does. */

/**
 * `length` samples of a recording played at `speed` times its speed, from its first sample on.
 *
 * Cubic Hermite interpolation through four samples (Catmull & Rom 1974): quick, as augmentation has to be, and of less
 * quality than `resample`: played faster, what lies above `1 / speed` of the Nyquist frequency folds back.
 *
 * @param source at least `neededSamples(length, speed)` samples
 * @throws RangeError if the source is shorter, or `speed` is not > 0.
 * @example changeSpeed(Float32Array.of(0, 1, 2, 3, 4), 2, 2) // [0, 2]
 */
export function changeSpeed(source: Float32Array, length: number, speed: number): Float32Array {
  const needed = neededSamples(length, speed);
  if (!(speed > 0))
    throw new RangeError(`changeSpeed: speed must be > 0; got ${speed}. 1 leaves it as it is.`);
  if (source.length < needed) {
    throw new RangeError(
      `changeSpeed: needs ${needed} samples for ${length} at speed ${speed}; got ${source.length}.`,
    );
  }
  const out = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    const at = n * speed;
    const i = Math.floor(at);
    const t = at - i;
    const [b, c] = [source[i], source[i + 1]];
    const a = i > 0 ? source[i - 1] : b;
    const d = source[i + 2];
    const slope = (c - a) / 2;
    const curve = a - 2.5 * b + 2 * c - 0.5 * d;
    const twist = (d - a) / 2 + 1.5 * (b - c);
    out[n] = ((twist * t + curve) * t + slope) * t + b;
  }
  return out;
}

/** Samples that {@link changeSpeed} reads: up to two behind the last one's place. */
export function neededSamples(length: number, speed: number): number {
  return Math.floor((length - 1) * speed) + 3;
}
