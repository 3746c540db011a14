import { expect, test } from 'vitest';
import { printable } from '../../../src/cli/printable.ts';

test('control characters become escapes, all else stays', () => {
  expect(printable('a\nb\t\u001b[31m\u007f\u009b')).toBe('a\\u000ab\\u0009\\u001b[31m\\u007f\\u009b');
  expect(printable('Straße “五” 🎻 <b>')).toBe('Straße “五” 🎻 <b>');
});
