/** A folder of class folders as a data set: `root/flute/a.wav` is a clip of the class `flute`. */

import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { byteOrder } from './byteOrder.ts';
import { DatasetError } from './dataset.ts';
import type { Clip, Dataset, SkippedClip } from './dataset.ts';
import { requireKnownTag } from './knownTags.ts';

/** Extensions, in lower case, by which a file counts as audio. */
export const audioExtensions: readonly string[] =
  '.wav .wave .aif .aiff .au .snd .mp3 .flac .ogg .oga .opus .m4a .aac .wma .webm .mp4'.split(' ');

export interface FolderOptions {
  /**
   * Tags to expect, in the order of the outputs; a class folder of another name is an error. Default: those found,
   * sorted.
   */
  tags?: readonly string[];
  /** Take a folder of audio files without class folders, too; its clips have no labels. Default false. */
  unlabelled?: boolean;
}

/**
 * Lists a folder of class folders, one clip per audio file; files are recognised by extension and not opened.
 *
 * Folders below a class folder are walked, hidden files and folders are passed over, links are followed once.
 * Ids are paths relative to `root` with forward slashes; clips and tags are in byte order.
 *
 * @throws DatasetError if `root` is missing, is not a folder, or holds fewer than two classes (one, where `tags`
 *   are given).
 * @example const { clips, tags, skipped } = await listFolder('recordings')
 */
export async function listFolder(
  root: string,
  { tags, unlabelled = false }: FolderOptions = {},
): Promise<Dataset> {
  const entries = await readRoot(root);
  const walk: Walk = { root, realRoot: await realpath(root), seen: new Set(), files: [], skipped: [] };
  const clips: Clip[] = [];
  const classes: string[] = [];
  const beside: string[] = [];
  let folders = 0;
  for (const entry of entries) {
    const kind = await kindOf(walk, entry.name, entry);
    if (kind === 'file' && isAudio(entry.name)) beside.push(entry.name);
    else if (kind === 'file') skip(walk, entry.name, 'not an audio file by its extension');
    if (kind !== 'folder') continue;
    folders++;
    walk.files = [];
    await walkFolder(walk, entry.name);
    if (walk.files.length === 0) {
      walk.skipped.push({ path: join(root, entry.name), reason: 'class folder without audio files' });
      continue;
    }
    if (tags) requireKnownTag(join(root, entry.name), entry.name, tags);
    classes.push(entry.name);
    clips.push(...walk.files.map((id) => ({ id, source: join(root, id), labels: [entry.name] })));
  }
  if (entries.length === 0) throw new DatasetError(`the folder ${root} is empty; ${wayOut}`);
  if (unlabelled && !tags && folders === 0 && beside.length > 0) {
    clips.push(...beside.map((id) => ({ id, source: join(root, id), labels: [] })));
    return { name: basename(resolve(root)), clips, tags: [], exclusive: false, skipped: walk.skipped };
  }
  for (const name of beside)
    skip(walk, name, 'lies beside the class folders; move it into the folder of its class');
  requireClasses(root, classes, folders, tags || unlabelled ? 1 : 2);
  clips.sort((a, b) => byteOrder(a.id, b.id));
  walk.skipped.sort((a, b) => byteOrder(a.path, b.path));
  return {
    name: basename(resolve(root)),
    clips,
    tags: tags ? [...tags] : classes.sort(byteOrder),
    exclusive: true,
    skipped: walk.skipped,
  };
}

/** What is gathered on the way down. */
interface Walk {
  root: string;
  realRoot: string;
  /** Real paths of the folders gone into from the first link on, so that none is walked twice. */
  seen: Set<string>;
  /** Ids of the audio files of the class at hand. */
  files: string[];
  skipped: SkippedClip[];
}

const wayOut = 'expected a folder with one sub-folder of recordings per class, such as DIR/flute/a.wav';

async function readRoot(root: string): Promise<Dirent[]> {
  const status = await stat(root).catch(() => undefined);
  if (!status) throw new DatasetError(`no such folder: ${root}; ${wayOut}`);
  if (!status.isDirectory()) throw new DatasetError(`not a folder: ${root}; ${wayOut}`);
  try {
    return await readVisible(root);
  } catch (error) {
    throw new DatasetError(`cannot read the folder ${root} (${codeOf(error)}); ${wayOut}`);
  }
}

async function readVisible(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => !entry.name.startsWith('.')).sort((a, b) => byteOrder(a.name, b.name));
}

async function walkFolder(walk: Walk, id: string): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readVisible(join(walk.root, id));
  } catch (error) {
    walk.skipped.push({ path: join(walk.root, id), reason: `cannot read the folder (${codeOf(error)})` });
    return;
  }
  for (const entry of entries) {
    const child = `${id}/${entry.name}`;
    const kind = await kindOf(walk, child, entry);
    if (kind === 'folder') await walkFolder(walk, child);
    if (kind !== 'file') continue;
    if (isAudio(child)) walk.files.push(child);
    else walk.skipped.push({ path: join(walk.root, child), reason: 'not an audio file by its extension' });
  }
}

/** Whether an entry is a file or a folder to go into; anything else is noted among the skipped. */
async function kindOf(walk: Walk, id: string, entry: Dirent): Promise<'file' | 'folder' | 'skipped'> {
  if (entry.isFile()) return 'file';
  const path = join(walk.root, id);
  const skip = (reason: string) => {
    walk.skipped.push({ path, reason });
    return 'skipped' as const;
  };
  if (entry.isDirectory()) {
    if (walk.seen.size === 0) return 'folder';
    return isFirstVisit(walk, await realpath(path))
      ? 'folder'
      : skip('folder already listed by way of a link');
  }
  if (!entry.isSymbolicLink()) return skip('neither a file nor a folder');
  const target = await stat(path).catch(() => undefined);
  if (target?.isFile()) return 'file';
  if (!target?.isDirectory()) return skip('link that leads nowhere');
  const realTarget = await realpath(path);
  if (holds(realTarget, walk.realRoot)) return skip('link to a folder that holds the data set');
  if (holds(walk.realRoot, realTarget) && !isHidden(relative(walk.realRoot, realTarget))) {
    return skip('link to a folder that is listed where it lies');
  }
  return isFirstVisit(walk, realTarget) ? 'folder' : skip('link to a folder already listed');
}

function isFirstVisit(walk: Walk, realFolder: string): boolean {
  if (walk.seen.has(realFolder)) return false;
  walk.seen.add(realFolder);
  return true;
}

/** Whether `path` is `folder` or lies somewhere below it. */
function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function isHidden(relativePath: string): boolean {
  return relativePath.split(sep).some((name) => name.startsWith('.'));
}

function skip(walk: Walk, name: string, reason: string): void {
  walk.skipped.push({ path: join(walk.root, name), reason });
}

function requireClasses(root: string, classes: string[], folders: number, fewest: number): void {
  if (folders === 0) {
    throw new DatasetError(
      `the folder ${root} has files but no class folders; ${wayOut}; if it is itself a class folder, pass the one above`,
    );
  }
  if (classes.length === 0) {
    throw new DatasetError(
      `no audio files in the folders of ${root}; looked for the extensions ${audioExtensions.join(' ')}`,
    );
  }
  if (classes.length < fewest) {
    throw new DatasetError(
      `found one class "${classes[0]}" in ${root}; a tagger needs at least two class folders: ` +
        'add one, or pass the folder above if this is itself a class folder',
    );
  }
}

function isAudio(name: string): boolean {
  return audioExtensions.includes(extname(name).toLowerCase());
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
