import type { Markup } from './markup.ts';
import { markup } from './markup.ts';

/** The configuration as a collapsible table; nested settings are named with dots. */
export function configurationTable(configuration: Record<string, unknown>): Markup {
  return markup`<section><h2>Configuration</h2><details><summary>All settings</summary><div class="scroll"><table>
<caption class="hidden">Settings of this run</caption>
<thead><tr><th scope="col">setting</th><th scope="col">value</th></tr></thead>
<tbody>${flatten(configuration).map(
    ([name, value]) =>
      markup`<tr><th scope="row"><code>${name}</code></th><td><code>${value}</code></td></tr>\n`,
  )}</tbody></table></div></details></section>`;
}

/** `{ a: { b: 1 } }` becomes `[['a.b', '1']]`; lists stay whole. */
function flatten(settings: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(settings).flatMap(([name, value]): [string, string][] => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isGroup && Object.keys(value).length > 0) {
      return flatten(value as Record<string, unknown>, `${prefix}${name}.`);
    }
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
    return [[prefix + name, text]];
  });
}
