/** Which files of a data set are on disk, told folder by folder: a data set has 100 000 files in a few folders. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';

/**
 * Remembers what each folder holds, so that asking for every file of a data set reads every folder once.
 *
 * @example const files = new PresentFiles('data/gtzan'); await files.has('genres/blues/blues.00000.wav')
 */
export class PresentFiles {
  readonly root: string;
  private readonly folders = new Map<string, Promise<Map<string, Dirent>>>();

  constructor(root: string) {
    this.root = root;
  }

  /** Whether `path`, relative to the root with forward slashes, is there and is no folder. */
  async has(path: string): Promise<boolean> {
    const cut = path.lastIndexOf('/');
    const entries = await this.entries(cut === -1 ? '' : path.slice(0, cut));
    const entry = entries.get(path.slice(cut + 1));
    return entry !== undefined && !entry.isDirectory();
  }

  /** Names of the folders directly in `folder`, sorted; none where it is not there. */
  async foldersIn(folder: string): Promise<string[]> {
    return this.names(folder, (entry) => entry.isDirectory() || entry.isSymbolicLink());
  }

  /** Names of the files directly in `folder`, sorted; none where it is not there. */
  async filesIn(folder: string): Promise<string[]> {
    return this.names(folder, (entry) => !entry.isDirectory());
  }

  /** The first of `paths` that is there. */
  async firstOf(paths: readonly string[]): Promise<string | undefined> {
    for (const path of paths) if (await this.has(path)) return path;
    return undefined;
  }

  /**
   * The folder in which `path` is found, `''` or one of `folders` with a slash behind it: archives unpack into a
   * folder of their own. `''` where it is in none.
   */
  async folderWith(path: string, folders: readonly string[]): Promise<string> {
    for (const folder of ['', ...folders.map((name) => `${name}/`)]) {
      if ((await this.has(folder + path)) || (await this.foldersIn(folder + path)).length > 0) return folder;
      if ((await this.filesIn(folder + path)).length > 0) return folder;
    }
    return '';
  }

  private async names(folder: string, wanted: (entry: Dirent) => boolean): Promise<string[]> {
    const entries = await this.entries(folder);
    return [...entries.values()]
      .filter(wanted)
      .map(({ name }) => name)
      .sort();
  }

  private entries(folder: string): Promise<Map<string, Dirent>> {
    let entries = this.folders.get(folder);
    if (!entries) {
      entries = readdir(join(this.root, folder), { withFileTypes: true }).then(
        (found) =>
          new Map(found.filter(({ name }) => !name.startsWith('.')).map((entry) => [entry.name, entry])),
        () => new Map<string, Dirent>(),
      );
      this.folders.set(folder, entries);
    }
    return entries;
  }
}
