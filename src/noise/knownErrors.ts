/** Errors that are known, by the names of the clips. */
import { readFile } from 'node:fs/promises';
import { parseCsv } from '../../datasets/csv.ts';
import { InputError } from '../errors.ts';

export interface KnownErrors {
  /** Rows of the clips with an error. */
  clips: Set<number>;
  /** `row:column` of the wrong labels; null where only clips are named. */
  labels: Set<string> | null;
}

/**
 * Reads wrong labels: CSV with the column `path`, and `tag` where single labels are known to be wrong.
 *
 * @param ids Names of the clips; a file may also name them by their base name, see `findClip`.
 * @throws InputError if the file or its column is missing, or it names an unknown clip or tag.
 */
export async function readKnownErrors(
  path: string,
  ids: string[],
  tags: readonly string[],
): Promise<KnownErrors> {
  const [head, ...rows] = parseCsv(await readText(path), path);
  const header = head?.fields.map((name) => name.trim()) ?? [];
  const [pathAt, tagAt] = [header.indexOf('path'), header.indexOf('tag')];
  if (pathAt === -1 || rows.length === 0) {
    throw new InputError(
      `${path}: expected CSV with the header "path" or "path,tag" and a row for each known error.`,
    );
  }
  const find = findClip(ids);
  const clips = new Set<number>();
  const labels = tagAt === -1 ? null : new Set<string>();
  for (const { line, fields } of rows) {
    const clip = find(fields[pathAt].trim(), `${path} line ${line}`);
    clips.add(clip);
    if (labels === null) continue;
    const tag = tags.indexOf((fields[tagAt] ?? '').trim());
    if (tag === -1) throw new InputError(`${path} line ${line}: there is no tag "${fields[tagAt] ?? ''}".`);
    labels.add(`${clip}:${tag}`);
  }
  return { clips, labels };
}

/**
 * Reads lists of sound clips, one a line, such as the files of a fault-filtered partition; the clips that none names are
 * the known errors.
 *
 * @throws InputError if a list is missing, or names an unknown clip.
 */
export async function readKeptClips(paths: readonly string[], ids: string[]): Promise<KnownErrors> {
  const find = findClip(ids);
  const clips = new Set(ids.keys());
  for (const path of paths) {
    const lines = (await readText(path)).split(/\r?\n/);
    lines.forEach((line, i) => {
      if (line.trim() !== '') clips.delete(find(line.trim(), `${path} line ${i + 1}`));
    });
  }
  return { clips, labels: null };
}

/**
 * Finds clips by their name, else by the base name without folder and ending, where only one clip has it: lists of one
 * data set name the same recording `blues/blues.00000.wav` and `genres/blues/blues.00000.au`.
 */
export function findClip(ids: readonly string[]): (name: string, where: string) => number {
  const byName = new Map(ids.map((id, row) => [id, row]));
  const byBase = new Map<string, number[]>();
  for (const [row, id] of ids.entries()) byBase.set(baseOf(id), [...(byBase.get(baseOf(id)) ?? []), row]);
  return (name, where) => {
    const rows = byBase.get(baseOf(name)) ?? [];
    const row = byName.get(name) ?? (rows.length === 1 ? rows[0] : undefined);
    if (row !== undefined) return row;
    const reason = rows.length > 1 ? `${rows.length} clips are called` : 'there is no clip';
    throw new InputError(
      `${where}: ${reason} "${name}" among the ${ids.length} judged. Name it as they are named.`,
    );
  };
}

function baseOf(id: string): string {
  const name = id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf('\\')) + 1);
  return name.replace(/\.(wav|au|mp3|flac|ogg|opus|m4a|aiff?)$/i, '');
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(code === 'ENOENT' ? `${path}: no such file.` : `${path}: cannot be read (${code}).`);
  }
}
