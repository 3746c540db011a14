/** An image laid into a larger one of zeros. */

/** An image `[height, width, channels]` somewhere in an array of floats. */
export interface PlacedImage {
  values: Float32Array<ArrayBufferLike>;
  /** Index of its first value. */
  start: number;
  height: number;
  width: number;
  channels: number;
}

/**
 * Writes `target` whole: zeros, and the pixels of `source` from row `top` and column `left` on, `strides` apart; what
 * falls outside is left out. Channels beyond the source's are zeros.
 */
export function placeImage(
  target: PlacedImage,
  source: PlacedImage,
  { top, left, strides: [down, across] }: { top: number; left: number; strides: [number, number] },
): void {
  const { channels } = source;
  const size = target.height * target.width * target.channels;
  target.values.fill(0, target.start, target.start + size);
  for (let row = 0; row < source.height; row++) {
    const y = top + row * down;
    if (y < 0 || y >= target.height) continue;
    for (let column = 0; column < source.width; column++) {
      const x = left + column * across;
      if (x < 0 || x >= target.width) continue;
      const to = target.start + (y * target.width + x) * target.channels;
      const from = source.start + (row * source.width + column) * channels;
      for (let k = 0; k < channels; k++) target.values[to + k] = source.values[from + k];
    }
  }
}
