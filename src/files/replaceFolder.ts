/** Folders that appear whole or not at all: filled beside, renamed. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Puts a folder in the place of another, or of none: `fill` is given an empty folder beside it. If it throws, the old
 * folder stays. A crash between the two renames leaves the old one beside, as `.PID.old.NAME`.
 *
 * @example await replaceFolder('runs/a/model', (beside) => writeWhole(join(beside, 'model.json'), json))
 */
export async function replaceFolder(path: string, fill: (beside: string) => Promise<void>): Promise<void> {
  const folder = resolve(path);
  const besideAs = (state: string) => join(dirname(folder), `.${process.pid}.${state}.${basename(folder)}`);
  const [filled, old] = [besideAs('partial'), besideAs('old')];
  try {
    await mkdir(filled, { recursive: true });
    await fill(filled);
    const replaces = existsSync(folder);
    if (replaces) await rename(folder, old);
    try {
      await rename(filled, folder);
    } catch (error) {
      if (replaces) await rename(old, folder);
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(filled, { recursive: true, force: true });
  }
}
