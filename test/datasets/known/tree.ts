/** A data set's folder in its published layout, written for a test: lists with their text, audio as empty files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { Clip, Dataset, KnownDataset } from '../../../datasets/index.ts';
import { DatasetError } from '../../../datasets/index.ts';

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

/** Writes a tree and returns its root; a test's trees are removed after it. */
export async function writeTree(files: Record<string, string | Uint8Array>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'known-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Empty files, for audio, which a listing does not open. */
export function empty(...paths: string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, '']));
}

/** Expects a listing to be refused in one line that holds `message`. */
export async function expectRefused(
  dataset: KnownDataset,
  files: Record<string, string | Uint8Array>,
  message: string,
  options?: { split?: string },
): Promise<void> {
  const root = await writeTree(files);
  const error: unknown = await dataset.list(root, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatasetError);
  expect((error as Error).message).toContain(message);
  expect((error as Error).message).not.toContain('\n');
}

/** The tree without some of its files. */
export function without(tree: Record<string, string>, ...paths: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.includes(path)));
}

/** Clips without their sources, by id. */
export function withoutSources({ clips }: Dataset): Record<string, object> {
  return Object.fromEntries(
    clips.map((clip) => {
      const rest: Partial<Clip> = { ...clip };
      delete rest.source;
      delete rest.id;
      return [clip.id, rest];
    }),
  );
}
