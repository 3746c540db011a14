/** What to do when a tensor or a batch is too large for the device. */
import { InputError } from '../errors.ts';

/** Dimensions beyond this are pixels or samples, not clips. */
const largestBatch = 4096;

/**
 * The error for a tensor that is larger than the device takes in one piece.
 *
 * @param shape The tensor's; of three dimensions or more the first is taken for the batch.
 * @param needed Bytes of the tensor.
 * @param limit Bytes that the device takes.
 */
export function tooLargeForDevice(shape: readonly number[], needed: number, limit: number): InputError {
  return new InputError(
    `webgpu: a tensor [${shape.join(', ')}] needs ${megabytes(needed)}, and the device takes ` +
      `${megabytes(limit)} in one piece: ${smallerBatch(shape, limit / needed)}.`,
  );
}

/**
 * The error for a device that has no memory left.
 *
 * @param held Bytes that are allocated, those that were refused included.
 */
export function outOfDeviceMemory(shape: readonly number[], held: number): InputError {
  return new InputError(
    `webgpu: the device is out of memory at ${megabytes(held)}: ${smallerBatch(shape, 0.5)}.`,
  );
}

function smallerBatch(shape: readonly number[], share: number): string {
  const [batch] = shape;
  const fitting = Math.floor(batch * share);
  if (shape.length < 3 || batch > largestBatch) {
    return `try ${Math.max(1, Math.floor(100 * share))} % of the batch size, or --engine wasm`;
  }
  if (fitting < 1) return 'not even one clip fits; use shorter clips or --engine wasm';
  return `try --batch-size ${fitting}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MB`;
}
