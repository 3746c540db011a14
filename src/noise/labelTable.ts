/** Labels or scores of clips as a matrix, with the names of its rows and columns. */
import { readFile } from 'node:fs/promises';
import { DatasetError } from '../../datasets/index.ts';
import { parseCsv } from '../../datasets/csv.ts';
import { InputError } from '../errors.ts';
import { readNpy } from '../files/npy.ts';

export interface LabelTable {
  /** One name a row; the row's number where the file has none. */
  ids: string[];
  tags: string[];
  /** 0 or 1, NaN where nobody said; row-major `[clips, tags]`. */
  labels: Float64Array;
}

export interface ReadLabelsOptions {
  /** Column that names the clip. Default `path`. */
  pathColumn?: string;
  /** Column that lists tags joined by `;`. Default `tags`. */
  tagColumn?: string;
  /** Names of an `.npy` file's columns; for a CSV, tags to expect, in this order. Default: those found, in the file's order. */
  tags?: readonly string[];
}

/**
 * Reads labels. CSV in one of two forms, or a NumPy matrix:
 *
 * - `path,tags`, tags joined by `;`: a tag that is not listed does not apply, and `?tag` is unknown. Other columns are passed over, so a
 *   `predictions.csv` is read too.
 * - `path,guitar,drums,…`, one column a tag with 1, 0, or nothing where it was not asked or nobody could tell.
 * - `.npy` of 0 and 1, `[clips, tags]`; needs `tags`.
 *
 * @throws InputError if the file is not there or in none of these forms, or holds an unknown tag.
 * @example const { ids, tags, labels } = await readLabels('given.csv')
 */
export async function readLabels(path: string, options: ReadLabelsOptions = {}): Promise<LabelTable> {
  if (path.endsWith('.npy')) return readNpyLabels(path, options.tags);
  const { pathColumn = 'path', tagColumn = 'tags' } = options;
  const { header, rows } = await readCsv(path);
  const idAt = columnAt(path, header, pathColumn);
  const tagAt = header.indexOf(tagColumn);
  const ids = rows.map(({ fields }) => fields[idAt].trim());
  requireDistinct(path, ids);
  if (tagAt === -1) {
    const columns = header
      .map((_, column) => column)
      .filter((column) => column !== idAt && header[column] !== 'split');
    const tags = columns.map((column) => header[column]);
    const labels = Float64Array.from(
      rows.flatMap(({ line, fields }) =>
        columns.map((column) => cellLabel(fields[column], `${path} line ${line}, "${header[column]}"`)),
      ),
    );
    const table = { ids, tags, labels };
    return options.tags ? selectTags(table, options.tags, path) : table;
  }
  const lists = rows.map(({ fields }) => splitTags(fields[tagAt]));
  const found = [...new Set(lists.flat().map(nameOf))];
  const scored = header.filter((name) => ![pathColumn, tagColumn, 'split'].includes(name));
  const namesAll = found.length > 0 && found.every((tag) => scored.includes(tag)); // as a predictions.csv does
  const tags = [...(options.tags ?? (namesAll ? scored : found))];
  const at = new Map(tags.map((tag, i) => [tag, i]));
  const labels = new Float64Array(ids.length * tags.length);
  lists.forEach((list, row) => {
    for (const tag of list) {
      const column = at.get(tag) ?? at.get(nameOf(tag));
      if (column === undefined) {
        throw new InputError(
          `${path} line ${rows[row].line}: unknown tag "${tag}"; expected ${someOf(tags)}. Mend the file, or the list of tags.`,
        );
      }
      labels[row * tags.length + column] = at.has(tag) ? 1 : NaN;
    }
  });
  return { ids, tags, labels };
}

/**
 * Reads scores: a `predictions.csv` of `sonotag train --folds` or any CSV with a path column and a column of numbers for
 * each tag. A column `tags` or `split` is passed over.
 *
 * @returns the table with scores in the place of labels, and the labels where there is a column `tags`
 * @throws InputError if the file is not there, has no column of scores, or a score is not a number.
 */
export async function readScores(
  path: string,
  { pathColumn = 'path', tagColumn = 'tags' }: Omit<ReadLabelsOptions, 'tags'> = {},
): Promise<{ ids: string[]; tags: string[]; scores: Float64Array; labels: Float64Array | null }> {
  const { header, rows } = await readCsv(path);
  const idAt = columnAt(path, header, pathColumn);
  const columns = header
    .map((_, column) => column)
    .filter((column) => column !== idAt && ![tagColumn, 'split'].includes(header[column]));
  if (columns.length === 0) {
    throw new InputError(`${path}: no column of scores beside "${pathColumn}". Expected one for each tag.`);
  }
  const tags = columns.map((column) => header[column]);
  const scores = Float64Array.from(
    rows.flatMap(({ line, fields }) =>
      columns.map((column) => {
        const score = Number(fields[column]);
        if (fields[column].trim() !== '' && Number.isFinite(score)) return score;
        throw new InputError(
          `${path} line ${line}, "${header[column]}": "${fields[column]}" is not a score. Expected a number.`,
        );
      }),
    ),
  );
  const ids = rows.map(({ fields }) => fields[idAt].trim());
  requireDistinct(path, ids);
  const labels = header.includes(tagColumn)
    ? (await readLabels(path, { pathColumn, tagColumn, tags })).labels
    : null;
  return { ids, tags, scores, labels };
}

/** `rock` of `?rock`, of which it is unknown whether it applies. */
function nameOf(tag: string): string {
  return tag.startsWith('?') ? tag.slice(1) : tag;
}

/** The columns of the named tags, in their order. */
export function selectTags(table: LabelTable, tags: readonly string[], path: string): LabelTable {
  const columns = tags.map((tag) => {
    const column = table.tags.indexOf(tag);
    if (column !== -1) return column;
    throw new InputError(`${path}: has no tag "${tag}"; it has ${someOf(table.tags)}.`);
  });
  const labels = Float64Array.from(
    table.ids.flatMap((_, row) => columns.map((column) => table.labels[row * table.tags.length + column])),
  );
  return { ids: table.ids, tags: [...tags], labels };
}

/** Names of tags: a JSON list, a JSON object with `tag_names` or `tags`, or text with one a line. */
export async function readTagNames(path: string): Promise<string[]> {
  const text = await readText(path);
  if (!path.endsWith('.json')) {
    return text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);
  }
  try {
    const value = JSON.parse(text) as unknown;
    const list = Array.isArray(value)
      ? value
      : ((value as { tag_names?: unknown; tags?: unknown }).tag_names ?? (value as { tags?: unknown }).tags);
    if (Array.isArray(list) && list.every((name) => typeof name === 'string')) return list;
  } catch {
    // told below
  }
  throw new InputError(
    `${path}: no list of tag names. Expected a JSON list, {"tags": […]}, or text, one a line.`,
  );
}

async function readNpyLabels(path: string, tags: readonly string[] | undefined): Promise<LabelTable> {
  const { shape, values } = await readNpy(path);
  if (tags === undefined)
    throw new InputError(`${path}: has no names of tags. Give them with --tag-names FILE.`);
  if (shape.length !== 2 || shape[1] !== tags.length) {
    throw new InputError(
      `${path}: has shape [${shape.join(', ')}]; expected [clips, ${tags.length}], a column for each of the tag names.`,
    );
  }
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong !== -1) throw new InputError(`${path}: holds ${values[wrong]}; labels are 0 or 1.`);
  return {
    ids: Array.from({ length: shape[0] }, (_, row) => String(row)),
    tags: [...tags],
    labels: Float64Array.from(values),
  };
}

interface Rows {
  header: string[];
  rows: { line: number; fields: string[] }[];
}

async function readCsv(path: string): Promise<Rows> {
  const [head, ...rows] = parseCsv(await readText(path), path);
  if (head === undefined || rows.length === 0) throw new InputError(`${path}: holds no rows below a header.`);
  const header = head.fields.map((name) => name.trim());
  for (const { line, fields } of rows) {
    if (fields.length === header.length) continue;
    throw new DatasetError(
      `${path} line ${line}: ${fields.length} fields where the header has ${header.length}`,
    );
  }
  return { header, rows };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(code === 'ENOENT' ? `${path}: no such file.` : `${path}: cannot be read (${code}).`);
  }
}

function columnAt(path: string, header: string[], name: string): number {
  const at = header.indexOf(name);
  if (at !== -1) return at;
  throw new InputError(`${path}: no column "${name}" among ${someOf(header)}. Name it with --path-column.`);
}

function requireDistinct(path: string, ids: string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new InputError(`${path}: the clip "${id}" stands twice. Keep one of its rows.`);
    seen.add(id);
  }
}

function splitTags(cell: string): string[] {
  return cell.split(';').map((tag) => tag.trim()).filter(Boolean); // prettier-ignore
}

function cellLabel(cell: string, where: string): number {
  const text = cell.trim();
  if (text === '') return NaN;
  if (text === '0' || text === '1') return Number(text);
  throw new InputError(`${where}: "${cell}" is no label. Expected 1, 0, or nothing where nobody said.`);
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`).join(', '); // prettier-ignore
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
