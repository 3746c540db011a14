/** A manifest as a data set: a CSV that names recordings, their tags and, if wished, the part they belong to. */

import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { byteOrder } from './byteOrder.ts';
import { parseCsv } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { DatasetError } from './dataset.ts';
import type { Clip, Dataset, SkippedClip, Split } from './dataset.ts';
import { didYouMean, requireKnownTag } from './knownTags.ts';

export interface ManifestOptions {
  /** Tags to expect, in the order of the outputs; any other is an error. Default: those found, sorted. */
  tags?: readonly string[];
}

/** Largest file that is read, in bytes: a row of 100 bytes for each of two million clips. */
const MAX_BYTES = 200e6;

/**
 * Lists the recordings of a manifest: CSV with the columns `path` and `tags`, optionally `split`, `fold`, `artist` and
 * `album`, in any order among others.
 *
 * Paths are relative to the CSV; tags are separated by `;`, `?tag` is a tag of which it is unknown whether it applies,
 * and an empty cell is a clip to which no tag applies; splits are `train`, `valid`, `test` or empty; folds count from
 * 1. A path that is not there is skipped with its line. Clips keep the
 * order of the rows; `exclusive` is true where every one of them carries exactly one tag and none is unknown.
 *
 * @throws DatasetError if the file or a column is missing, a path stands twice, a tag, split or fold is not
 *   one that there is, or no clip is left.
 * @example const { clips, tags, exclusive } = await listManifest('clips.csv')
 */
export async function listManifest(csvPath: string, { tags }: ManifestOptions = {}): Promise<Dataset> {
  const [header, ...records] = parseCsv(await readText(csvPath), csvPath);
  if (!header) throw new DatasetError(`the manifest ${csvPath} is empty; expected a header line "path,tags"`);
  const columns = findColumns(header, csvPath);
  if (records.length === 0) {
    throw new DatasetError(
      `the manifest ${csvPath} has a header and no rows; expected one row per recording`,
    );
  }
  const folder = dirname(csvPath);
  const rows = records.map((record) => readRow(record, columns, header.fields.length, csvPath, tags));
  requireDistinctPaths(rows, folder, csvPath);
  const faults = await Promise.all(rows.map((row) => faultOf(resolve(folder, row.path))));

  const clips: Clip[] = [];
  const skipped: SkippedClip[] = [];
  rows.forEach(({ line, path, labels, about }, i) => {
    const source = resolve(folder, path);
    if (faults[i]) skipped.push({ path: source, reason: `${faults[i]} (${csvPath} line ${line})` });
    else clips.push({ id: idOf(folder, source), source, labels, ...about });
  });
  requireClips(clips, skipped, csvPath);

  const found = [...new Set(clips.flatMap(({ labels, unknown = [] }) => [...labels, ...unknown]))];
  found.sort(byteOrder);
  const exclusive = clips.every(({ labels, unknown }) => labels.length === 1 && !unknown);
  if (!tags) requireDifference(found, exclusive, csvPath);
  return {
    name: basename(csvPath, extname(csvPath)),
    clips,
    tags: tags ? [...tags] : found,
    exclusive,
    skipped,
  };
}

async function readText(csvPath: string): Promise<string> {
  const status = await stat(csvPath).catch(() => undefined);
  if (!status)
    throw new DatasetError(`no such manifest: ${csvPath}; expected a CSV with the header "path,tags"`);
  if (!status.isFile())
    throw new DatasetError(`not a file: ${csvPath}; expected a CSV with the header "path,tags"`);
  if (status.size > MAX_BYTES) {
    throw new DatasetError(
      `the manifest ${csvPath} has ${status.size} bytes, more than the ${MAX_BYTES} that are read; split it up`,
    );
  }
  const bytes = await readFile(csvPath).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(`cannot read the manifest ${csvPath} (${error.code}); check its permissions`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DatasetError(`the manifest ${csvPath} is not UTF-8 text; save it as CSV in UTF-8`);
  }
}

/** Where the columns stand in a record. */
interface Columns {
  path: number;
  tags: number;
  /** -1 where there is none; so for those that follow. */
  split: number;
  fold: number;
  artist: number;
  album: number;
}

function findColumns(header: CsvRecord, csvPath: string): Columns {
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const indexOf = (name: string): number => {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new DatasetError(`${csvPath} line ${header.line}: two columns are called "${name}"; remove one`);
    }
    return names.indexOf(name);
  };
  const columns = {
    path: indexOf('path'),
    tags: indexOf('tags'),
    split: indexOf('split'),
    fold: indexOf('fold'),
    artist: indexOf('artist'),
    album: indexOf('album'),
  };
  const missing = columns.path === -1 ? 'path' : columns.tags === -1 ? 'tags' : undefined;
  if (missing) {
    const separator =
      names.length === 1 && /[;\t]/.test(names[0]) ? '; columns must be separated by commas' : '';
    throw new DatasetError(
      `${csvPath} line ${header.line}: no column "${missing}" among ${names.map((name) => `"${name}"`).join(', ')}` +
        `${separator || didYouMean(missing, names)}; expected a header such as "path,tags" or "path,tags,split"`,
    );
  }
  return columns;
}

interface Row {
  line: number;
  path: string;
  labels: string[];
  /** What else the row says of the clip. */
  about: Pick<Clip, 'unknown' | 'split' | 'fold' | 'artist' | 'album'>;
}

function readRow(
  { line, fields }: CsvRecord,
  columns: Columns,
  width: number,
  csvPath: string,
  tags: readonly string[] | undefined,
): Row {
  const where = `${csvPath} line ${line}`;
  if (fields.length !== width) {
    throw new DatasetError(
      `${where}: ${fields.length} fields where the header has ${width}; ` +
        'separate tags by ";" and put a field that holds a comma in double quotes',
    );
  }
  const path = fields[columns.path].trim();
  if (path === '') throw new DatasetError(`${where}: the path is empty; name a recording or remove the row`);
  const { labels, unknown } = readTags(fields[columns.tags], where, tags);
  const field = (column: number) => (column === -1 ? '' : fields[column].trim());
  const split = readSplit(field(columns.split), where);
  const fold = readFold(field(columns.fold), where);
  const [artist, album] = [field(columns.artist), field(columns.album)];
  const about = {
    ...(unknown.length > 0 && { unknown }),
    ...(split && { split }),
    ...(fold && { fold }),
    ...(artist && { artist }),
    ...(album && { album }),
  };
  return { line, path, labels, about };
}

function readTags(
  field: string,
  where: string,
  tags: readonly string[] | undefined,
): { labels: string[]; unknown: string[] } {
  const names = [...new Set(field.split(';').map((name) => name.trim()))].filter(Boolean);
  const labels = names.filter((name) => !name.startsWith('?'));
  const unknown = names.filter((name) => name.startsWith('?')).map((name) => name.slice(1).trim());
  if (unknown.includes('')) throw new DatasetError(`${where}: "?" without a tag; write ?tag, or remove it`);
  const both = unknown.find((name) => labels.includes(name));
  if (both) throw new DatasetError(`${where}: the tag "${both}" is given and unknown; keep one of the two`);
  if (tags) for (const name of [...labels, ...unknown]) requireKnownTag(where, name, tags);
  return { labels, unknown };
}

function readFold(field: string, where: string): number | undefined {
  if (field === '') return undefined;
  const fold = Number(field);
  if (Number.isInteger(fold) && fold >= 1) return fold;
  throw new DatasetError(`${where}: the fold is "${field}"; expected a whole number from 1, or nothing`);
}

const splits: readonly Split[] = ['train', 'valid', 'test'];

function readSplit(field: string, where: string): Split | undefined {
  const typed = field.trim().toLowerCase();
  if (typed === '') return undefined;
  const split = splits.find((name) => name === typed);
  if (split) return split;
  const meant = /^(val|validation|dev)$/.test(typed) ? '; did you mean "valid"?' : didYouMean(typed, splits);
  throw new DatasetError(
    `${where}: unknown split "${field.trim()}"; expected ${splits.join(', ')} or nothing${meant}`,
  );
}

function requireDistinctPaths(rows: Row[], folder: string, csvPath: string): void {
  const lines = new Map<string, number>();
  for (const { line, path } of rows) {
    const whole = resolve(folder, path);
    const earlier = lines.get(whole);
    if (earlier !== undefined) {
      throw new DatasetError(
        `${csvPath}: the path ${path} stands in line ${earlier} and in line ${line}; keep one of them`,
      );
    }
    lines.set(whole, line);
  }
}

async function faultOf(path: string): Promise<string | undefined> {
  const status = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (status instanceof Error)
    return status.code === 'ENOENT' ? 'file not found' : `cannot be read: ${status.code}`;
  return status.isFile() ? undefined : 'not a file';
}

function idOf(folder: string, source: string): string {
  return relative(folder, source).split(sep).join('/');
}

function requireClips(clips: Clip[], skipped: SkippedClip[], csvPath: string): void {
  if (clips.length > 0) return;
  throw new DatasetError(
    `none of the ${skipped.length} recordings of ${csvPath} is there; the first: ${skipped[0].path}; ` +
      'paths are relative to the folder of the CSV',
  );
}

function requireDifference(found: string[], exclusive: boolean, csvPath: string): void {
  if (found.length === 0) {
    throw new DatasetError(
      `no row of ${csvPath} has a tag; fill the column "tags", several tags separated by ";"`,
    );
  }
  if (found.length === 1 && exclusive) {
    throw new DatasetError(
      `every recording of ${csvPath} has the one tag "${found[0]}"; a tagger needs at least two tags, ` +
        'or recordings to which the tag does not apply',
    );
  }
}
