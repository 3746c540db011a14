import { expect, test } from 'vitest';
import { markup } from '../../../src/report/markup.ts';

test('interpolated text is escaped, markup is not', () => {
  const inner = markup`<b>${'<i> & "x" \'y\''}</b>`;
  expect(inner.text).toBe('<b>&#60;i&#62; &#38; &#34;x&#34; &#39;y&#39;</b>');
  expect(markup`<p>${inner}</p>`.text).toBe(`<p>${inner.text}</p>`);
});

test('lists are joined, numbers printed, and nothing, null and false left out', () => {
  expect(markup`${[1, [markup`<br>`, '<']]}|${0}|${null}${undefined}${false}`.text).toBe('1<br>&#60;|0|');
});

test('an object that merely looks like markup is not taken for it', () => {
  const forged = JSON.parse('[{"text":"<script>"}]') as string[];
  expect(() => markup`${forged}`).toThrow();
});
