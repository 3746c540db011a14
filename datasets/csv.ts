/** Comma-separated values as RFC 4180 has them, with the line of every record for messages. */

import { DatasetError } from './dataset.ts';

export interface CsvRecord {
  /** Line of the file on which the record starts, from 1. */
  line: number;
  fields: string[];
}

export interface CsvOptions {
  /** Between fields, one character. Default `,`. */
  separator?: string;
}

/**
 * Splits CSV text into records. Quoted fields may hold commas, line ends and doubled quotes; lines end in LF, CRLF
 * or CR; a byte order mark and blank lines are passed over. Unquoted spaces are kept.
 *
 * Source: RFC 4180, section 2.
 *
 * @param path Names the file in messages.
 * @throws DatasetError if a quoted field is never closed, or goes on after its closing quote.
 * @example parseCsv('path,tags\n"a, b.wav",flute\n', 'clips.csv')[1] // { line: 2, fields: ['a, b.wav', 'flute'] }
 */
export function parseCsv(text: string, path: string, options: CsvOptions = {}): CsvRecord[] {
  return [...eachCsvRecord(text, path, options)];
}

/** The records of {@link parseCsv} one at a time, for tables whose fields together would not fit in memory. */
export function* eachCsvRecord(
  text: string,
  path: string,
  { separator = ',' }: CsvOptions = {},
): Generator<CsvRecord> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const record: CsvRecord = { line, fields: [] };
    let ended = false;
    while (!ended) {
      const field =
        text[at] === '"' ? readQuoted(text, at, path, line, separator) : readPlain(text, at, separator);
      record.fields.push(field.value);
      line += field.lineEnds;
      at = field.end;
      ended = text[at] !== separator;
      if (!ended) at++;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    if (record.fields.length > 1 || record.fields[0] !== '') yield record;
  }
}

interface Field {
  value: string;
  /** Index of the separator or line end after the field, or the length of the text. */
  end: number;
  /** Line ends inside the field. */
  lineEnds: number;
}

function readPlain(text: string, start: number, separator: string): Field {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(start, end), end, lineEnds: 0 };
}

function readQuoted(text: string, start: number, path: string, line: number, separator: string): Field {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) {
      throw new DatasetError(`${path} line ${line}: a quoted field is never closed; add the missing "`);
    }
    value += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    value += '"';
    at++;
  }
  if (at < text.length && !`${separator}\r\n`.includes(text[at])) {
    throw new DatasetError(
      `${path} line ${line}: text after the closing quote of a field; write a quote inside a quoted field as ""`,
    );
  }
  return { value, end: at, lineEnds: value.match(/\r\n|\r|\n/g)?.length ?? 0 };
}
