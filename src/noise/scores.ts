/** Scores that a model gave to clips, tag by tag. */
import { InputError } from '../errors.ts';
import { readCsvTable } from './csvTable.ts';
import type { GivenLabels } from './givenLabels.ts';

/**
 * Reads the scores of clips: a CSV whose column `path` (or the first) names the clip and whose columns named as tags
 * hold numbers, such as predictions.csv of a run. Clips and columns that the given labels do not have are passed over.
 *
 * @returns The score of a clip's row and a tag's column of the given labels; undefined where there is none.
 * @throws InputError if a score is not a number, or none is of a given clip and tag.
 */
export async function readScores(
  path: string,
  given: GivenLabels,
): Promise<(clip: number, tag: number) => number | undefined> {
  const table = await readCsvTable(
    path,
    'predictions.csv of a run: a column "path" and one of scores for each tag',
  );
  const idColumn = Math.max(0, table.columns.indexOf('path'));
  const columns = given.tags.map((tag) => table.columns.lastIndexOf(tag));
  const scores = new Map<number, (number | undefined)[]>();
  for (const { line, fields } of table.rows) {
    const clip = given.rowOf.get(fields[idColumn].trim());
    if (clip === undefined) continue;
    const own = columns.map((column) => {
      const text = column === -1 ? '' : fields[column].trim();
      if (text !== '' && !Number.isFinite(Number(text))) {
        throw new InputError(
          `${path} line ${line}: the score "${text}" of "${table.columns[column]}" is no number.`,
        );
      }
      return text === '' ? undefined : Number(text);
    });
    scores.set(clip, own);
  }
  if (scores.size === 0 || columns.every((column) => column === -1)) {
    throw new InputError(
      `${path}: no score of a clip and tag of ${given.path} in it. Both must name clips and tags in the same way.`,
    );
  }
  return (clip, tag) => scores.get(clip)?.[tag];
}
