import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { listDataset } from '../../../datasets/index.ts';
import { createRandom } from '../../../datasets/random.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { hashesOf } from './soundStore.ts';

const temp = tempFolder();
const script = fileURLToPath(new URL('./prepareInChild.ts', import.meta.url));

/** Runs the job to its end, or kills it a few milliseconds after so many steps. */
async function run(out: string, steps = Infinity, milliseconds = 0): Promise<number | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, temp(out)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let done = 0;
  child.stdout.on('data', (dots: Buffer) => {
    done += dots.length;
    if (done >= steps) setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

test('killed at random moments and given again, the job ends with the bytes of one that was not', async () => {
  expect(await run('whole')).toBe(0);
  const random = createRandom(1);
  let killed = 0;
  for (let i = 0; i < 3; i++) {
    const code = await run('killed', Math.round(random.uniform(1, 12)), random.uniform(0, 3));
    if (code === 0) continue; // it was over before the signal came
    killed++;
    await expect(listDataset(temp('killed'))).rejects.toThrow('not finished'); // nobody takes it for whole
  }
  expect(killed).toBeGreaterThanOrEqual(1);
  expect(await run('killed')).toBe(0);
  expect(hashesOf(temp('killed'))).toEqual(hashesOf(temp('whole')));
});
