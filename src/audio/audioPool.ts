/** Loads audio files in worker threads. */

import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';

import { Piscina } from 'piscina';

import { InputError } from '../errors.ts';
import type { AudioJob, AudioJobResult } from './audioWorker.ts';
import { inOrder } from './inOrder.ts';
import type { LoadAudioOptions, Waveform } from './loadAudio.ts';
import { bestResampleBuild } from './resampleKernel/simdResampler.ts';

export interface AudioPoolOptions {
  /** Worker threads, a whole number >= 1. Default: what the machine can run at once. */
  threads?: number;
  /** The module that the threads run, exporting `loadInWorker`; another one serves tests. Default: audioWorker. */
  workerFile?: URL;
}

/** What `loadAll` yields for a file: its waveform, or why there is none. */
export type LoadedFile =
  | { path: string; waveform: Waveform; error?: undefined }
  | { path: string; waveform?: undefined; error: InputError };

/** A thread without work ends after this long. */
const IDLE_MILLISECONDS = 30_000;

/**
 * `loadAudio` in worker threads: same results, same errors. Threads start with the first job; an idle pool does not
 * keep the process alive. Any number of jobs may wait, but every finished one holds its samples: keep about
 * `2 × threads` in flight, or use `loadAll`.
 *
 * @throws RangeError if `threads` is not a whole number >= 1.
 * @example
 * const pool = new AudioPool();
 * const { samples } = await pool.load('song.mp3', { sampleRate: 12000 });
 * await pool.close();
 */
export class AudioPool {
  readonly threads: number;
  private readonly piscina: Piscina<AudioJob, AudioJobResult>;
  private freeThreads: number;
  /** Jobs without a thread, in the order they came. */
  private readonly waiting: (() => void)[] = [];

  constructor({ threads = availableParallelism(), workerFile = defaultWorkerFile() }: AudioPoolOptions = {}) {
    if (!(Number.isInteger(threads) && threads >= 1)) {
      throw new RangeError(
        `AudioPool: threads must be a whole number >= 1; got ${threads}. Leave it out for one a core.`,
      );
    }
    this.threads = threads;
    this.freeThreads = threads;
    this.piscina = new Piscina({
      filename: workerFile.href,
      name: 'loadInWorker',
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MILLISECONDS,
      maxQueue: Infinity, // piscina 5.3.2 rejects jobs beyond it, 'auto' already at threads²
      execArgv: workerFile.pathname.endsWith('.ts') ? ['--import', typeScriptLoader()] : [],
    });
  }

  /**
   * Loads one file as `loadAudio` does.
   *
   * @throws InputError as `loadAudio` does, and if decoding ended its thread; the pool goes on with the next file.
   */
  async load(path: string, options: LoadAudioOptions): Promise<Waveform> {
    const result = await this.run({ path, options, build: bestResampleBuild() });
    if ('inputError' in result) throw new InputError(result.inputError);
    return result.waveform;
  }

  /**
   * Loads many files, in order: those that follow are decoded while the caller uses one, `threads + 1` at a time. A file
   * that cannot be loaded comes with its error, and the next one follows.
   *
   * @example
   * for await (const { path, waveform, error } of pool.loadAll(paths, { sampleRate: 12000 })) …
   */
  async *loadAll(paths: Iterable<string>, options: LoadAudioOptions): AsyncGenerator<LoadedFile> {
    yield* inOrder(paths, this.threads + 1, async (path): Promise<LoadedFile> => {
      try {
        return { path, waveform: await this.load(path, options) };
      } catch (error) {
        if (error instanceof InputError) return { path, error };
        throw error;
      }
    });
  }

  /** Ends the threads; jobs that have not finished are rejected. */
  async close(): Promise<void> {
    await this.piscina.destroy();
  }

  private async run(job: AudioJob): Promise<AudioJobResult> {
    await this.takeThread();
    try {
      return await this.piscina.run(job);
    } catch (error) {
      if (!isThreadDeath(error)) throw error;
      throw new InputError(
        `${job.path}: decoding ended its thread (${error.message}); the file is damaged or too large. ` +
          'Convert it to WAV or remove it.',
      );
    } finally {
      this.leaveThread();
    }
  }

  /**
   * Jobs wait here, not in piscina: when all threads of piscina 5.3.2 have died while jobs wait in its queue, it starts
   * no new one for them, and they wait for ever. A job that finds a thread free always gets a live one.
   */
  private async takeThread(): Promise<void> {
    if (this.freeThreads > 0) this.freeThreads--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the thread to the job that waits longest. */
  private leaveThread(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.freeThreads++;
  }
}

/** Piscina's words for a thread that ended in the middle of a job, and Node's code for one that ran out of memory. */
function isThreadDeath(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || error.message.startsWith('worker exited with code');
}

/** Beside this file, with its extension: .ts in a clone, .js in the published package. */
function defaultWorkerFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./audioWorker.${extension}`, import.meta.url);
}

function typeScriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
