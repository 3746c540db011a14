/** Memory of our own for the kernels, apart from any TensorFlow.js backend's. */

const pageBytes = 65_536;
/** 256 MB: with less there is no training. */
const leastPages = 4096;
const alignment = 64;
const guardValue = 0xa5;

interface Span {
  start: number;
  bytes: number;
}

/**
 * A WebAssembly memory given out in pieces: first fit, neighbours merged when freed, grown when full. Pieces are not
 * zeroed. A pointer is never 0.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  private readonly guardBytes: number;
  private readonly maximumPages: number;
  private readonly free: Span[] = [];
  private readonly taken = new Map<number, Span>();
  private bytes: Uint8Array<ArrayBufferLike> = new Uint8Array();
  private floats: Float32Array<ArrayBufferLike> = new Float32Array();
  private doubles: Float64Array<ArrayBufferLike> = new Float64Array();
  private words: Uint32Array<ArrayBufferLike> = new Uint32Array();

  /**
   * @param guardBytes Bytes with a known pattern before and after each piece, a multiple of 64; for tests. Default 0.
   * @param maximumBytes Limit to which the memory may grow. Default 4 GiB, what 32-bit WebAssembly can address.
   * @param shared Whether worker threads work on it too. Default false.
   */
  constructor({
    guardBytes = 0,
    maximumBytes = 2 ** 32,
    shared = false,
  }: { guardBytes?: number; maximumBytes?: number; shared?: boolean } = {}) {
    this.guardBytes = guardBytes;
    [this.memory, this.maximumPages] = reserve(Math.floor(maximumBytes / pageBytes), shared);
    this.free.push({ start: alignment, bytes: pageBytes - alignment });
  }

  get shared(): boolean {
    return !(this.memory.buffer instanceof ArrayBuffer);
  }

  /** Float32 view of the whole memory. Valid until the next `allocate`, and so are the other views. */
  get f32(): Float32Array<ArrayBufferLike> {
    this.renewViews();
    return this.floats;
  }

  get f64(): Float64Array<ArrayBufferLike> {
    this.renewViews();
    return this.doubles;
  }

  get u32(): Uint32Array<ArrayBufferLike> {
    this.renewViews();
    return this.words;
  }

  get u8(): Uint8Array<ArrayBufferLike> {
    this.renewViews();
    return this.bytes;
  }

  /** Bytes given out, guards included. */
  get usedBytes(): number {
    let sum = 0;
    for (const { bytes } of this.taken.values()) sum += bytes;
    return sum;
  }

  /** Size of the memory in bytes; it never shrinks. */
  get sizeBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * A piece of at least `bytes`, on a multiple of 64.
   * @throws RangeError if the memory cannot grow that far.
   */
  allocate(bytes: number): number {
    const wanted = Math.max(1, Math.ceil(bytes / alignment)) * alignment + 2 * this.guardBytes;
    let place = this.free.findIndex((span) => span.bytes >= wanted);
    if (place < 0) {
      this.grow(wanted);
      place = this.free.length - 1;
    }
    const span = this.free[place];
    const start = span.start;
    span.start += wanted;
    span.bytes -= wanted;
    if (span.bytes === 0) this.free.splice(place, 1);
    const pointer = start + this.guardBytes;
    this.taken.set(pointer, { start, bytes: wanted });
    if (this.guardBytes > 0) this.u8.fill(guardValue, start, start + wanted);
    return pointer;
  }

  release(pointer: number): void {
    const span = this.taken.get(pointer);
    if (span === undefined) throw new Error(`Arena: ${pointer} was not given out.`);
    this.checkGuard(pointer, span);
    this.taken.delete(pointer);
    let next = this.free.findIndex(({ start }) => start > span.start);
    if (next < 0) next = this.free.length;
    this.free.splice(next, 0, { ...span });
    for (const left of [next, next - 1]) {
      const [a, b] = [this.free[left], this.free[left + 1]];
      if (a !== undefined && b !== undefined && a.start + a.bytes === b.start) {
        a.bytes += b.bytes;
        this.free.splice(left + 1, 1);
      }
    }
  }

  /** Sums `parts` vectors of `length` float64 that lie one behind the other, in that order. */
  sumDoubles(pointer: number, parts: number, length: number): Float64Array {
    const { f64 } = this;
    const sums = new Float64Array(length);
    for (let part = 0; part < parts; part++) {
      const start = pointer / 8 + part * length;
      for (let i = 0; i < length; i++) sums[i] += f64[start + i];
    }
    return sums;
  }

  /** @throws Error if anything was written outside a piece that is given out. Without guards it sees nothing. */
  checkGuards(): void {
    for (const [pointer, span] of this.taken) this.checkGuard(pointer, span);
  }

  private checkGuard(pointer: number, { start, bytes }: Span): void {
    const { guardBytes, u8 } = this;
    for (let i = 0; i < guardBytes; i++) {
      if (u8[start + i] !== guardValue || u8[start + bytes - 1 - i] !== guardValue) {
        throw new Error(`Arena: written outside the piece at ${pointer} of ${bytes - 2 * guardBytes} bytes.`);
      }
    }
  }

  /** Grows so that the last free piece holds `wanted` bytes. */
  private grow(wanted: number): void {
    const size = this.sizeBytes;
    const last = this.free.at(-1);
    const tail = last !== undefined && last.start + last.bytes === size ? last : { start: size, bytes: 0 };
    const needed = Math.ceil((wanted - tail.bytes) / pageBytes);
    // An eighth more than asked, so that many small requests do not each copy the views.
    const generous = Math.min(needed + Math.ceil(size / pageBytes / 8), this.maximumPages - size / pageBytes);
    try {
      if (generous < needed) throw new RangeError('beyond the limit');
      this.memory.grow(generous);
    } catch (error) {
      throw new RangeError(
        `kernels: their memory cannot grow from ${Math.round(size / 2 ** 20)} MB by another ` +
          `${Math.ceil((needed * pageBytes) / 2 ** 20)} MB. Try half the batch size, or shorter clips.`,
        { cause: error },
      );
    }
    tail.bytes = this.sizeBytes - tail.start;
    if (tail !== last) this.free.push(tail);
  }

  private renewViews(): void {
    const { buffer } = this.memory;
    if (this.bytes.buffer === buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.words = new Uint32Array(buffer);
  }
}

/** A memory of one page that may grow to `pages`, or to half as many, and so on, where addresses are rationed. */
function reserve(pages: number, shared: boolean): [WebAssembly.Memory, pages: number] {
  try {
    return [new WebAssembly.Memory({ initial: 1, maximum: pages, shared }), pages];
  } catch (error) {
    if (pages < leastPages) throw error;
    return reserve(Math.floor(pages / 2), shared);
  }
}

/** Pieces that are released together. */
export class ArenaScope {
  private readonly arena: Arena;
  private readonly pointers: number[] = [];

  constructor(arena: Arena) {
    this.arena = arena;
  }

  allocate(bytes: number): number {
    const pointer = this.arena.allocate(bytes);
    this.pointers.push(pointer);
    return pointer;
  }

  /** A piece with `values` as float32, and zeros up to `count`. */
  store(values: ArrayLike<number>, count = values.length): number {
    const pointer = this.allocate(4 * count);
    const { f32 } = this.arena;
    f32.set(values, pointer / 4);
    f32.fill(0, pointer / 4 + values.length, pointer / 4 + count);
    return pointer;
  }

  /** A piece with `values` as 32-bit integers. */
  storeWords(values: ArrayLike<number>): number {
    const pointer = this.allocate(4 * values.length);
    this.arena.u32.set(values, pointer / 4);
    return pointer;
  }

  release(): void {
    for (const pointer of this.pointers.splice(0)) this.arena.release(pointer);
  }
}
