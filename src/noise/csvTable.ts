/** A CSV as rows by column name, with messages that name the file and the line. */
import { readFile } from 'node:fs/promises';
import { parseCsv } from '../../datasets/csv.ts';
import { InputError } from '../errors.ts';

export interface CsvRow {
  line: number;
  fields: readonly string[];
}

export interface CsvTable {
  path: string;
  /** As written, trimmed. */
  columns: string[];
  rows: CsvRow[];
}

/** @throws InputError if there is no such file, it has no rows, a column stands twice, or a row is too short or long. */
export async function readCsvTable(path: string, expected: string): Promise<CsvTable> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'no such file' : `cannot be read (${error.code})`;
    throw new InputError(`${path}: ${reason}. Expected ${expected}.`);
  });
  const [header, ...records] = parseCsv(text, path);
  if (header === undefined || records.length === 0) {
    throw new InputError(`${path}: holds no rows. Expected ${expected}.`);
  }
  const columns = header.fields.map((name) => name.trim());
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InputError(`${path}: two columns are called "${twice}". Remove one of them.`);
  for (const { line, fields } of records) {
    if (fields.length === columns.length) continue;
    throw new InputError(
      `${path} line ${line}: ${fields.length} fields where the header has ${columns.length}. ` +
        'Put a field that holds a comma in double quotes.',
    );
  }
  return { path, columns, rows: records };
}
