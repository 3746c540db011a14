/** Answers on disk: each is safe before the next question is asked. */
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { InputError } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { readCsvTable } from './csvTable.ts';
import { sheetToCsv, type AnsweredRow, type SheetRow } from './sheet.ts';

export interface AnswerJournal {
  /** The latest answer of an annotator to a question, by its number in the sheet. */
  answersOf(annotator: string): Map<number, AnsweredRow['answer']>;
  /** Appends an answer and waits until the disk has it; a later one replaces an earlier. */
  append(row: number, annotator: string, answer: AnsweredRow['answer']): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file of answers to a sheet, a CSV like the sheet's own, or makes it. A line that a crash cut short is
 * dropped.
 *
 * @throws InputError if the file answers questions that the sheet does not ask.
 */
export async function openAnswerJournal(path: string, sheet: readonly SheetRow[]): Promise<AnswerJournal> {
  await makeWhole(path);
  const byAnnotator = new Map<string, Map<number, AnsweredRow['answer']>>();
  const remember = (row: number, annotator: string, answer: AnsweredRow['answer']) => {
    if (!byAnnotator.has(annotator)) byAnnotator.set(annotator, new Map());
    byAnnotator.get(annotator)!.set(row, answer);
  };
  for (const { row, annotator, answer } of await readAnswered(path, sheet)) remember(row, annotator, answer);
  const file = await open(path, 'a');
  let last = Promise.resolve();
  return {
    answersOf: (annotator) => byAnnotator.get(annotator) ?? new Map(),
    append: (row, annotator, answer) => {
      const line = sheetToCsv([{ ...sheet[row], annotator, answer }]).split('\n')[1];
      const written = last.then(() => appendLine(file, line)).then(() => remember(row, annotator, answer));
      last = written.catch(() => undefined); // one that failed does not hold up the next
      return written;
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}

async function appendLine(file: FileHandle, line: string): Promise<void> {
  await file.appendFile(`${line}\n`);
  await file.sync();
}

/** A file with a header and whole lines. */
async function makeWhole(path: string): Promise<void> {
  const text = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw new InputError(`${path}: cannot be read (${error.code}). Name a file for the answers with --out.`);
  });
  const whole = text.lastIndexOf('\n') + 1;
  if (whole === 0) await writeWhole(path, sheetToCsv([]));
  else if (whole < text.length) await truncate(path, whole);
}

async function readAnswered(
  path: string,
  sheet: readonly SheetRow[],
): Promise<{ row: number; annotator: string; answer: AnsweredRow['answer'] }[]> {
  const header = sheetToCsv([]);
  if ((await readFile(path, 'utf8')) === header) return [];
  const { columns, rows } = await readCsvTable(path, 'answers as "noise annotate" writes them');
  if (columns.join(',') !== header.trim()) {
    throw new InputError(
      `${path}: the columns ${columns.join(',')}. Expected ${header.trim()}; choose another --out.`,
    );
  }
  const numbers = new Map(sheet.map((row, i) => [keyOf(row), i]));
  return rows.map(({ line, fields: [clip, tag, design, stratum, size, annotator, answer] }) => {
    const row = numbers.get(keyOf({ path: clip, tag, design, stratum, size: Number(size) }));
    if (row === undefined) {
      throw new InputError(
        `${path} line ${line}: answers a question that the sheet does not ask (${tag}, ${clip}). Choose another --out.`,
      );
    }
    return { row, annotator, answer: answer as AnsweredRow['answer'] };
  });
}

function keyOf({ path, tag, design, stratum, size }: SheetRow): string {
  return JSON.stringify([path, tag, design, stratum, size]);
}
