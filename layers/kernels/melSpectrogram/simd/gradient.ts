/** The gradients of the spectrogram by its window and by its waveform, on the SIMD kernels. */
import { countFrames, padLength } from '../../../dsp/framing.ts';
import type { Arena } from '../../simd/threads/arena.ts';
import { ArenaScope } from '../../simd/threads/arena.ts';
import type { SpectrogramEngine, SpectrogramProblem } from './engine.ts';
import { padRows, scratchSize, splitFrames } from './engine.ts';
import { transformTables } from './tables.ts';

interface Slice {
  rows: number;
  nFrames: number;
  signals: number;
  rowBytes: number;
  gradients: number;
  tables: number;
}

/**
 * @param dy Gradient of the spectrogram, `[clips, channels, frames, bins]`.
 * @returns The gradient by `by`, in its shape. The same numbers for any number of threads.
 */
export function spectrogramGradient(
  engine: SpectrogramEngine,
  problem: SpectrogramProblem,
  dy: Float32Array,
  by: 'x' | 'window',
): Float32Array<ArrayBuffer> {
  const { arena, executor } = engine;
  const { xShape, window } = problem;
  const [clips, channels, samples] = xShape;
  const framing = { ...problem, nFft: window.length };
  const nFrames = countFrames(samples, framing);
  const rowValues = nFrames * (window.length / 2 + 1);
  const allRows = clips * channels;
  const dX = new Float32Array(by === 'x' ? allRows * samples : 0);
  const dWindow = new Float64Array(window.length);
  const most = Math.max(executor.threads, Math.floor(engine.sliceBytes / (4 * (rowValues + 2 * samples))));
  for (let first = 0; first < allRows; first += most) {
    const rows = Math.min(most, allRows - first);
    const scope = new ArenaScope(arena);
    try {
      const tables = scope.store(transformTables(window));
      const { signals, rowBytes } = padRows(scope, arena, problem, first, rows);
      const gradients = scope.store(dy.subarray(first * rowValues, (first + rows) * rowValues));
      const slice = { rows, nFrames, signals, rowBytes, gradients, tables };
      if (by === 'window') addWindowGradient(engine, problem, slice, scope, dWindow);
      else {
        const padded = paddedGradient(engine, problem, slice, scope);
        for (let row = 0; row < rows; row++) {
          const target = dX.subarray((first + row) * samples, (first + row + 1) * samples);
          unpad(arena, padded + row * rowBytes, padLength(framing), problem.padMode, target);
        }
      }
    } finally {
      scope.release();
    }
  }
  return by === 'x' ? dX : Float32Array.from(dWindow);
}

function addWindowGradient(
  { arena, executor }: SpectrogramEngine,
  { window, hopLength, power }: SpectrogramProblem,
  { rows, nFrames, signals, rowBytes, gradients, tables }: Slice,
  scope: ArenaScope,
  sums: Float64Array,
): void {
  const nFft = window.length;
  const tasks = splitFrames(nFrames);
  const parts = rows * tasks.length;
  const scratch = scope.allocate(parts * scratchSize(nFft, 0));
  const partSums = scope.store([], parts * nFft);
  executor.run(
    'spectrogramGradient',
    Array.from({ length: rows }, (_, row) =>
      tasks.map(([start, end], task) => {
        const part = row * tasks.length + task;
        return [
          ...[signals + row * rowBytes + 4 * start * hopLength, 4 * hopLength, end - start, nFft, tables],
          ...[power, scratch + part * scratchSize(nFft, 0)],
          ...[gradients + 4 * (row * nFrames + start) * (nFft / 2 + 1), partSums + 4 * part * nFft, 0],
        ];
      }),
    ).flat(),
  );
  const { f32 } = arena;
  for (let part = 0; part < parts; part++) {
    for (let n = 0; n < nFft; n++) sums[n] += f32[partSums / 4 + part * nFft + n];
  }
}

/** Frames of a row overlap: a row is one task. */
function paddedGradient(
  { executor }: SpectrogramEngine,
  { window, hopLength, power }: SpectrogramProblem,
  { rows, nFrames, signals, rowBytes, gradients, tables }: Slice,
  scope: ArenaScope,
): number {
  const nFft = window.length;
  const scratchBytes = scratchSize(nFft, 0);
  const scratch = scope.allocate(rows * scratchBytes);
  const padded = scope.store([], (rows * rowBytes) / 4);
  executor.run(
    'spectrogramGradient',
    Array.from({ length: rows }, (_, row) => [
      ...[signals + row * rowBytes, 4 * hopLength, nFrames, nFft, tables, power],
      ...[scratch + row * scratchBytes, gradients + 4 * row * nFrames * (nFft / 2 + 1)],
      ...[0, padded + row * rowBytes],
    ]),
  );
  return padded;
}

/** The gradient of one row without padding: what was mirrored gets the gradient of its image too. */
function unpad(
  { f32 }: Arena,
  padded: number,
  pad: number,
  padMode: SpectrogramProblem['padMode'],
  target: Float32Array,
): void {
  const start = padded / 4 + pad;
  const { length } = target;
  target.set(f32.subarray(start, start + length));
  if (padMode !== 'reflect') return;
  for (let i = 1; i <= pad; i++) {
    target[i] += f32[start - i];
    target[length - 1 - i] += f32[start + length - 1 + i];
  }
}
