/** Bytes by position, from a file or from memory, so that a slice of a huge file can be read alone. */

import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { InputError } from '../errors.ts';

export interface ByteSource {
  /** Named in error messages. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from `position` on: `length` of them, fewer where the source ends. */
  read(position: number, length: number): Uint8Array;
  close(): void;
}

/**
 * Opens a file for reading by position; reads are synchronous, as decoding is anyhow.
 *
 * @throws InputError if the path is missing, a folder, not a regular file, not readable, or empty.
 */
export function openByteSource(path: string): ByteSource {
  const descriptor = openRegularFile(path);
  const { size } = fstatSync(descriptor);
  const close = () => closeSync(descriptor);
  if (size === 0) {
    close();
    throw new InputError(`${path}: the file is empty (0 bytes). Replace it or remove it.`);
  }
  return { path, size, close, read: (position, length) => readAt(descriptor, path, size, position, length) };
}

/** The same view of bytes that are in memory already. */
export function byteSourceOf(bytes: Uint8Array, path: string): ByteSource {
  return {
    path,
    size: bytes.length,
    read: (position, length) => bytes.subarray(position, position + length),
    close: () => undefined,
  };
}

function openRegularFile(path: string): number {
  try {
    // Asked before opening, since opening a named pipe would wait for a writer.
    const stats = statSync(path);
    if (stats.isDirectory()) {
      throw new InputError(`${path}: is a folder, expected an audio file. Name the files inside it.`);
    }
    if (!stats.isFile()) {
      throw new InputError(`${path}: is not a regular file. Save the audio to a file first.`);
    }
    return openSync(path, 'r');
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(describeOpenFailure(path, error));
  }
}

function describeOpenFailure(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${path}: no such file. Check the path.`;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${path}: cannot be read, permission denied. Grant read access or remove it from the list.`;
  }
  return `${path}: cannot be opened (${code}). Check the path and the disk.`;
}

function readAt(descriptor: number, path: string, size: number, position: number, length: number) {
  // Bounded by the file, so that a length from a damaged header cannot take memory.
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - position)));
  let filled = 0;
  while (filled < bytes.length) {
    let count: number;
    try {
      count = readSync(descriptor, bytes, filled, bytes.length - filled, position + filled);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new InputError(`${path}: reading failed at byte ${position + filled} (${code}). Check the disk.`);
    }
    if (count === 0) {
      throw new InputError(
        `${path}: became shorter while it was read. Let its writer finish, then try again.`,
      );
    }
    filled += count;
  }
  return bytes;
}
