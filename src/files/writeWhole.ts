/** Files that appear whole or not at all: written beside, synced, renamed. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that a reader, or whoever comes after a crash, finds the old one or the new one, never a part.
 * Folders on the way are made.
 *
 * @example await writeWhole('runs/a/metrics.json', JSON.stringify(metrics))
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await replaceWhole(path, async (beside) => {
    const file = await open(beside, 'w');
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  });
}

/**
 * The same for whoever writes the file by other means: `write` is given the path beside, of the same extension, to
 * write to.
 */
export async function replaceWhole(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = join(dirname(path), `.${process.pid}.partial.${basename(path)}`);
  try {
    await write(beside);
    const written = await open(beside, 'r+');
    try {
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}
