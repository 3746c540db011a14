/** Who runs the calls of a kernel: this thread alone, or it and others. */

/** The numeric exports of a WebAssembly module. */
export type KernelExports<Name extends string> = Readonly<Record<Name, (...values: number[]) => void>>;

/** Runs calls that do not depend on each other's results, in any order, and returns when all are done. */
export interface Executor<Name extends string> {
  readonly threads: number;
  run(kernel: Name, calls: readonly (readonly number[])[]): void;
}

export class SerialExecutor<Name extends string> implements Executor<Name> {
  readonly threads = 1;
  private readonly exports: KernelExports<Name>;

  constructor(exports: KernelExports<Name>) {
    this.exports = exports;
  }

  run(kernel: Name, calls: readonly (readonly number[])[]): void {
    for (const call of calls) this.exports[kernel](...call);
  }
}
