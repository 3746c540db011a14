import { expect, test } from 'vitest';
import { Contestant, outputOf, runTask } from '../../bench/contestant.ts';
import { runRounds } from '../../bench/rounds.ts';
import { tempFolder } from '../support/tempFolder.ts';

const temp = tempFolder();

/** A contestant that answers by the given table of calls, and writes a journal of what it was asked to stderr. */
const program = `
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const request = JSON.parse(line);
  const answers = {
    prepare: () => request.options.fail ? { error: 'cannot' } : { result: { handle: 7, facts: { seen: request.options } } },
    run: () => ({ result: { seconds: 0.1 * request.times, cpuSeconds: request.handle } }),
    output: () => { require('node:fs').writeFileSync(request.path, Buffer.from(Float32Array.of(1.5, -2).buffer)); return { result: null }; },
    die: () => { console.error('out of luck'); process.exit(3); },
  };
  console.log(JSON.stringify(answers[request.call]()));
});`;
const start = () => new Contestant('dummy', process.execPath, ['-e', program]);

test('a task is prepared, run and asked for its output', async () => {
  const contestant = start();
  const task = await contestant.prepare('any', { clips: 3 });
  expect(task).toMatchObject({ handle: 7, facts: { seen: { clips: 3 } } });
  expect(await runTask(task, 2)).toEqual({ seconds: 0.2, cpuSeconds: 7 });
  expect(await outputOf(task, temp())).toEqual(Float32Array.of(1.5, -2));
  await contestant.close();
});

test('what fails is told with the contestant’s name, and so is its end', async () => {
  const contestant = start();
  await expect(contestant.prepare('any', { fail: true })).rejects.toThrow('dummy: cannot');
  await expect(contestant.ask({ call: 'die' })).rejects.toThrow('dummy: it ended with 3: out of luck');
  await expect(contestant.ask({ call: 'run' })).rejects.toThrow('it ended with 3');
  const nobody = new Contestant('nobody', temp('no-such-program'), []);
  await expect(nobody.prepare('any', {})).rejects.toThrow(/nobody: .*ENOENT/);
  await Promise.all([contestant.close(), nobody.close()]);
});

test('entries take turns; the calls of a round last a quarter of a second together; one that runs once does', async () => {
  const contestant = start();
  const task = await contestant.prepare('any', {});
  const asked: string[] = [];
  const spied = (name: string) => ({
    ...task,
    contestant: {
      ask: (request: { call: string; times: number }) => {
        asked.push(`${name}${request.times}`);
        return Promise.resolve({ seconds: name === 'a' ? 0.1 : 0.3, cpuSeconds: 0.2 });
      },
    } as unknown as Contestant,
  });
  const timings = await runRounds(
    [
      { name: 'a', task: spied('a'), clips: 2 },
      { name: 'b', task: spied('b'), clips: 1 },
      { name: 'c', task: spied('c'), clips: 1, once: true },
    ],
    2,
  );
  expect(asked).toEqual(['a1', 'b1', 'a3', 'b1', 'c1', 'a3', 'b1']);
  expect(timings).toEqual([
    { name: 'a', values: [50, 50], cpu: [100, 100], clips: 2, calls: 3 },
    { name: 'b', values: [300, 300], cpu: [200, 200], clips: 1, calls: 1 },
    { name: 'c', values: [300], cpu: [200], clips: 1, calls: 1 },
  ]);
  await contestant.close();
});
