/** Figures and tables as Markdown. */
import type { Spread } from './ratio.ts';

/** A table whose columns are as wide as their widest cell, as prettier leaves them. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, [...cell].length, ...rows.map((row) => [...row[column]].length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Three digits that count: `0.0123`, `1.23`, `12.3`, `123`, `1230`. */
export function figure(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

/** `0.41 [0.38–0.45]`. */
export function describeSpread({ median, low, high }: Spread): string {
  return `${figure(median)} [${figure(low)}–${figure(high)}]`;
}
