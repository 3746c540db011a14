import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();

test('memory holds a few clips of a store, not all of them', () => {
  const script = fileURLToPath(new URL('./fillInChild.ts', import.meta.url));
  const printed = execFileSync(process.execPath, ['--import', 'tsx', script, temp('long'), '500']);
  const { early, late } = JSON.parse(printed.toString()) as { early: number; late: number };
  expect(early).toBeGreaterThan(20);
  expect(late - early).toBeLessThan(100); // MB; all samples are 320 as float32
});
