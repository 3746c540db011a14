/** The loops of sequential minimal optimisation in WebAssembly, with SIMD. */
import type { SmoLoops, SmoSizes } from '../smoLoops.ts';
import { simdBytes } from './wasmBytes.ts';

/** assembly/index.as says what the arguments are. */
interface SmoExports {
  updateAndChooseFirst(
    gradient: number,
    upward: number,
    row: number,
    kernelI: number,
    kernelJ: number,
    changeI: number,
    changeJ: number,
    active: number,
    inOrder: boolean,
  ): number;
  chooseSecond(
    gradient: number,
    downward: number,
    diagonal: number,
    row: number,
    kernelRow: number,
    largest: number,
    own: number,
    tolerance: number,
    active: number,
    inOrder: boolean,
  ): number;
}

const pageBytes = 65_536;
/** 4 GB, what WebAssembly can address: a kernel of 30,000 rows. */
const maxPages = 65_536;

let memory: WebAssembly.Memory | undefined;
let exports: SmoExports | undefined;

/**
 * Same numbers as `plainSmoLoops`, to the bit. The arrays lie in one memory a thread, which the next call takes over.
 *
 * @throws RangeError if they do not fit into it.
 */
export function simdSmoLoops({ n, variables }: SmoSizes): SmoLoops {
  const places = new Layout();
  const at = {
    gradient: places.take(8 * variables),
    upward: places.take(8 * variables),
    downward: places.take(8 * variables),
    diagonal: places.take(8 * variables),
    row: places.take(4 * variables),
    kernel: places.take(4 * n * n),
  };
  const { memory: shared, exports: kernel } = instanceWith(places.bytes, n);
  const { buffer } = shared;
  const gradient = new Float64Array(buffer, at.gradient, variables);
  const upward = new Float64Array(buffer, at.upward, variables);
  const diagonal = new Float64Array(buffer, at.diagonal, variables);
  const row = new Int32Array(buffer, at.row, variables);
  const kernelRow = (index: number) => at.kernel + 4 * n * index;
  return {
    kernel: new Float32Array(buffer, at.kernel, n * n),
    downward: new Float64Array(buffer, at.downward, variables),
    ...{ gradient, upward, diagonal, row },
    updateAndChooseFirst: (rowI, rowJ, changeI, changeJ, active, inOrder) =>
      kernel.updateAndChooseFirst(
        at.gradient,
        at.upward,
        at.row,
        kernelRow(rowI),
        kernelRow(rowJ),
        changeI,
        changeJ,
        active,
        inOrder,
      ),
    chooseSecond: (first, active, tolerance, inOrder) =>
      kernel.chooseSecond(
        at.gradient,
        at.downward,
        at.diagonal,
        at.row,
        kernelRow(row[first]),
        upward[first] - gradient[first],
        diagonal[first],
        tolerance,
        active,
        inOrder,
      ),
  };
}

/** Hands out places one after the other, each at a multiple of 16 bytes. */
class Layout {
  bytes = 0;

  take(size: number): number {
    const at = this.bytes;
    this.bytes = Math.ceil((at + size) / 16) * 16;
    return at;
  }
}

function instanceWith(bytes: number, n: number): { memory: WebAssembly.Memory; exports: SmoExports } {
  const pages = Math.ceil((bytes + 16) / pageBytes); // the last load may reach past the last row
  if (pages > maxPages) {
    throw new RangeError(
      `solveSmo: a kernel of ${n} rows takes more than the 4 GB that there are; use fewer rows.`,
    );
  }
  memory ??= new WebAssembly.Memory({ initial: pages, maximum: maxPages });
  exports ??= new WebAssembly.Instance(
    new WebAssembly.Module(Uint8Array.from(Buffer.from(simdBytes, 'base64'))),
    { env: { memory } },
  ).exports as unknown as SmoExports;
  const missing = pages - memory.buffer.byteLength / pageBytes;
  if (missing > 0) memory.grow(missing);
  return { memory, exports };
}
