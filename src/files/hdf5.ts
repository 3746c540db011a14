/** HDF5 files opened, used and closed, with errors that a person can read. */
import h5wasm, { ready, type File as Hdf5File } from 'h5wasm/node';

export type { Hdf5File };

/**
 * Opens a file, uses it and closes it; h5wasm 0.10.3 left alone prints its faults to stderr and goes on.
 *
 * @param mode `'r'` reads, `'w'` makes a new file, `'a'` changes one that is there
 * @param use is not to wait for anything: the file is closed when it returns
 * @throws Error of HDF5, see {@link innermostReason}
 */
export async function withHdf5<T>(
  path: string,
  mode: 'r' | 'w' | 'a',
  use: (file: Hdf5File) => T,
): Promise<T> {
  const library = await ready;
  library.activate_throwing_error_handler();
  let file: Hdf5File | null = null;
  try {
    file = new h5wasm.File(path, mode);
    return use(file);
  } finally {
    library.deactivate_throwing_error_handler();
    file?.close();
  }
}

/** HDF5 explains a fault from the outside in, over many lines; the innermost is the reason. */
export function innermostReason(message: string): string {
  return /.*minor: ([^\n]+)/s.exec(message)?.[1] ?? message;
}
