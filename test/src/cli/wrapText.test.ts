import { expect, test } from 'vitest';
import { wrapText } from '../../../src/cli/wrapText.ts';

test('a text is broken at spaces into the fewest lines of the width', () => {
  expect(wrapText('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  expect(wrapText('one two', 7)).toEqual(['one two']);
  expect(wrapText('', 7)).toEqual(['']);
});

test('a word that is too long has a line of its own', () => {
  expect(wrapText('a /very/long/path b', 6)).toEqual(['a', '/very/long/path', 'b']);
});
