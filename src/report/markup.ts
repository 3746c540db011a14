/** Text that is safe to stand in an HTML page; made by `markup` alone. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a `markup` template: text is escaped, markup kept, lists joined, null and false left out. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * Template tag that escapes every interpolated text for HTML, between tags and in quoted attributes.
 *
 * @example markup`<td title="${path}">${tags.map((tag) => markup`<b>${tag}</b>`)}</td>`
 */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(strings.reduce((page, part, i) => page + render(contents[i - 1]) + part));
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
