/** Annotations as text: a line a chord, with its start and end in seconds and its label, by blanks or tabs. */
import { readFile } from 'node:fs/promises';
import { DatasetError } from '../dataset.ts';
import { parseHarte } from './harte.ts';

/** A stretch of time with one chord. */
export interface ChordSegment {
  /** Seconds. */
  start: number;
  end: number;
  /** In Harte's syntax; see `parseHarte`. */
  label: string;
}

/**
 * Reads the text of a `.lab` file. Empty lines and lines that start with `#` are passed over.
 *
 * @param path For messages.
 * @throws DatasetError, one line with path and line number, if a line is not a segment that starts where the one
 *   before ends or later, or there is none.
 * @example parseLab('0.0 2.5 C:maj\n2.5 4.1 A:min/b3\n', 'song.lab')
 */
export function parseLab(text: string, path: string): ChordSegment[] {
  const segments: ChordSegment[] = [];
  text.split(/\r\n|\r|\n/).forEach((line, i) => {
    const trimmed = line.replace(/^\uFEFF/, '').trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const segment = readLine(trimmed, (what) => new DatasetError(`${path}, line ${i + 1}: ${what}`));
    const before = segments.at(-1);
    if (before && segment.start < before.end) {
      throw new DatasetError(
        `${path}, line ${i + 1}: starts at ${segment.start} s, before the chord above ends at ${before.end} s; ` +
          'chords must follow one another',
      );
    }
    segments.push(segment);
  });
  if (segments.length === 0)
    throw new DatasetError(`${path}: holds no chord; expected lines such as "0.0 2.5 C:maj"`);
  return segments;
}

/** @throws DatasetError if the file cannot be read, or as `parseLab` does. */
export async function readLab(path: string): Promise<ChordSegment[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new DatasetError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); expected a text file`,
    );
  }
  return parseLab(text, path);
}

function readLine(line: string, fault: (what: string) => DatasetError): ChordSegment {
  const fields = line.split(/\s+/);
  if (fields.length !== 3)
    throw fault(`expected start, end and label, such as "0.0 2.5 C:maj"; got ${fields.length} fields`);
  const [start, end] = fields.slice(0, 2).map(Number);
  if (!(start >= 0 && end > start && Number.isFinite(end)))
    throw fault(`expected 0 <= start < end in seconds; got "${fields[0]}" and "${fields[1]}"`);
  try {
    parseHarte(fields[2]);
  } catch (error) {
    if (error instanceof RangeError) throw fault(error.message);
    throw error;
  }
  return { start, end, label: fields[2] };
}
