/** What the user can do about a fault of the machine in the middle of training. */
import { InputError } from '../errors.ts';

export interface TrainingState {
  batchSize: number;
  /** Epochs whose checkpoint is on disk. */
  epochsKept: number;
}

/**
 * A lost thread or too little memory as one line with the way out; any other error as it is.
 *
 * @example throw explainFault(error, { batchSize: 16, epochsKept: 3 });
 */
export function explainFault(error: unknown, { batchSize, epochsKept }: TrainingState): unknown {
  if (!(error instanceof Error) || error instanceof InputError) return error; // that says what to do
  const goOn =
    epochsKept > 0
      ? ` The first ${epochsKept === 1 ? 'epoch is' : `${epochsKept} epochs are`} kept: --resume goes on from there.`
      : '';
  if (error.name === 'KernelThreadError') {
    return new InputError(
      'training: a thread of the kernels has ended (killed, or out of memory). Give the same command again; ' +
        `--threads 1 needs no other thread.${goOn}`,
    );
  }
  if (!isOutOfMemory(error)) return error;
  const cause = error.message.split('\n')[0].replace(/\.$/, '');
  return new InputError(
    `training: too little memory for batches of ${batchSize} clips (${cause}). ` +
      (batchSize > 1
        ? `Try --batch-size ${Math.floor(batchSize / 2)} in a new run.`
        : 'Try a shorter input, --seconds, in a new run.'),
  );
}

/** The words of our kernels, engine wasm (src/engine/wasm.ts), TensorFlow and WebGPU for memory that is not there. */
const memoryWords = [
  /memory cannot grow/,
  /memory is full/,
  /OOM when allocating/,
  /out of memory/i,
  /buffer size .* exceeds|exceeds the max(imum)? buffer size|maxBufferSize|maxStorageBufferBindingSize/i,
  /Array buffer allocation failed|Invalid typed array length/,
];

function isOutOfMemory({ message }: Error): boolean {
  return memoryWords.some((words) => words.test(message));
}
