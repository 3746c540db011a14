/** The paper's own scores, from the results published with its code. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InputError } from '../errors.ts';

const schema = z.record(z.string(), z.record(z.string(), z.number()));

/**
 * Scores of a task by the names of `nameSubset`; empty where the file has not this task. In the file `mine_013` are
 * layers 0, 1 and 3, `mfcc_4` the MFCC alone, `mfcc+12345_4` the MFCC with all five layers.
 *
 * @throws InputError if there is no such file, or it is not a table of scores by task.
 */
export async function readPublishedScores(path: string, task: string): Promise<Map<string, number>> {
  if (!existsSync(path))
    throw new InputError(`${path}: no such file. Give a JSON of published scores by task.`);
  let tasks: z.infer<typeof schema>;
  try {
    tasks = schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: not a table of scores; expected {"task": {"mine_013": 0.84, …}, …}.`);
  }
  const scores = Object.hasOwn(tasks, task) ? tasks[task] : {};
  const nameOf = (name: string) => {
    if (name === 'mfcc_4') return 'mfcc';
    return name === 'mfcc+12345_4' ? 'mfcc+01234' : name.replace(/^mine_/, '');
  };
  return new Map(Object.entries(scores).map(([name, score]) => [nameOf(name), score]));
}
