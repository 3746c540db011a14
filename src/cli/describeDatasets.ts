/** Published data sets as lines for a terminal of 80 columns. */
import type { DatasetFacts, DatasetFile } from '../../datasets/index.ts';
import { terminalWidth, wrapText } from './wrapText.ts';

/** What there is of a data set on disk. */
export interface FoundCopy {
  folder: string;
  /** Null where the folder is not there. */
  clips: number | null;
  /** Clips of the lists whose audio is not there. */
  missing: number;
  /** Why it cannot be listed. */
  fault?: string;
}

/** All data sets: what each is, its licence, and where it is or how to get it. */
export function describeDatasets(rows: readonly { facts: DatasetFacts; found: FoundCopy }[]): string {
  const blocks = rows.map(({ facts, found }) =>
    [
      `${facts.name}  ${facts.title}`,
      ...entry('audio', facts.audio),
      ...entry('licence', facts.licence),
      ...entry('on disk', describeCopy(facts, found)),
      ...(found.clips === null && !facts.rendered ? entry('get', facts.howToGet) : []),
    ].join('\n'),
  );
  return `${blocks.join('\n\n')}\n\nAll that is known of one: sonotag datasets NAME\n`;
}

/** All that is known of one data set. */
export function describeFacts(facts: DatasetFacts, found: FoundCopy): string {
  return `${[
    facts.title,
    ...entry('name', facts.name),
    ...entry('cite', facts.citation),
    ...entry('page', facts.homepage),
    ...entry('licence', facts.licence),
    ...entry('audio', facts.audio),
    ...facts.splits.flatMap((split) => entry('split', describeSplit(split))),
    ...facts.files.flatMap((file) => entry('file', describeFile(file))),
    ...facts.knownFaults.flatMap((fault) => entry('fault', fault)),
    ...entry('get', facts.howToGet),
    ...entry('on disk', describeCopy(facts, found)),
  ].join('\n')}\n`;
}

function describeCopy(
  { name, rendered }: DatasetFacts,
  { folder, clips, missing, fault }: FoundCopy,
): string {
  if (rendered) return `rendered when needed: --data ${name}`;
  if (fault !== undefined) return `${folder} cannot be listed: ${fault}`;
  if (clips === null) return `not in ${folder}`;
  const rest = missing > 0 ? `, and ${missing} listed clips without audio` : '';
  return `${clips} clips${rest}: --data ${name}:${folder}`;
}

function describeSplit({ name, source, sizes, folds }: DatasetFacts['splits'][number]): string {
  const counts = Object.entries(sizes ?? {}).map(([part, clips]) => `${clips} ${part}`);
  const size = folds === undefined ? counts.join(', ') : `${folds} folds`;
  return `${name}: ${source}${size === '' ? '' : ` (${size})`}`;
}

function describeFile({ path, bytes, url, md5, sha1, sha256 }: DatasetFile): string {
  const sums = [
    bytes === undefined ? undefined : `${bytes} bytes`,
    md5 && `md5 ${md5}`,
    sha1 && `sha1 ${sha1}`,
    sha256 && `sha256 ${sha256}`,
    url,
  ];
  return [path, ...sums.filter((text) => text !== undefined)].join(', ');
}

const labelWidth = 11;

/** `  label  text`, the text wrapped beside the label. */
function entry(label: string, text: string): string[] {
  return wrapText(text, terminalWidth - labelWidth).map(
    (line, i) => `  ${(i === 0 ? label : '').padEnd(labelWidth - 2)}${line}`,
  );
}
