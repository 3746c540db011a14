/** Our side of a comparison, a process for each engine and number of threads: see contestant.ts for what it is asked. */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startEngine } from './ours/startEngine.ts';
import { tasks, type OurTask } from './ours/tasks.ts';

const { values } = parseArgs({
  options: { engine: { type: 'string', default: 'wasm' }, threads: { type: 'string', default: '1' } },
});
const engine = await startEngine(values.engine, Number(values.threads));
const prepared = new Map<number, OurTask>();

for await (const line of createInterface({ input: process.stdin })) {
  let reply: object;
  try {
    reply = { result: (await answer(JSON.parse(line))) ?? null };
  } catch (error) {
    reply = { error: (error as Error).message.split('\n')[0] };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0); // worker threads of the kernels, or a GPU's queue, may still be there

type Request =
  | { call: 'prepare'; task: string; options: never }
  | { call: 'run'; handle: number; times: number }
  | { call: 'output'; handle: number; path: string }
  | { call: 'release'; handle: number };

async function answer(request: Request): Promise<object | undefined> {
  if (request.call === 'prepare') {
    const prepare = tasks[request.task];
    if (prepare === undefined) throw new Error(`no task ${request.task}`);
    const handle = prepared.size;
    const task = await prepare(request.options, engine);
    prepared.set(handle, task);
    return { handle, facts: task.facts ?? {} };
  }
  const task = prepared.get(request.handle);
  if (task === undefined) throw new Error(`no task ${request.handle} is prepared`);
  if (request.call === 'output') {
    const output = await task.output!();
    await writeFile(request.path, new Uint8Array(output.buffer, output.byteOffset, output.byteLength));
    return undefined;
  }
  if (request.call === 'release') {
    await task.release?.();
    return undefined;
  }
  if (task.measure) return task.measure(request.times);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < request.times; i++) await task.run!();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000 / request.times;
  return { seconds, cpuSeconds: (user + system) / 1e6 / request.times };
}
