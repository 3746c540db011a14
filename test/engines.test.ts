import { expect, test } from 'vitest';
import { useEngine } from '../src/engine/engine.ts';
import { foundEngines } from './support/foundEngines.ts';

test('the suite says which engines it runs on, and each of them starts', async () => {
  const engines = foundEngines();
  for (const name of engines) expect((await useEngine(name)).name).toBe(name);
  process.stderr.write(
    `The tests run on: ${engines.join(', ')} (SONOTAG_TEST_ENGINES=cpu,wasm restricts).\n`,
  );
  if (!process.env['SONOTAG_TEST_ENGINES']) expect(engines).toEqual(expect.arrayContaining(['cpu', 'wasm']));
});
