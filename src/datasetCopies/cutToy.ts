/** A small copy of a data set to try things on: some clips with all they carry, in the same layout. */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative } from 'node:path';
import { audioExtensions, drawSubset } from '../../datasets/index.ts';
import type { Clip, Dataset } from '../../datasets/index.ts';
import { InputError } from '../errors.ts';
import { replaceFolder } from '../files/replaceFolder.ts';

export interface ToyOptions {
  /** Folder of the copy that is cut from: paths below it stay as they are. */
  root: string;
  /** Folder of the toy; it must not be there yet. */
  out: string;
  /** Default 100. */
  clips?: number;
  /** Default 1. */
  seed?: number;
}

/** Lists and notes up to this size are copied whole, bytes. */
const mostListBytes = 100e6;

/**
 * Copies a stratified subset: every part of the split and every tag keeps its share, and no tag is lost. Audio keeps its
 * path; lists are copied as they are and so name more clips than the toy has. The folder appears whole or not at all.
 *
 * @throws InputError if `out` is there, lies in `root`, or a clip is no file below `root`.
 * @throws RangeError if there are fewer clips than tags to keep.
 * @returns the data set of the toy
 */
export async function cutToy(
  dataset: Dataset,
  { root, out, clips = 100, seed = 1 }: ToyOptions,
): Promise<{ dataset: Dataset; lists: string[]; bytes: number }> {
  if (await stat(out).catch(() => undefined)) {
    throw new InputError(`${out} is there already. Remove it, or name another folder for the toy.`);
  }
  if (holds(root, out))
    throw new InputError(`${out} lies in ${root}, which it is cut from. Name a folder outside.`);
  const chosen = drawSubset(dataset, clips, seed).map((clip) => ({ clip, path: pathBelow(root, clip) }));
  const lists = await listsOf(root);
  let bytes = 0;
  await replaceFolder(out, async (beside) => {
    for (const path of new Set([...chosen.map((one) => one.path), ...lists])) {
      const target = join(beside, path);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(root, path), target, constants.COPYFILE_FICLONE);
      bytes += (await stat(target)).size;
    }
  });
  const moved = chosen.map(({ clip, path }): Clip => ({ ...clip, source: join(out, path) }));
  return { dataset: { ...dataset, clips: moved, skipped: [] }, lists, bytes };
}

function pathBelow(root: string, { id, source }: Clip): string {
  if (typeof source !== 'string') {
    throw new InputError(`the clip ${id} is rendered by code; there is nothing to cut a toy from.`);
  }
  if (!holds(root, source))
    throw new InputError(`${source} is not below ${root}. Cut a toy from the folder that holds all.`);
  return relative(root, source);
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}

/** Files that are neither audio, archives nor large: what the data set's lists and licence are in. */
async function listsOf(root: string): Promise<string[]> {
  const taken = ['.csv', '.tsv', '.txt', '.json', '.md', '.npz', ''];
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && taken.includes(extname(entry.name).toLowerCase()))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(/[/\\]/).some((step) => step.startsWith('.')) && !isAudio(path));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(root, path))).size));
  return paths.filter((_, i) => sizes[i] <= mostListBytes).sort();
}

function isAudio(path: string): boolean {
  return audioExtensions.includes(extname(path).toLowerCase());
}
