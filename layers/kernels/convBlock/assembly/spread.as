// From the gradient of the pooled values to the gradient of the convolution.
import { multiplyAdd } from '../../simd/assembly/arithmetic';

/**
 * In place: value becomes slope * value + offset (the part that came through the statistics), and the gradient of a
 * pooled value, times `scale`, is added where its window had its first maximum.
 *
 * @param places Byte offset in `values` for each place of a window.
 */
export function spread(
  values: usize, valuesRow: usize, height: i32, width: i32, channels: i32, slope: usize, offset: usize,
  gradient: usize, index: usize, places: usize, scale: usize,
  poolHeight: i32, poolWidth: i32, pooledHeight: i32, pooledWidth: i32,
): void {
  const pixel = <usize>channels * 4;
  for (let row = 0; row < height; row++) {
    let value = values + <usize>row * valuesRow;
    const end = value + <usize>width * pixel;
    for (; value < end; value += pixel) {
      for (let k: usize = 0; k < pixel; k += 16) {
        v128.store(value + k, multiplyAdd(v128.load(value + k), v128.load(slope + k), v128.load(offset + k)));
      }
    }
  }
  for (let row = 0; row < pooledHeight; row++) {
    let window = values + <usize>(row * poolHeight) * valuesRow;
    for (let column = 0; column < pooledWidth; column++) {
      for (let k: usize = 0; k < pixel; k += 4) {
        const target = window + load<u32>(places + (<usize>load<u16>(index) << 2)) + k;
        store<f32>(target, load<f32>(target) + load<f32>(gradient) * load<f32>(scale + k));
        gradient += 4;
        index += 2;
      }
      window += <usize>poolWidth * pixel;
    }
  }
}
