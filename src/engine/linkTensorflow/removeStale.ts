/** Clears away what a link that was killed has left behind. */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Removes the folders that `replaceFolder(folder, …)` was filling beside `folder` when its process was killed; those of
 * processes that run stay.
 */
export async function removeStale(folder: string): Promise<void> {
  const [beside, ending] = [dirname(folder), `.partial.${basename(folder)}`];
  for (const name of await readdir(beside)) {
    const pid = /^\.(\d+)\.partial\./.exec(name)?.[1];
    if (pid === undefined || name !== `.${pid}${ending}` || isRunning(Number(pid))) continue;
    await rm(join(beside, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and ends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
