/** One side of a comparison: a program of its own that is asked line by line, so that runs of several alternate. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long a measured call took. */
export interface CallTime {
  /** Seconds of wall time a call. */
  seconds: number;
  /** Seconds of processor time a call, of all threads. */
  cpuSeconds: number;
}

/** What a contestant has prepared. */
export interface Task {
  contestant: Contestant;
  /** Number under which the contestant keeps it. */
  handle: number;
  /** What it found while preparing, such as a number of parameters. */
  facts: Record<string, unknown>;
}

/**
 * A child process that speaks JSON, a line a message. Requests: `{ call: 'prepare', task, options }` is answered by
 * `{ handle, facts }`; `{ call: 'run', handle, times }` by a {@link CallTime}; `{ call: 'output', handle, path }` writes
 * float32 values; `{ call: 'release', handle }` frees. `{ error }` answers what failed.
 */
export class Contestant {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  private ended: Error | null = null;
  private errors = '';

  constructor(name: string, command: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
    this.name = name;
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    this.child.stderr!.on('data', (text) => (this.errors = (this.errors + text).slice(-4000)));
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.receive(line));
    this.child.on('error', (error) => this.fail(error.message));
    this.child.on('close', (code) => this.fail(`it ended with ${code}: ${lastLine(this.errors)}`));
    this.child.stdin!.on('error', () => undefined); // the end of the process is told by 'close'
  }

  async prepare(task: string, options: object): Promise<Task> {
    const reply = (await this.ask({ call: 'prepare', task, options })) as Omit<Task, 'contestant'>;
    return { contestant: this, ...reply };
  }

  /** Asks for one call and waits for its answer. @throws Error with the contestant's name. */
  ask(request: object): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Ends the process; it is given two seconds to do so itself. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined)
      return;
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin!.end();
    const timer = setTimeout(() => this.child.kill(), 2000);
    await closed;
    clearTimeout(timer);
  }

  private receive(line: string): void {
    const { resolve, reject } = this.waiting.shift() ?? {};
    let message: { error?: string; result?: unknown };
    try {
      message = JSON.parse(line) as typeof message;
    } catch {
      reject?.(new Error(`${this.name}: not a message: ${line.slice(0, 200)}`));
      return;
    }
    if (message.error === undefined) resolve?.(message.result);
    else reject?.(new Error(`${this.name}: ${message.error}`));
  }

  private fail(reason: string): void {
    this.ended ??= new Error(`${this.name}: ${reason}`);
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }
}

/** One measured stretch of `times` calls. */
export async function runTask({ contestant, handle }: Task, times: number): Promise<CallTime> {
  return (await contestant.ask({ call: 'run', handle, times })) as CallTime;
}

let outputs = 0;

/** What the task computes. */
export async function outputOf({ contestant, handle }: Task, folder: string): Promise<Float32Array> {
  const path = join(folder, `output${outputs++}.f32`);
  await contestant.ask({ call: 'output', handle, path });
  const bytes = await readFile(path);
  await rm(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).slice();
}

export async function releaseTask({ contestant, handle }: Task): Promise<void> {
  await contestant.ask({ call: 'release', handle });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.slice(0, 300) || 'it said nothing';
}
