/** Columns of the terminals that output is made for. */
export const terminalWidth = 80;

/**
 * Breaks a text at spaces into lines of at most `width`; a longer word has a line of its own.
 *
 * @example wrapText('one two three', 8) // ['one two', 'three']
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
