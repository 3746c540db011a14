// The gradient of max-pooling: each window gives its own to its first maximum.

/**
 * One image, `[height][width][channels]`; windows may overlap and reach over its edges.
 *
 * @param dx Zeros; the gradient is added.
 * @param top Rows, and `left` columns, that the first window lies outside.
 */
export function maxPoolGradient(
  input: usize, height: i32, width: i32, channels: i32, dy: usize, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32, dx: usize,
): void {
  const pixel = <usize>channels * 4;
  const vectors = pixel & ~15;
  for (let row = 0; row < outHeight; row++) {
    const y0 = max(0, row * strideHeight - top), y1 = min(height, row * strideHeight - top + filterHeight);
    for (let column = 0; column < outWidth; column++) {
      const x0 = max(0, column * strideWidth - left), x1 = min(width, column * strideWidth - left + filterWidth);
      for (let k: usize = 0; k < vectors; k += 16) {
        let largest = f32x4.splat(-Infinity);
        let place = i32x4.splat(-1);
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const at = y * width + x;
            const value = v128.load(input + <usize>at * pixel + k);
            const larger = f32x4.gt(value, largest);
            largest = v128.bitselect(value, largest, larger);
            place = v128.bitselect(i32x4.splat(at), place, larger);
          }
        }
        give(dx, pixel, i32x4.extract_lane(place, 0), k, dy + k);
        give(dx, pixel, i32x4.extract_lane(place, 1), k + 4, dy + k + 4);
        give(dx, pixel, i32x4.extract_lane(place, 2), k + 8, dy + k + 8);
        give(dx, pixel, i32x4.extract_lane(place, 3), k + 12, dy + k + 12);
      }
      for (let k = vectors; k < pixel; k += 4) {
        let largest: f32 = -Infinity;
        let place = -1;
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const at = y * width + x;
            const value = load<f32>(input + <usize>at * pixel + k);
            if (value > largest) { largest = value; place = at; }
          }
        }
        give(dx, pixel, place, k, dy + k);
      }
      dy += pixel;
    }
  }
}

/** A window of nothing but NaN has no maximum: `place` is -1. */
@inline
function give(dx: usize, pixel: usize, place: i32, k: usize, gradient: usize): void {
  if (place < 0) return;
  const target = dx + <usize>place * pixel + k;
  store<f32>(target, load<f32>(target) + load<f32>(gradient));
}
