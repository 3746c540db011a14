/** Statistics and gradients of a convolution of one input channel, by what its taps see: the values are not needed. */
import type { ArenaScope } from '../../simd/threads/arena.ts';
import type { ConvBlockEngine } from './engine.ts';
import type { ConvBlockGeometry } from './geometry.ts';

/** Of each filter's values over a batch. */
export interface Moments {
  mean: Float64Array;
  variance: Float64Array;
}

/** Adds up, image by image, over the pixels of a batch; then answers for any kernel. */
export class PatchSums {
  private readonly engine: ConvBlockEngine;
  private readonly geometry: ConvBlockGeometry;
  /** Pointers: the shift, the shifted rows of each part, the sums of each part. */
  private readonly shift: number;
  private readonly rows: number;
  private readonly parts: number;
  /** Float64 of a part: `[taps + 1][taps]` of (input - shift), products in the upper triangle, sums in the last row. */
  private readonly length: number;

  constructor(engine: ConvBlockEngine, geometry: ConvBlockGeometry, scope: ArenaScope) {
    const { batch, taps, rowBands, inputRow, kernelHeight } = geometry;
    this.engine = engine;
    this.geometry = geometry;
    this.length = (taps + 1) * taps;
    const count = batch * rowBands.length;
    this.shift = scope.allocate(4);
    this.rows = scope.allocate(count * kernelHeight * inputRow);
    this.parts = scope.allocate(8 * count * this.length);
    engine.arena.f64.fill(0, this.parts / 8, this.parts / 8 + count * this.length);
  }

  /**
   * @param first Number of the first image.
   * @param pointers To padded images.
   */
  add(first: number, pointers: readonly number[]): void {
    const { height, width, kernelHeight, kernelWidth, inputRow, inputPixel, rowBands } = this.geometry;
    const { arena, executor } = this.engine;
    if (first === 0) {
      // About the value in the middle of the first image, so that a large mean costs no digits.
      const middle = pointers[0] + (height >> 1) * inputRow + (width >> 1) * inputPixel;
      arena.f32[this.shift / 4] = arena.f32[middle / 4];
    }
    executor.run(
      'patchProducts',
      pointers.flatMap((image, slot) =>
        rowBands.map(([start, end], band) => {
          const part = (first + slot) * rowBands.length + band;
          return [
            ...[
              image + start * inputRow,
              inputRow,
              kernelHeight,
              kernelWidth,
              end - start,
              width,
              this.shift,
            ],
            ...[this.rows + part * kernelHeight * inputRow, this.parts + 8 * part * this.length],
          ];
        }),
      ),
    );
  }

  /** To be called while the memory of the scope is there. */
  finish(): PatchStatistics {
    const { batch, height, width, taps, rowBands } = this.geometry;
    const { arena } = this.engine;
    const sums = arena.sumDoubles(this.parts, batch * rowBands.length, this.length);
    return new PatchStatistics(sums, arena.f32[this.shift / 4], taps, batch * height * width);
  }
}

/** What a batch's patches hold, `[taps]` numbers each. */
export class PatchStatistics {
  private readonly sums: Float64Array;
  private readonly shift: number;
  private readonly taps: number;
  private readonly count: number;

  /** @param sums `[taps + 1][taps]` of (input - shift), over `count` pixels */
  constructor(sums: Float64Array, shift: number, taps: number, count: number) {
    this.sums = sums;
    this.shift = shift;
    this.taps = taps;
    this.count = count;
  }

  /** @param kernel `[taps][filters]` */
  moments(kernel: Float32Array, filters: number): Moments {
    const mean = new Float64Array(filters);
    const variance = new Float64Array(filters);
    for (let k = 0; k < filters; k++) {
      let [weights, sum, square] = [0, 0, 0];
      for (let tap = 0; tap < this.taps; tap++) {
        const weight = kernel[tap * filters + k];
        weights += weight;
        sum += weight * this.shiftedSum(tap);
        square += weight * this.shiftedProducts(tap, kernel, filters, k);
      }
      const shifted = sum / this.count;
      mean[k] = shifted + this.shift * weights;
      variance[k] = Math.max(0, square / this.count - shifted * shifted);
    }
    return { mean, variance };
  }

  /** Sum over pixels of what a tap sees. */
  sum(tap: number): number {
    return this.shiftedSum(tap) + this.count * this.shift;
  }

  /** Sum over pixels of what a tap sees times the value of filter `k`. */
  product(tap: number, kernel: Float32Array, filters: number, k: number): number {
    let [weights, sum] = [0, 0];
    for (let other = 0; other < this.taps; other++) {
      const weight = kernel[other * filters + k];
      weights += weight;
      sum += weight * this.shiftedSum(other);
    }
    const shifted = this.shiftedProducts(tap, kernel, filters, k);
    return shifted + this.shift * (sum + weights * this.sum(tap));
  }

  private shiftedSum(tap: number): number {
    return this.sums[this.taps * this.taps + tap];
  }

  private shiftedProducts(tap: number, kernel: Float32Array, filters: number, k: number): number {
    let products = 0;
    for (let other = 0; other < this.taps; other++) {
      const place = Math.min(tap, other) * this.taps + Math.max(tap, other);
      products += this.sums[place] * kernel[other * filters + k];
    }
    return products;
  }
}
