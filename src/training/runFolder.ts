/** A run's folder: `config.json history.csv checkpoint/ model/ metrics.json predictions.csv report.html`. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

  /** @throws InputError if there is a run already and it is neither to be resumed nor overwritten. */
  async prepare(whenRunExists: WhenRunExists): Promise<void> {
    const taken = contents.filter((name) => existsSync(this.in(name)));
    if (taken.length > 0 && whenRunExists === 'refuse') {
      throw new InputError(
        `${this.path}: holds a run already (${taken.join(', ')}). Pass --resume to go on with it, ` +
          '--overwrite to replace it, or another --out.',
      );
    }
    if (whenRunExists === 'overwrite') {
      for (const name of taken) await rm(this.in(name), { recursive: true, force: true });
    }
    try {
      await mkdir(this.path, { recursive: true });
    } catch (error) {
      throw new InputError(
        `${this.path}: cannot be made (${(error as NodeJS.ErrnoException).code}). Choose another --out.`,
      );
    }
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
    const { configHash: _hash, ...options } = config;
    const differing = Object.keys(options).filter(
      (key) => JSON.stringify(before[key] ?? null) !== JSON.stringify(options[key] ?? null),
    );
    if (differing.length === 0 && before.configHash === config.configHash) return;
    const list = differing.map(
      (key) =>
        `${key} was ${JSON.stringify(before[key] ?? null)}, now ${JSON.stringify(options[key] ?? null)}`,
    );
    throw new InputError(
      `${path}: the run was started otherwise (${list.join('; ') || 'its clips or their labels have changed'}). ` +
        'Resume with the same options and data, pass --overwrite to start anew, or choose another --out.',
    );
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeWhole(this.in(name), `${JSON.stringify(value, null, 2)}\n`);
  }
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  } catch {
    throw new InputError(`${path}: not a run's configuration. Pass --overwrite to start anew.`);
  }
}
