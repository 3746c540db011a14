/** What annotators said when they listened again. */
import { InputError } from '../errors.ts';
import { readCsvTable, type CsvTable } from './csvTable.ts';
import { clipRow, splitTags, tagColumn, type GivenLabels } from './givenLabels.ts';

export interface Answer {
  /** Row of the given labels. */
  clip: number;
  /** Column of the given labels. */
  tag: number;
  annotator: string;
  /** Does the tag apply? Null where the annotator was not sure. */
  applies: 0 | 1 | null;
  /** From which part of the data set the clip was drawn for this tag, where the sheet says so. */
  drawn?: DrawnFrom;
}

/** A stratum of a sheet. */
export interface DrawnFrom {
  design: string;
  stratum: string;
  /** Clips in the stratum, drawn or not. */
  size: number;
}

const words = new Map<string, 0 | 1 | null>([
  ['yes', 1],
  ['no', 0],
  ['unsure', null],
  ['1', 1],
  ['0', 0],
]);
const expected =
  'a sheet with the columns path,tag,answer (yes, no, unsure), an id and a column of 1, 0 or nothing for each tag, ' +
  'or a manifest path,tags; each may have a column "annotator"';

/**
 * Reads re-annotated labels from a CSV in one of three forms, each with a column `annotator` where there are several.
 *
 * Sheet, as `noise sample` and `noise annotate` write it: a row a clip and tag, with `answer` yes, no, unsure (or 1, 0),
 * or empty where nobody has answered; columns `design`, `stratum`, `size` tell how it was drawn. Wide: a column a tag
 * with 1, 0, or empty where the tag was not asked. Manifest: `path,tags`, where every tag was asked and those not
 * listed do not apply.
 *
 * Where an annotator answers the same twice, the later line counts.
 *
 * @throws InputError naming the line if a clip or tag is not in `given`, or a cell is none of these words.
 */
export async function readAnswers(path: string, given: GivenLabels): Promise<Answer[]> {
  const table = await readCsvTable(path, expected);
  const { columns } = table;
  const isSheet = ['path', 'tag', 'answer'].every((name) => columns.includes(name));
  const isManifest = columns.includes('path') && columns.includes('tags');
  const read = isSheet ? readSheet : isManifest ? readManifest : readWide;
  const latest = new Map<string, Answer>();
  for (const answer of read(table, given)) {
    latest.set(JSON.stringify([answer.clip, answer.tag, answer.annotator]), answer);
  }
  if (latest.size === 0) throw new InputError(`${path}: no row has an answer. Fill the column "answer".`);
  return [...latest.values()];
}

function readSheet({ path, columns, rows }: CsvTable, given: GivenLabels): Answer[] {
  const at = (name: string) => columns.indexOf(name);
  const drawnColumns = ['design', 'stratum', 'size'].map(at);
  const hasDesign = drawnColumns.every((column) => column !== -1);
  return rows.flatMap(({ line, fields }): Answer[] => {
    const where = `${path} line ${line}`;
    const text = fields[at('answer')].trim().toLowerCase();
    if (text === '') return [];
    const [design, stratum, size] = drawnColumns.map((column) => fields[column]?.trim());
    if (hasDesign && !/^\d+$/.test(size)) {
      throw new InputError(`${where}: size "${size}". Expected how many clips the stratum has.`);
    }
    return [
      {
        clip: clipRow(given, fields[at('path')].trim(), where),
        tag: tagColumn(given, fields[at('tag')].trim(), where),
        annotator: fields[at('annotator')]?.trim() ?? '',
        applies: wordOf(text, where),
        ...(hasDesign && { drawn: { design, stratum, size: Number(size) } }),
      },
    ];
  });
}

function readManifest({ path, columns, rows }: CsvTable, given: GivenLabels): Answer[] {
  const [id, tags, annotator] = ['path', 'tags', 'annotator'].map((name) => columns.indexOf(name));
  return rows.flatMap(({ line, fields }) => {
    const where = `${path} line ${line}`;
    const clip = clipRow(given, fields[id].trim(), where);
    const own = new Set(splitTags(fields[tags]).map((tag) => tagColumn(given, tag, where)));
    return given.tags.map((_, tag): Answer => {
      return { clip, tag, annotator: fields[annotator]?.trim() ?? '', applies: own.has(tag) ? 1 : 0 };
    });
  });
}

function readWide({ path, columns, rows }: CsvTable, given: GivenLabels): Answer[] {
  const annotator = columns.indexOf('annotator');
  const tags = columns.flatMap((name, column) =>
    column === 0 || column === annotator ? [] : [{ column, tag: tagColumn(given, name, path) }],
  );
  return rows.flatMap(({ line, fields }) => {
    const where = `${path} line ${line}`;
    const clip = clipRow(given, fields[0].trim(), where);
    return tags.flatMap(({ column, tag }): Answer[] => {
      const text = fields[column].trim().toLowerCase();
      const own = { clip, tag, annotator: fields[annotator]?.trim() ?? '' };
      return text === '' ? [] : [{ ...own, applies: wordOf(text, where) }];
    });
  });
}

function wordOf(text: string, where: string): 0 | 1 | null {
  const word = words.get(text);
  if (word === undefined) throw new InputError(`${where}: the answer "${text}". Expected ${expected}.`);
  return word;
}
