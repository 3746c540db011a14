/** The folder of a store, before it is written to. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readStoreHead } from '../../datasets/store/listStore.ts';
import { shardName, type StoreHead } from '../../datasets/store/storeManifest.ts';
import { InputError } from '../errors.ts';

const ours = /^(shard-\d{5,}\.h5|clips\.jsonl|manifest\.json|\..*)$/;

/**
 * Whether a store of the same options is there, whole or begun.
 *
 * @throws InputError if `out` holds anything else, or a store of other options.
 */
export async function requirePlace(out: string, wanted: StoreHead): Promise<boolean> {
  if (!existsSync(out)) return false;
  const foreign = namesIn(out).find((name) => !ours.test(name));
  if (foreign !== undefined) {
    throw new InputError(`${out}: is there and is not a store: it holds ${foreign}. Choose another place.`);
  }
  const found = await readStoreHead(out).catch(() => undefined); // what is damaged is made anew
  if (!found) return false;
  for (const option of ['sampleRate', 'encoding', 'shardClips'] as const) {
    if (found[option] === wanted[option]) continue;
    throw new InputError(
      `${out}: is a store with ${option} ${found[option]}, not ${wanted[option]}. Choose another place, or remove it.`,
    );
  }
  return true;
}

/** Removes what processes that are gone were writing. */
export function removeLeftBehind(out: string): void {
  for (const name of namesIn(out)) {
    const pid = /^\.(\d+)\.partial\./.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(out, name), { force: true });
  }
}

/** Removes shards of a data set that had more clips. */
export function removeShardsFrom(out: string, first: number): void {
  for (let index = first; existsSync(join(out, shardName(index))); index++)
    rmSync(join(out, shardName(index)));
}

function namesIn(out: string): string[] {
  try {
    return readdirSync(out);
  } catch (error) {
    throw new InputError(
      `${out}: cannot be a store's folder (${(error as NodeJS.ErrnoException).code}). Choose another place.`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: somebody else's
  }
}
