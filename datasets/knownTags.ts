/** Checks labels against a given list of tags, and guesses what a mistyped one was meant to be. */

import { DatasetError } from './dataset.ts';
import { editDistance } from './editDistance.ts';

/** At most this many known names are spelled out in a message. */
const MAX_LISTED = 20;

/**
 * Passes a label that is one of `tags`, and refuses any other with the tags that there are.
 *
 * @param where Starts the message: the path, and the line where there is one.
 * @throws DatasetError naming the label, the known tags and the nearest of them.
 * @example requireKnownTag('clips.csv line 7', 'flutte', ['flute', 'oboe']) // … did you mean "flute"?
 */
export function requireKnownTag(where: string, label: string, tags: readonly string[]): void {
  if (tags.includes(label)) return;
  const listed = tags.slice(0, MAX_LISTED).join(', ');
  const more = tags.length > MAX_LISTED ? ` and ${tags.length - MAX_LISTED} more` : '';
  throw new DatasetError(
    `${where}: unknown tag "${label}"; known: ${listed}${more}${didYouMean(label, tags)}`,
  );
}

/** `; did you mean "flute"?` for the nearest name within 0.4 of its length in edits, otherwise nothing. */
export function didYouMean(typed: string, names: readonly string[]): string {
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const name of names) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (edits < fewest && edits <= Math.max(1, Math.floor(0.4 * name.length))) {
      nearest = name;
      fewest = edits;
    }
  }
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}
