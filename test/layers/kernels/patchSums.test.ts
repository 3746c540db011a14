import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { ConvBlockEngine } from '../../../layers/kernels/convBlock/simd/engine.ts';
import { describeConvBlock } from '../../../layers/kernels/convBlock/simd/geometry.ts';
import { PatchSums } from '../../../layers/kernels/convBlock/simd/patchSums.ts';
import { bestBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena, ArenaScope } from '../../../layers/kernels/simd/threads/arena.ts';
import { expectClose } from '../../support/expectClose.ts';

const filters = 3;

/** Images, and what each tap of a kernel sees of them: the plain way, in float64. */
function draw([batch, height, width]: number[], [kernelHeight, kernelWidth]: number[], offset: number) {
  const random = createRandom(11);
  const [top, left] = [(kernelHeight - 1) / 2, (kernelWidth - 1) / 2];
  const padded = Array.from({ length: batch }, () =>
    Array.from({ length: height + 2 * top }, (_, row) =>
      Float32Array.from({ length: width + 2 * left }, (__, column) => {
        const inside = row >= top && row < top + height && column >= left && column < left + width;
        return inside ? offset + random.uniform(-1.7, 1.7) : 0;
      }),
    ),
  );
  const taps = Array.from({ length: kernelHeight * kernelWidth }, (_, tap) => {
    const [i, j] = [Math.floor(tap / kernelWidth), tap % kernelWidth];
    return padded.flatMap((image) =>
      image.slice(i, i + height).flatMap((row) => Array.from(row.subarray(j, j + width))),
    );
  });
  const kernel = Float32Array.from({ length: taps.length * filters }, () => random.uniform(-1.7, 1.7));
  return { padded, taps, kernel };
}

async function patchStatistics(padded: Float32Array[][], size: number[], kernelSize: number[]) {
  const [batch, height, width] = size;
  const engine = new ConvBlockEngine(
    await KernelEngine.create(bestBuild()!, undefined, new Arena({ guardBytes: 64 })),
  );
  const geometry = describeConvBlock({
    xShape: [batch, height, width, 1],
    kernelShape: [kernelSize[0], kernelSize[1], 1, filters],
    poolSize: [1, 1],
  });
  const scope = new ArenaScope(engine.arena);
  const sums = new PatchSums(engine, geometry, scope);
  // one image after the other, as a forward pass without a gradient gives them
  padded.forEach((image, number) => sums.add(number, [scope.store(image.flatMap((row) => Array.from(row)))]));
  const statistics = sums.finish();
  engine.arena.checkGuards();
  scope.release();
  return statistics;
}

test.each([
  { what: 'a single pixel under a kernel of 3 x 3', size: [1, 1, 1], kernel: [3, 3], offset: 0 },
  { what: 'images smaller than the kernel', size: [2, 3, 2], kernel: [5, 7], offset: -2 },
  { what: 'a width that is no multiple of 4', size: [2, 40, 13], kernel: [3, 3], offset: 0.5 },
  { what: 'a kernel of one row', size: [3, 25, 8], kernel: [1, 5], offset: 1 },
  { what: 'a kernel of one column', size: [1, 9, 30], kernel: [3, 1], offset: 0 },
  { what: 'several bands of rows, and values far from 0', size: [2, 80, 48], kernel: [3, 3], offset: -80 },
])(
  'sums, products and moments are those of what each tap sees: $what',
  async ({ size, kernel: kernelSize, offset }) => {
    const { padded, taps, kernel } = draw(size, kernelSize, offset);
    const statistics = await patchStatistics(padded, size, kernelSize);
    const count = size[0] * size[1] * size[2];
    const values = Array.from({ length: filters }, (_, k) =>
      Array.from({ length: count }, (__, pixel) =>
        taps.reduce((sum, seen, tap) => sum + seen[pixel] * kernel[tap * filters + k], 0),
      ),
    );
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const ones = new Array<number>(count).fill(1);
    taps.forEach((seen, tap) => {
      const size = Math.sqrt(dot(seen, seen));
      expectClose([statistics.sum(tap)], [dot(seen, ones)], { atol: 1e-7 * size * Math.sqrt(count) });
      values.forEach((ofFilter, k) => {
        const atol = 2e-6 * size * Math.sqrt(dot(ofFilter, ofFilter));
        expectClose([statistics.product(tap, kernel, filters, k)], [dot(seen, ofFilter)], { atol });
      });
    });
    const { mean, variance } = statistics.moments(kernel, filters);
    values.forEach((ofFilter, k) => {
      const average = dot(ofFilter, ones) / count;
      const centred = ofFilter.map((value) => value - average);
      expectClose([mean[k]], [average], { rtol: 1e-5 });
      expectClose([variance[k]], [dot(centred, centred) / count], { rtol: 1e-5, atol: 1e-12 });
    });
  },
);

test('where all pixels are equal a kernel of one tap finds their value, and no variance', async () => {
  const [size, kernelSize] = [[1, 64, 32], [1, 1]]; // prettier-ignore
  const flat = [Array.from({ length: 64 }, () => new Float32Array(32).fill(-79.3))];
  const { mean, variance } = (await patchStatistics(flat, size, kernelSize)).moments(
    Float32Array.of(0.7, -3, 0),
    filters,
  );
  const value = Math.fround(-79.3);
  expectClose([...mean], [value * Math.fround(0.7), value * -3, 0], { rtol: 1e-12 });
  expect([...variance]).toEqual([0, 0, 0]);
});
