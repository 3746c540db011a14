/** A report's page around its sections. */
import type { Content, Markup } from './markup.ts';
import { markup } from './markup.ts';
import { pageStyle } from './pageStyle.ts';

/**
 * One self-contained HTML page in the looks of every report, without scripts or links.
 *
 * @param note One line below the title: what was looked at.
 * @param style CSS of this page alone, after that of every report.
 * @example htmlPage({ title: 'Tags', note: '41,174 clips', body: markup`<p>…</p>` })
 */
export function htmlPage(page: { title: string; note: Content; style?: Markup; body: Content }): string {
  const { title, note, style, body } = page;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<header><h1>${title}</h1>
<p class="note">${note}</p></header>
<main>
${body}
</main>
</body>
</html>
`.text;
}

/** A table of figures: the first column names the row. */
export function figureTable(caption: Content, head: Content[], rows: Content[][]) {
  return markup`<div class="scroll"><table class="numbers"><caption>${caption}</caption>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((content) => markup`<td>${content}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}
