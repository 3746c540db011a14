/** The sheet of an audit: which clip is asked for which tag, how it was drawn, and the answer. */
import { InputError } from '../errors.ts';
import { quoteCsv } from '../files/quoteCsv.ts';
import { readCsvTable } from './csvTable.ts';

/** A question: does the tag apply to the clip? */
export interface SheetRow {
  /** The clip, as the given labels name it. */
  path: string;
  tag: string;
  design: string;
  /** Number of the stratum of this tag that the clip was drawn from. */
  stratum: string;
  /** Clips in the stratum, drawn or not. */
  size: number;
}

/** A question with what one annotator said. */
export interface AnsweredRow extends SheetRow {
  annotator: string;
  answer: '' | 'yes' | 'no' | 'unsure';
}

const columns = ['path', 'tag', 'design', 'stratum', 'size', 'annotator', 'answer'] as const;

/** CSV with the columns path, tag, design, stratum, size, annotator, answer; the last two empty where not answered. */
export function sheetToCsv(rows: readonly (SheetRow | AnsweredRow)[]): string {
  const lines = rows.map((row) => {
    const whole = { annotator: '', answer: '', ...row };
    return columns.map((column) => quoteCsv(String(whole[column]))).join(',');
  });
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/**
 * Reads the questions of a sheet; answers in it are passed over.
 *
 * @throws InputError if a column is missing, or a question stands twice.
 */
export async function readSheet(path: string): Promise<SheetRow[]> {
  const table = await readCsvTable(path, 'a sheet as "noise sample" writes it');
  const at = (name: string): number => {
    const column = table.columns.indexOf(name);
    if (column === -1) {
      throw new InputError(`${path}: no column "${name}". Expected a sheet as "noise sample" writes it.`);
    }
    return column;
  };
  const [clip, tag, design, stratum, size] = columns.slice(0, 5).map(at);
  const lines = new Map<string, number>();
  return table.rows.map(({ line, fields }) => {
    const text = (column: number) => fields[column].trim();
    const key = JSON.stringify([text(clip), text(tag)]);
    if (lines.has(key)) {
      throw new InputError(
        `${path} line ${line}: "${text(clip)}" and "${text(tag)}" stand in line ${lines.get(key)}, too. Keep one.`,
      );
    }
    lines.set(key, line);
    const row = { path: text(clip), tag: text(tag), design: text(design), stratum: text(stratum) };
    return { ...row, size: Number(text(size)) };
  });
}
