/** The name that a misspelt one was probably meant to be. */

/**
 * Returns the one name that contains the text, else the nearest within two edits, else undefined; case set aside.
 *
 * @example nearestName('gpu', ['cpu', 'webgpu']) // 'webgpu'
 */
export function nearestName<Name extends string>(text: string, names: readonly Name[]): Name | undefined {
  const containing = names.filter((name) => text !== '' && name.toLowerCase().includes(text.toLowerCase()));
  if (containing.length === 1) return containing[0];
  const distances = names.map((name) => editDistance(text.toLowerCase(), name.toLowerCase()));
  const smallest = Math.min(...distances);
  return smallest <= 2 ? names[distances.indexOf(smallest)] : undefined;
}

/** Levenshtein's distance: the fewest insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[to.length];
}
