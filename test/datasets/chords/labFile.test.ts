import { expect, test } from 'vitest';
import { DatasetError } from '../../../datasets/index.ts';
import { parseLab, readLab } from '../../../datasets/chords/index.ts';

test('blanks, tabs, CRLF, a byte order mark, comments, empty lines and gaps are read', () => {
  expect(
    parseLab('\uFEFF0.0 2.5\tC:maj\r\n\r\n# bridge\r\n  2.5\t4.125   A:min/b3  \r\n5 6e0 N\r\n', 'a.lab'),
  ).toEqual([
    { start: 0, end: 2.5, label: 'C:maj' },
    { start: 2.5, end: 4.125, label: 'A:min/b3' },
    { start: 5, end: 6, label: 'N' },
  ]);
});

test.each([
  ['0 1 C\n1 2\n', 'a.lab, line 2: expected start, end and label, such as "0.0 2.5 C:maj"; got 2 fields'],
  ['0 1 C maj\n', 'a.lab, line 1: expected start, end and label, such as "0.0 2.5 C:maj"; got 4 fields'],
  ['\n0 one C\n', 'a.lab, line 2: expected 0 <= start < end in seconds; got "0" and "one"'],
  ['2 1 C\n', 'a.lab, line 1: expected 0 <= start < end in seconds; got "2" and "1"'],
  ['-1 1 C\n', 'a.lab, line 1: expected 0 <= start'],
  ['0 Infinity C\n', 'a.lab, line 1: expected 0 <= start'],
  ['0 1 C:dur\n', 'a.lab, line 1: no chord label: "C:dur"; the shorthand "dur" is none of'],
  ['0 2 C\n1 3 G\n', 'a.lab, line 2: starts at 1 s, before the chord above ends at 2 s'],
  ['# nothing\n', 'a.lab: holds no chord'],
])('%j is refused with its line', (text, message) => {
  expect(() => parseLab(text, 'a.lab')).toThrow(DatasetError);
  expect(() => parseLab(text, 'a.lab')).toThrow(message);
});

test('a file that is not there is one line', async () => {
  await expect(readLab('nowhere/a.lab')).rejects.toThrow('nowhere/a.lab: cannot be read (ENOENT)');
});
