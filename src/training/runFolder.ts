/** A run's folder: `config.json history.csv checkpoint/ model/ metrics.json predictions.csv report.html`. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';

/** Files and folders of ours in a run folder; nothing else is ever removed. */
const contents = [
  'config.json',
  'history.csv',
  'checkpoint',
  'folds',
  'model',
  'metrics.json',
  'predictions.csv',
  'report.html',
];

export type WhenRunExists = 'refuse' | 'resume' | 'overwrite';

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  in(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /**
   * Makes the folder where there is none; removes nothing.
   *
   * @throws InputError if it cannot be made, or holds a run that is neither to be resumed nor overwritten.
   */
  async prepare(whenRunExists: WhenRunExists): Promise<void> {
    const taken = contents.filter((name) => existsSync(this.in(name)));
    if (taken.length > 0 && whenRunExists === 'refuse') {
      throw new InputError(
        `${this.path}: holds a run already (${taken.join(', ')}). Pass --resume to go on with it, ` +
          '--overwrite to replace it, or another --out.',
      );
    }
    try {
      await mkdir(this.path, { recursive: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isFile = code === 'EEXIST' || code === 'ENOTDIR';
      const reason = isFile ? 'cannot be a folder: a file is in the way' : `cannot be made (${code})`;
      throw new InputError(`${this.path}: ${reason}. Choose another --out.`);
    }
  }

  /** Removes the run that is there; to be called when the new one is sure to start. */
  async clear(): Promise<void> {
    for (const name of contents) await rm(this.in(name), { recursive: true, force: true });
  }

  /**
   * Whether this is the run that `config.json` describes; without one, it is a new run.
   *
   * @throws InputError naming the options that differ, with both values.
   */
  async requireSameConfig(config: Record<string, unknown>): Promise<void> {
    const path = this.in('config.json');
    if (!existsSync(path)) return;
    const before = await readConfig(path);
    const [was, is] = [listOptions(before), listOptions(config)];
    const differing = [...is.keys()].filter((key) => was.get(key) !== is.get(key));
    if (differing.length === 0 && before.configHash === config.configHash) return;
    const list = differing.map((key) => `${key} was ${was.get(key) ?? 'not set'}, now ${is.get(key)}`);
    throw new InputError(
      `${path}: the run was started otherwise (${list.join('; ') || 'its clips or their labels have changed'}). ` +
        'Resume with the same options and data, pass --overwrite to start anew, or choose another --out.',
    );
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeWhole(this.in(name), `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** Options by name, those of the front end among the others, with their values as JSON. */
function listOptions(config: Record<string, unknown>): Map<string, string> {
  const { frontEnd, ...others } = config;
  const options = Object.entries({ ...others, ...(frontEnd as object) }).filter(
    ([key]) => key !== 'configHash',
  );
  return new Map(options.map(([key, value]) => [key, JSON.stringify(value)]));
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: not a run's configuration. Pass --overwrite to start anew.`);
  }
}
