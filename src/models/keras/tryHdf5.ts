/** Whether an HDF5 file can be read at all, found out in a process that may end over it. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInChild } from '../../engine/runInChild.ts';

/**
 * Reads everything in a file of unknown origin once, elsewhere. h5wasm 0.10.3 aborts on some damage, or reads for ever,
 * and has the process read no other file afterwards; here it is another process. What the library merely refuses is not
 * looked for.
 *
 * @returns how the process ended, in a few words; undefined where it came through.
 * @example const end = await tryHdf5('model.hdf5'); // 'crashed (exit code 7)'
 */
export async function tryHdf5(path: string): Promise<string | undefined> {
  const cwd = dirname(fileURLToPath(import.meta.url)); // where h5wasm is found from
  const result = await runInChild(readEverything, { args: [path], timeoutSeconds: 60, cwd });
  if (result.kind === 'value') return (result.value as string | null) ?? undefined;
  return result.kind === 'crash' ? result.message : undefined;
}

/** Values of a dataset are read where the file is large enough to hold them, even packed a thousandfold. */
const readEverything = `
  const { default: h5wasm, ready, Group, Dataset } = await import('h5wasm/node');
  await ready;
  const { size } = require('node:fs').statSync(args[0]);
  const attempt = (read) => { try { read(); } catch (error) { if (error instanceof WebAssembly.RuntimeError) throw error; } };
  const walk = (item, depth) => {
    attempt(() => { for (const attribute of Object.values(item.attrs)) attempt(() => attribute.value); });
    if (item instanceof Dataset) {
      attempt(() => {
        const bytes = item.metadata.total_size * item.metadata.size;
        if (bytes <= Math.min(size * 1032, 2 ** 30)) attempt(() => item.value);
      });
    }
    if (item instanceof Group && depth < 32) {
      attempt(() => { for (const name of item.keys()) attempt(() => walk(item.get(name), depth + 1)); });
    }
  };
  try {
    walk(new h5wasm.File(args[0], 'r'), 0);
    return null;
  } catch (error) {
    return error instanceof WebAssembly.RuntimeError ? 'aborted' : null;
  }
`;
