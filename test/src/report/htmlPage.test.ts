import { expect, test } from 'vitest';
import { figureTable, htmlPage } from '../../../src/report/htmlPage.ts';

test('a page is whole, escaped, and without scripts or links', () => {
  const page = htmlPage({ title: '<t>', note: 'a & b', body: figureTable('c', ['h'], [['<r>', 1]]) });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<title>&#60;t&#62;</title>');
  expect(page).toContain('a &#38; b');
  expect(page).not.toMatch(/<script|<link|https?:/);
});

test('the first cell of a row names it', () => {
  const table = figureTable('c', ['name', 'n'], [['<r>', 1]]).text; // prettier-ignore
  expect(table).toContain('<tr><th scope="row">&#60;r&#62;</th><td>1</td></tr>');
});
