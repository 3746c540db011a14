/** Checks labels against a given list of tags, and guesses what a mistyped one was meant to be. */

import { DatasetError } from './dataset.ts';

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

/** Insertions, deletions and substitutions that turn one word into the other (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
