// The gradient of the convolution's kernel.
import { multiplyAdd } from '../../simd/assembly/arithmetic';
import { kernelGradientByWinograd } from './winogradGradient';

/**
 * Adds to target[tap][channel] the sum over pixels of input at the tap times dy: by `kernelGradientByWinograd` where there
 * is `scratch`, else plainly.
 *
 * @param dy [height][width][tiles x 16], rows `dyRow` bytes apart.
 * @param target f32 [kernel height x kernel width x input channels][tiles x 16].
 */
export function kernelGradient(
  input: usize, inputRow: usize, inputPixel: usize, kernelHeight: i32, windowRow: usize,
  dy: usize, dyRow: usize, tiles: i32, height: i32, width: i32, target: usize, scratch: usize,
): void {
  if (scratch) {
    kernelGradientByWinograd(input, inputRow, inputPixel, dy, dyRow, tiles, height, width, target, scratch);
  } else {
    kernelGradientPlainly(input, inputRow, inputPixel, kernelHeight, windowRow, dy, dyRow, tiles, height, width, target);
  }
}

/** Tiles of 2 taps x 16 channels. */
function kernelGradientPlainly(
  input: usize, inputRow: usize, inputPixel: usize, kernelHeight: i32, windowRow: usize,
  dy: usize, dyRow: usize, tiles: i32, height: i32, width: i32, target: usize,
): void {
  const pixel = <usize>tiles * 64;
  // About a hundred pixels at a time: what a tile reads stays in the first cache over all taps, and sums stay short.
  const band = max(1, 96 / width);
  for (let start = 0; start < height; start += band) {
    const rows = min(band, height - start);
    let sums = target;
    for (let i = 0; i < kernelHeight; i++) {
      const rowStart = input + <usize>(start + i) * inputRow;
      for (let tap: usize = 0; tap < windowRow; tap += 8) {
        const ahead: usize = tap + 4 < windowRow ? 4 : 0;
        for (let tile = 0; tile < tiles; tile++) {
          let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
          let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
          for (let row = 0; row < rows; row++) {
            let x = rowStart + <usize>row * inputRow + tap;
            let d = dy + <usize>(start + row) * dyRow + <usize>tile * 64;
            const end = d + <usize>width * pixel;
            do {
              const d0 = v128.load(d), d1 = v128.load(d, 16), d2 = v128.load(d, 32), d3 = v128.load(d, 48);
              const xa = v128.load32_splat(x);
              a0 = multiplyAdd(xa, d0, a0);
              a1 = multiplyAdd(xa, d1, a1);
              a2 = multiplyAdd(xa, d2, a2);
              a3 = multiplyAdd(xa, d3, a3);
              const xb = v128.load32_splat(x + ahead);
              b0 = multiplyAdd(xb, d0, b0);
              b1 = multiplyAdd(xb, d1, b1);
              b2 = multiplyAdd(xb, d2, b2);
              b3 = multiplyAdd(xb, d3, b3);
              x += inputPixel;
              d += pixel;
            } while (d < end);
          }
          const t = sums + <usize>tile * 64;
          v128.store(t, f32x4.add(v128.load(t), a0));
          v128.store(t, f32x4.add(v128.load(t, 16), a1), 16);
          v128.store(t, f32x4.add(v128.load(t, 32), a2), 32);
          v128.store(t, f32x4.add(v128.load(t, 48), a3), 48);
          if (ahead) {
            const u = t + pixel;
            v128.store(u, f32x4.add(v128.load(u), b0));
            v128.store(u, f32x4.add(v128.load(u, 16), b1), 16);
            v128.store(u, f32x4.add(v128.load(u, 32), b2), 32);
            v128.store(u, f32x4.add(v128.load(u, 48), b3), 48);
          }
        }
        sums += ahead ? 2 * pixel : pixel;
      }
    }
  }
}

/**
 * For one input channel: adds to target[channel][kernel row][vector] the sum over pooled values of their gradient
 * times the input around the place of the maximum. Rows of the kernel are read as whole vectors of 4, so what lies
 * beyond its width is to be ignored, and the input needs 12 readable bytes behind it.
 *
 * @param places Byte offset in `input` for each place of a window.
 */
export function sparseKernelGradient(
  input: usize, inputRow: usize, kernelHeight: i32, vectors: i32,
  gradient: usize, index: usize, places: usize, channels: i32, pixel: usize,
  poolHeight: i32, poolWidth: i32, pooledHeight: i32, pooledWidth: i32, target: usize,
): void {
  const step = <usize>poolWidth * 4;
  const end = <usize>pooledWidth * pixel;
  for (let row = 0; row < pooledHeight; row++) {
    let sums = target;
    for (let k: usize = 0; k < <usize>channels * 4; k += 4) {
      for (let vector: usize = 0; vector < <usize>vectors * 16; vector += 16) {
        let i = 0;
        // Three kernel rows at once, the usual kernel; others one by one.
        for (; i + 3 <= kernelHeight; i += 3) {
          let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0);
          let window = input + <usize>i * inputRow + vector;
          for (let at = k; at < end; at += pixel) {
            const d = v128.load32_splat(gradient + at);
            const x = window + load<u32>(places + (<usize>load<u16>(index + (at >> 1)) << 2));
            s0 = multiplyAdd(d, v128.load(x), s0);
            s1 = multiplyAdd(d, v128.load(x + inputRow), s1);
            s2 = multiplyAdd(d, v128.load(x + 2 * inputRow), s2);
            window += step;
          }
          const t = sums + <usize>(i * vectors) * 16 + vector;
          const next = <usize>vectors * 16;
          v128.store(t, f32x4.add(v128.load(t), s0));
          v128.store(t + next, f32x4.add(v128.load(t + next), s1));
          v128.store(t + 2 * next, f32x4.add(v128.load(t + 2 * next), s2));
        }
        for (; i < kernelHeight; i++) {
          let s = f32x4.splat(0);
          let window = input + <usize>i * inputRow + vector;
          for (let at = k; at < end; at += pixel) {
            const x = window + load<u32>(places + (<usize>load<u16>(index + (at >> 1)) << 2));
            s = multiplyAdd(v128.load32_splat(gradient + at), v128.load(x), s);
            window += step;
          }
          const t = sums + <usize>(i * vectors) * 16 + vector;
          v128.store(t, f32x4.add(v128.load(t), s));
        }
      }
      sums += <usize>(kernelHeight * vectors) * 16;
    }
    input += <usize>poolHeight * inputRow;
    gradient += end;
    index += end >> 1;
  }
}

/** target[i] = sum over `parts` of source[part][i] for i < count, in float64; parts lie `stride` bytes apart. */
export function sumParts(source: usize, stride: usize, parts: i32, target: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    let sum: f64 = 0;
    let value = source + i * 4;
    for (let part = 0; part < parts; part++) {
      sum += <f64>load<f32>(value);
      value += stride;
    }
    store<f64>(target + i * 8, sum);
  }
}
