/** The spectrogram on the SIMD kernels: typed arrays in and out, no TensorFlow.js. */
import { countFrames, padLength, type PadMode } from '../../../dsp/framing.ts';
import type { KernelExecutor } from '../../simd/instantiate.ts';
import type { KernelEngine } from '../../simd/kernelEngine.ts';
import type { Arena } from '../../simd/threads/arena.ts';
import { ArenaScope } from '../../simd/threads/arena.ts';
import type { DecibelShape } from '../shape.ts';
import { storeFilterbank } from './filterbank.ts';
import { transformTables } from './tables.ts';

export interface SpectrogramProblem {
  /** `[clips, channels, samples]`. A view of a backend's memory will do: it is read before anything else is done. */
  x: Float32Array;
  xShape: readonly [clips: number, channels: number, samples: number];
  window: Float32Array;
  hopLength: number;
  center: boolean;
  padMode: PadMode;
  power: 1 | 2;
  mel?: {
    /** `[bins, bands]`. */
    filterbank: Float32Array;
    nBands: number;
    spans?: Int32Array;
    decibel: DecibelShape | null;
  };
}

/** Frames that are worth a task of their own; the same for any number of threads. */
const taskFrames = 256;
/** Values that are worth a task where each takes a step or two. */
const taskValues = 65_536;

export class SpectrogramEngine {
  readonly arena: Arena;
  readonly executor: KernelExecutor;
  /** As many clips as about fill this go through the kernels' memory at a time. */
  readonly sliceBytes: number;

  constructor({ arena, executor }: KernelEngine, sliceBytes = 2 ** 26) {
    this.arena = arena;
    this.executor = executor;
    this.sliceBytes = sliceBytes;
  }

  /**
   * @param use Is given `[clips, channels, frames, bins or bands]`, which may be a view of the kernels' memory: it takes a
   * copy of what it keeps.
   */
  transform<Result>(
    problem: SpectrogramProblem,
    use: (output: Float32Array<ArrayBufferLike>, shape: number[]) => Result,
  ): Result {
    const { window, mel } = problem;
    const [clips, channels, samples] = problem.xShape;
    const framing = { ...problem, nFft: window.length };
    const nFrames = countFrames(samples, framing);
    const columns = mel?.nBands ?? window.length / 2 + 1;
    const clipValues = channels * nFrames * columns;
    const shape = [clips, channels, nFrames, columns];
    const scope = new ArenaScope(this.arena);
    try {
      const tables = scope.store(transformTables(window));
      const bank = mel && storeFilterbank(scope, mel.filterbank, mel.nBands, mel.spans);
      const amin = mel?.decibel ? scope.store([mel.decibel.amin]) : 0;
      const clipBytes = 4 * (channels * (samples + 2 * padLength(framing)) + clipValues);
      const most = Math.max(this.executor.threads, Math.floor(this.sliceBytes / clipBytes));
      const constants = { tables, amin, ...(bank ?? { spans: 0, weights: 0 }) };
      const slice = (first: number, count: number) =>
        this.slice(problem, { first, count, nFrames, columns }, constants);
      if (clips <= most) return use(slice(0, clips), shape);
      const output = new Float32Array(clips * clipValues);
      for (let first = 0; first < clips; first += most) {
        output.set(slice(first, Math.min(most, clips - first)), first * clipValues);
      }
      return use(output, shape);
    } finally {
      scope.release();
    }
  }

  /** Some of the clips; a view that the next use of the memory ends. */
  private slice(
    problem: SpectrogramProblem,
    { first, count, nFrames, columns }: { first: number; count: number; nFrames: number; columns: number },
    constants: { tables: number; amin: number; spans: number; weights: number },
  ): Float32Array {
    const { xShape, window, hopLength, power, mel } = problem;
    const channels = xShape[1];
    const rows = count * channels;
    const tasks = splitFrames(nFrames);
    const scope = new ArenaScope(this.arena);
    try {
      const { signals, rowBytes } = padRows(scope, this.arena, problem, first * channels, rows);
      const output = scope.allocate(4 * rows * nFrames * columns);
      const scratchBytes = scratchSize(window.length, mel?.nBands ?? 0);
      const slots = this.executor.threads === 1 ? 1 : rows * tasks.length;
      const scratch = scope.allocate(slots * scratchBytes);
      const peaks = scope.allocate(4 * rows * tasks.length);
      const { tables, amin, spans, weights } = constants;
      this.executor.run(
        'spectrogram',
        Array.from({ length: rows }, (_, row) =>
          tasks.map(([start, end], task) => {
            const number = row * tasks.length + task;
            return [
              ...[signals + row * rowBytes + 4 * start * hopLength, 4 * hopLength, end - start],
              ...[window.length, tables, power, scratch + (number % slots) * scratchBytes],
              ...[spans, weights, mel?.nBands ?? 0, amin, amin ? peaks + 4 * number : 0],
              output + 4 * (row * nFrames + start) * columns,
            ];
          }),
        ).flat(),
      );
      if (mel?.decibel) {
        const clipValues = channels * nFrames * columns;
        const peaksOfClips = maxima(this.arena.f32, peaks / 4, count, channels * tasks.length);
        this.limit(scope, output, clipValues, peaksOfClips, mel.decibel);
      }
      return this.arena.f32.subarray(output / 4, output / 4 + rows * nFrames * columns);
    } finally {
      scope.release();
    }
  }

  /** Subtracts each clip's reference and lifts its values to its floor. */
  private limit(
    scope: ArenaScope,
    output: number,
    clipValues: number,
    peaks: Float32Array,
    { ref, amin, topDb }: DecibelShape,
  ): void {
    if (ref !== 'max' && Math.max(amin, ref) === 1 && topDb === null) return;
    const calls: number[][] = [];
    peaks.forEach((peak, clip) => {
      const reference = ref === 'max' ? peak : Math.fround(10 * Math.log10(Math.max(amin, ref)));
      const floor = topDb === null ? -Infinity : Math.fround(peak - reference) - topDb;
      const parameters = scope.store([reference, floor]);
      const start = output + 4 * clip * clipValues;
      for (let at = 0; at < clipValues; at += taskValues) {
        calls.push([start + 4 * at, Math.min(taskValues, clipValues - at), parameters]);
      }
    });
    this.executor.run('limitDecibels', calls);
  }
}

/** Bytes of the kernels' scratch memory. */
export function scratchSize(nFft: number, nBands: number): number {
  return 16 * (2 * nFft + nFft / 2 + 1 + 4 * Math.ceil(nBands / 4));
}

/** Pieces of whole fours of frames, `[start, end)`. */
export function splitFrames(nFrames: number): [start: number, end: number][] {
  return Array.from({ length: Math.ceil(nFrames / taskFrames) }, (_, task) => [
    task * taskFrames,
    Math.min(nFrames, (task + 1) * taskFrames),
  ]);
}

/** `count` rows from `first` on into the kernels' memory, padded at both ends. */
export function padRows(
  scope: ArenaScope,
  arena: Arena,
  { x, xShape, window, hopLength, center, padMode }: SpectrogramProblem,
  first: number,
  count: number,
): { signals: number; rowBytes: number } {
  const samples = xShape[2];
  const pad = padLength({ nFft: window.length, hopLength, center });
  const length = samples + 2 * pad;
  const signals = scope.allocate(4 * count * length);
  const { f32 } = arena;
  for (let row = 0; row < count; row++) {
    const start = signals / 4 + row * length;
    const values = x.subarray((first + row) * samples, (first + row + 1) * samples);
    f32.set(values, start + pad);
    for (let i = 1; i <= pad; i++) {
      f32[start + pad - i] = padMode === 'reflect' ? values[i] : 0;
      f32[start + pad + samples - 1 + i] = padMode === 'reflect' ? values[samples - 1 - i] : 0;
    }
  }
  return { signals, rowBytes: 4 * length };
}

/** Largest of each of `groups` runs of `length` values; NaN where there is one. */
function maxima(f32: Float32Array, start: number, groups: number, length: number): Float32Array {
  return Float32Array.from({ length: groups }, (_, group) => {
    const from = start + group * length;
    return f32.subarray(from, from + length).reduce((a, b) => Math.max(a, b), -Infinity);
  });
}
