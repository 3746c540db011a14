/** What the sections of a run share: contestants, files, and what there is to say. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineReport } from '../src/engine/listEngines.ts';
import { Contestant, releaseTask, type Task } from './contestant.ts';
import { lacks, startPeer, type PeerName, type Python } from './python.ts';
import type { Entry } from './rounds.ts';

export interface SessionOptions {
  /** Empty, for files made on the way. */
  folder: string;
  python: Python;
  engines: EngineReport[];
  /** A smoke run: little of everything. */
  quick: boolean;
  rounds: number;
  /** Of the whole job. */
  files: number;
  /** Told what goes on. */
  say: (line: string) => void;
}

/** Threads of both sides, where not said otherwise. */
export const threads = 2;

export class Session {
  readonly options: SessionOptions;
  /** What was left out, and why; a line each. */
  readonly remarks: string[] = [];
  private readonly contestants = new Map<string, Contestant>();

  constructor(options: SessionOptions) {
    this.options = options;
  }

  /** Engines of ours that are measured: those that are here, but for the reference `cpu`. */
  get engineNames(): string[] {
    return this.options.engines
      .filter(({ available, name }) => available && name !== 'cpu')
      .map(({ name }) => name);
  }

  /** Our side, started at the first call; `fresh` starts one that no section before has used. */
  ours(engine: string, nThreads: number, fresh = false): Contestant {
    const name = `ours, ${engine}, ${nThreads} ${nThreads === 1 ? 'thread' : 'threads'}`;
    return this.start(fresh ? `${name} ${this.contestants.size}` : name, () => {
      const script = fileURLToPath(new URL('./ours.ts', import.meta.url));
      const args = [
        '--expose-gc',
        '--import',
        'tsx',
        script,
        '--engine',
        engine,
        '--threads',
        String(nThreads),
      ];
      return new Contestant(name, process.execPath, args);
    });
  }

  /** A peer, or null where its packages are missing. */
  peer(name: PeerName, args: string[] = []): Contestant | null {
    if (lacks(this.options.python, name).length > 0) return null;
    return this.start(name, () => startPeer(this.options.python, name, args));
  }

  /** Prepares an entry; one that fails is named, and left out. */
  async enter(
    name: string,
    contestant: Contestant | null,
    task: string,
    { clips, once, ...options }: { clips: number; once?: boolean } & Record<string, unknown>,
  ): Promise<Entry | null> {
    if (contestant === null) return null;
    this.options.say(`  preparing ${name}`);
    try {
      return { name, clips, once, task: await contestant.prepare(task, { clips, ...options }) };
    } catch (error) {
      this.remarks.push(`${name} is left out: ${(error as Error).message}`);
      return null;
    }
  }

  async path(...names: string[]): Promise<string> {
    const path = join(this.options.folder, ...names);
    await mkdir(join(path, '..'), { recursive: true });
    return path;
  }

  async release(entries: readonly (Entry | null)[]): Promise<void> {
    for (const entry of entries) if (entry) await releaseTask(entry.task).catch(() => undefined);
  }

  /** Ends a contestant before the others, to have its memory back. */
  async end(contestant: Contestant): Promise<void> {
    for (const [key, value] of this.contestants) if (value === contestant) this.contestants.delete(key);
    await contestant.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.contestants.values()].map((contestant) => contestant.close()));
  }

  private start(key: string, create: () => Contestant): Contestant {
    const contestant = this.contestants.get(key) ?? create();
    this.contestants.set(key, contestant);
    return contestant;
  }
}

/** The tasks of entries that are there. */
export function present(entries: readonly (Entry | null)[]): Entry[] {
  return entries.filter((entry) => entry !== null);
}

export type { Task };
