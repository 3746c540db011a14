/** The tables that come with data sets: read by the names of their columns, faults told with their line. */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eachCsvRecord } from '../csv.ts';
import type { CsvRecord } from '../csv.ts';
import { DatasetError } from '../dataset.ts';
import type { DatasetFacts } from '../facts.ts';
import { didYouMean } from '../knownTags.ts';

export interface TableOptions {
  /** Columns that must be there. */
  columns: readonly string[];
  /** Between fields. Default `,`. */
  separator?: string;
  /** Lines of header, whose names are joined by a dot, as in `set.split`. Default 1. */
  headerLines?: number;
  /** Rows may be longer than the header: the last column goes on, as in MTG-Jamendo. Default false. */
  openEnded?: boolean;
}

/** A row, by the names of the columns. */
export interface TableRow {
  line: number;
  /** Starts messages about this row. */
  where: string;
  /** Of the table, in their order. */
  columns: readonly string[];
  /** The field, without spaces around it. */
  get(column: string): string;
  /** The field and those after it. */
  rest(column: string): string[];
}

/**
 * Reads a table of a data set, row by row.
 *
 * @throws DatasetError if the file is missing or not UTF-8, a column is missing, or a row is cut short.
 * @example for await (const row of readTable(facts, root, 'meta/esc50.csv', { columns: ['filename'] })) row.get('filename')
 */
export async function* readTable(
  facts: DatasetFacts,
  root: string,
  path: string,
  { columns, separator = ',', headerLines = 1, openEnded = false }: TableOptions,
): AsyncGenerator<TableRow> {
  const file = join(root, path);
  const records = eachCsvRecord(await readText(facts, file), file, { separator });
  const names = readHeader(records, headerLines);
  requireColumns(facts, file, names, columns);
  const place = new Map(names.map((name, index) => [name, index]));
  for (const { line, fields } of records) {
    const where = `${file} line ${line}`;
    if (fields.length < names.length || (fields.length > names.length && !openEnded)) {
      throw new DatasetError(
        `${where}: ${fields.length} fields where the header has ${names.length}; the file is damaged. ${facts.howToGet}`,
      );
    }
    yield {
      line,
      where,
      columns: names,
      get: (column) => fields[place.get(column)!].trim(),
      rest: (column) => fields.slice(place.get(column)).map((field) => field.trim()),
    };
  }
}

/**
 * The lines of a list that has no header, without empty ones.
 *
 * @throws DatasetError if the file is missing or not UTF-8.
 */
export async function readLines(facts: DatasetFacts, root: string, path: string): Promise<string[]> {
  const text = await readText(facts, join(root, path));
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter(Boolean);
}

/** JavaScript cannot hold a longer text in one string. */
const MAX_BYTES = 500e6;

async function readText(facts: DatasetFacts, file: string): Promise<string> {
  const status = await stat(file).catch(() => undefined);
  if (!status?.isFile()) {
    throw new DatasetError(`${facts.name}: the list ${file} is missing. ${facts.howToGet}`);
  }
  if (status.size > MAX_BYTES) {
    throw new DatasetError(
      `${file}: ${status.size} bytes, more than the ${MAX_BYTES} that are read; it is not the published list`,
    );
  }
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(`cannot read ${file} (${error.code}); check its permissions`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DatasetError(`${file}: not UTF-8 text, so not the published list. ${facts.howToGet}`);
  }
}

function readHeader(records: Generator<CsvRecord>, headerLines: number): string[] {
  const rows: string[][] = [];
  while (rows.length < headerLines) {
    const next = records.next();
    if (next.done) break;
    rows.push(next.value.fields.map((field) => field.trim()));
  }
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) =>
    rows
      .map((row) => row[column] ?? '')
      .filter(Boolean)
      .join('.'),
  );
}

function requireColumns(
  facts: DatasetFacts,
  file: string,
  names: string[],
  columns: readonly string[],
): void {
  const missing = columns.find((column) => !names.includes(column));
  if (missing === undefined) return;
  const found =
    names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
  throw new DatasetError(
    `${file}: no column "${missing}"; the published file of ${facts.name} has it, this one has ` +
      `${found || 'none'}${didYouMean(missing, names)}`,
  );
}
