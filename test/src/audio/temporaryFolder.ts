/** A folder that is gone after the test file. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const folder = mkdtempSync(join(tmpdir(), 'sonotag-audio-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file there and gives its path. */
export function writeTemporary(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
