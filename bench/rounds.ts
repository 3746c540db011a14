/** Contestants take turns: A, B, A, B, …, so that a busy minute of the machine is everybody's. */
import { runTask, type Task } from './contestant.ts';

/** Somebody who takes part. */
export interface Entry {
  /** As it is printed. */
  name: string;
  task: Task;
  /** Clips, or files, that a call works through. */
  clips: number;
  /** Takes part in the first round alone, for what takes long. Default false. */
  once?: boolean;
}

/** What an entry took, milliseconds a clip. */
export interface Timing {
  name: string;
  /** Wall time, a value a round. */
  values: number[];
  /** Processor time of all threads likewise. */
  cpu: number[];
  clips: number;
  /** Calls that a value is the mean of. */
  calls: number;
}

/** A value of a round is the mean of calls that take at least this long together, seconds. */
const leastSeconds = 0.25;
const mostCalls = 32;

/** Each entry is called once to warm up, then `rounds` times in turns. */
export async function runRounds(entries: readonly Entry[], rounds: number): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const { name, task, clips, once = false } of entries) {
    const { seconds } = once ? { seconds: Infinity } : await runTask(task, 1);
    const calls = Math.max(1, Math.min(mostCalls, Math.ceil(leastSeconds / seconds)));
    timings.push({ name, values: [], cpu: [], clips, calls });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, { task, once }] of entries.entries()) {
      if (once && round > 0) continue;
      const { calls, clips, values, cpu } = timings[i];
      const { seconds, cpuSeconds } = await runTask(task, calls);
      values.push((1000 * seconds) / clips);
      cpu.push((1000 * cpuSeconds) / clips);
    }
  }
  return timings;
}
