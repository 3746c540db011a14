/** The labels of a data set as they are given, right or wrong. */
import { InputError } from '../errors.ts';
import { readCsvTable, type CsvTable } from './csvTable.ts';

export interface GivenLabels {
  /** Where they were read from. */
  path: string;
  ids: string[];
  tags: string[];
  /** 0 or 1, row-major `[ids, tags]`. */
  labels: Uint8Array;
  /** The row of an id. */
  rowOf: Map<string, number>;
}

const expected =
  'a CSV with the columns path,tags (tags separated by ";"), or an id and a column of 0 or 1 for each tag';

/**
 * Reads given labels from a CSV in one of two forms.
 *
 * Manifest: the columns `path` and `tags`, tags separated by `;`; other columns are passed over, so predictions.csv of
 * a run and manifests with a split will do. Wide: the first column names the clip, every other column is a tag with 1
 * where it is given, and 0 or nothing where it is not.
 *
 * Clips are named by what is written, and so must be written in the same way in every file.
 *
 * @throws InputError naming the line if a clip stands twice or a cell is neither 0 nor 1.
 */
export async function readGivenLabels(path: string): Promise<GivenLabels> {
  const table = await readCsvTable(path, expected);
  const isManifest = table.columns.includes('path') && table.columns.includes('tags');
  const { tags, labels } = isManifest ? readManifest(table) : readWide(table);
  if (tags.length === 0) throw new InputError(`${path}: there is no tag in it. Expected ${expected}.`);
  const idColumn = isManifest ? table.columns.indexOf('path') : 0;
  const ids = table.rows.map(({ fields }) => fields[idColumn].trim());
  const rowOf = new Map<string, number>();
  ids.forEach((id, row) => {
    if (rowOf.has(id)) {
      throw new InputError(
        `${path} line ${table.rows[row].line}: "${id}" stands in line ${table.rows[rowOf.get(id)!].line}, too. Keep one.`,
      );
    }
    rowOf.set(id, row);
  });
  return { path, ids, tags, labels, rowOf };
}

/** The column of a tag. @throws InputError if it is none of the given ones. */
export function tagColumn({ path, tags }: GivenLabels, tag: string, where: string): number {
  const column = tags.indexOf(tag);
  if (column === -1) {
    throw new InputError(
      `${where}: the tag "${tag}" is not in ${path}. There: ${tags.slice(0, 20).join(', ')}.`,
    );
  }
  return column;
}

/** The row of a clip. @throws InputError if it is none of the given ones. */
export function clipRow({ path, rowOf, ids }: GivenLabels, id: string, where: string): number {
  const row = rowOf.get(id);
  if (row === undefined) {
    throw new InputError(
      `${where}: the clip "${id}" is not in ${path}. Clips are compared as written; there, the first is "${ids[0]}".`,
    );
  }
  return row;
}

/** Tags of a manifest's cell. */
export function splitTags(cell: string): string[] {
  return [...new Set(cell.split(';').map((tag) => tag.trim()))].filter(Boolean);
}

interface Columns {
  tags: string[];
  labels: Uint8Array;
}

function readManifest({ columns, rows }: CsvTable): Columns {
  const column = columns.indexOf('tags');
  const found = new Set<string>();
  for (const { fields } of rows) for (const tag of splitTags(fields[column])) found.add(tag);
  const tags = [...found].sort();
  const numbers = new Map(tags.map((tag, number) => [tag, number]));
  const labels = new Uint8Array(rows.length * tags.length);
  rows.forEach(({ fields }, row) => {
    for (const tag of splitTags(fields[column])) labels[row * tags.length + numbers.get(tag)!] = 1;
  });
  return { tags, labels };
}

function readWide({ path, columns, rows }: CsvTable): Columns {
  const tags = columns.slice(1);
  const labels = new Uint8Array(rows.length * tags.length);
  rows.forEach(({ line, fields }, row) => {
    tags.forEach((tag, i) => {
      const text = fields[i + 1].trim();
      if (!['', '0', '1'].includes(text)) {
        throw new InputError(
          `${path} line ${line}: "${text}" in the column "${tag}". Expected 0, 1 or nothing: ${expected}.`,
        );
      }
      labels[row * tags.length + i] = Number(text);
    });
  });
  return { tags, labels };
}
