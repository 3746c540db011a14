// Max-pool of one row of windows, with the place of the first maximum in each window.

/** @param index u16 per pooled value, or 0. */
export function poolRow(
  values: usize, valuesRow: usize, tiles: i32, poolHeight: i32, poolWidth: i32, pooledWidth: i32,
  pooled: usize, index: usize,
): void {
  if (index) poolRowWithPlaces(values, valuesRow, tiles, poolHeight, poolWidth, pooledWidth, pooled, index);
  else poolRowAlone(values, valuesRow, tiles, poolHeight, poolWidth, pooledWidth, pooled);
}

/** Nobody asks for the places, so the pass over the values is half as long. */
function poolRowAlone(
  values: usize, valuesRow: usize, tiles: i32, poolHeight: i32, poolWidth: i32, pooledWidth: i32, pooled: usize,
): void {
  const pixel = <usize>tiles * 64;
  for (let column = 0; column < pooledWidth; column++) {
    for (let tile = 0; tile < tiles; tile++) {
      const window = values + <usize>column * <usize>poolWidth * pixel + <usize>tile * 64;
      let m0 = v128.load(window), m1 = v128.load(window, 16), m2 = v128.load(window, 32), m3 = v128.load(window, 48);
      for (let i = 0; i < poolHeight; i++) {
        let value = window + <usize>i * valuesRow;
        const end = value + <usize>poolWidth * pixel;
        for (; value < end; value += pixel) {
          // pmax(a, b) is b where a < b, else a: the first stays where they are equal, or where one is no number.
          m0 = f32x4.pmax(m0, v128.load(value));
          m1 = f32x4.pmax(m1, v128.load(value, 16));
          m2 = f32x4.pmax(m2, v128.load(value, 32));
          m3 = f32x4.pmax(m3, v128.load(value, 48));
        }
      }
      v128.store(pooled, m0); v128.store(pooled, m1, 16); v128.store(pooled, m2, 32); v128.store(pooled, m3, 48);
      pooled += 64;
    }
  }
}

function poolRowWithPlaces(
  values: usize, valuesRow: usize, tiles: i32, poolHeight: i32, poolWidth: i32, pooledWidth: i32,
  pooled: usize, index: usize,
): void {
  const pixel = <usize>tiles * 64;
  for (let column = 0; column < pooledWidth; column++) {
    for (let tile = 0; tile < tiles; tile++) {
      const window = values + <usize>column * <usize>poolWidth * pixel + <usize>tile * 64;
      let m0 = v128.load(window), m1 = v128.load(window, 16), m2 = v128.load(window, 32), m3 = v128.load(window, 48);
      let i0 = i32x4.splat(0), i1 = i32x4.splat(0), i2 = i32x4.splat(0), i3 = i32x4.splat(0);
      let place = 0;
      for (let i = 0; i < poolHeight; i++) {
        let value = window + <usize>i * valuesRow;
        const end = value + <usize>poolWidth * pixel;
        for (; value < end; value += pixel) {
          const here = i32x4.splat(place++);
          let v = v128.load(value);
          let more = f32x4.gt(v, m0);
          m0 = v128.bitselect(v, m0, more);
          i0 = v128.bitselect(here, i0, more);
          v = v128.load(value, 16);
          more = f32x4.gt(v, m1);
          m1 = v128.bitselect(v, m1, more);
          i1 = v128.bitselect(here, i1, more);
          v = v128.load(value, 32);
          more = f32x4.gt(v, m2);
          m2 = v128.bitselect(v, m2, more);
          i2 = v128.bitselect(here, i2, more);
          v = v128.load(value, 48);
          more = f32x4.gt(v, m3);
          m3 = v128.bitselect(v, m3, more);
          i3 = v128.bitselect(here, i3, more);
        }
      }
      v128.store(pooled, m0); v128.store(pooled, m1, 16); v128.store(pooled, m2, 32); v128.store(pooled, m3, 48);
      v128.store(index, i16x8.narrow_i32x4_u(i0, i1));
      v128.store(index, i16x8.narrow_i32x4_u(i2, i3), 16);
      pooled += 64;
      index += 32;
    }
  }
}

/**
 * Puts the first value of each window where the largest was, for one channel of one image. With gamma = 0 all values
 * of a window are equal after batch norm, and the gradient goes to the first of equals.
 *
 * @param weights The channel's column of its tile, as in `convolve`.
 * @param pooled The channel's first pooled value; `index` its u16.
 */
export function firstOfWindows(
  input: usize, inputRow: usize, inputPixel: usize, kernelHeight: i32, windowRow: usize, weights: usize,
  poolHeight: i32, poolWidth: i32, pooledHeight: i32, pooledWidth: i32, pooled: usize, index: usize, pixel: usize,
): void {
  for (let row = 0; row < pooledHeight; row++) {
    for (let column = 0; column < pooledWidth; column++) {
      const window = input + <usize>(row * poolHeight) * inputRow + <usize>(column * poolWidth) * inputPixel;
      let sum: f32 = 0;
      let w = weights;
      for (let i = 0; i < kernelHeight; i++) {
        const start = window + <usize>i * inputRow;
        for (let x = start; x < start + windowRow; x += 4) {
          sum += load<f32>(x) * load<f32>(w);
          w += 64;
        }
      }
      store<f32>(pooled, sum);
      store<u16>(index, 0);
      pooled += pixel;
      index += pixel >> 1;
    }
  }
}
