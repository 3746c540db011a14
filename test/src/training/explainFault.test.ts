import { expect, test } from 'vitest';
import { KernelThreadError } from '../../../layers/kernels/simd/threads/kernelThreadError.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import { InputError } from '../../../src/errors.ts';
import { explainFault } from '../../../src/training/explainFault.ts';

function explained(error: unknown, batchSize = 16, epochsKept = 0): string {
  const result = explainFault(error, { batchSize, epochsKept });
  expect(result).toBeInstanceOf(InputError);
  return (result as Error).message;
}

function fullArena(): Error {
  try {
    new Arena({ maximumBytes: 2 ** 20 }).allocate(2 ** 30);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the arena took what it cannot hold');
}

test('memory that does not suffice names the batch size to try, half of what it was', () => {
  expect(explained(fullArena())).toMatch(/batches of 16 clips \(kernels: .*Try --batch-size 8 in a new run/);
  expect(explained(fullArena(), 3)).toContain('--batch-size 1 ');
});

test('with one clip a batch the way out is a shorter input', () => {
  expect(explained(fullArena(), 1)).toMatch(/batches of 1 clips .*--seconds/);
});

test.each([
  ['TensorFlow', 'OOM when allocating tensor with shape[16,1360,96,32] and type float on /job:localhost'],
  ['WebGPU', 'webgpu failed, its results are void from here on: Out of memory'],
  ['WebGPU', 'Buffer size (4294967296) exceeds the max buffer size limit (268435456).'],
  ['wasm', "wasm: TensorFlow.js' memory is full, a tensor of 2048 MB does not fit. Use a smaller batch."],
  ['JavaScript', 'Array buffer allocation failed'],
])('the words of %s for full memory are understood', (_, message) => {
  expect(explained(new Error(message))).toContain('--batch-size 8');
});

test('a lost thread says that finished epochs are kept, if there are any', () => {
  expect(explained(new KernelThreadError())).toMatch(/a thread of the kernels has ended.*--threads 1/);
  expect(explained(new KernelThreadError())).not.toContain('--resume');
  expect(explained(new KernelThreadError(), 16, 1)).toContain('The first epoch is kept: --resume goes on');
  expect(explained(new KernelThreadError(), 16, 7)).toContain('The first 7 epochs are kept');
});

test('any other error stays as it is', () => {
  const error = new TypeError('x is not a function');
  expect(explainFault(error, { batchSize: 2, epochsKept: 1 })).toBe(error);
  expect(explainFault('text', { batchSize: 2, epochsKept: 1 })).toBe('text');
});
