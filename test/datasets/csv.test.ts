import { expect, test } from 'vitest';
import { parseCsv } from '../../datasets/csv.ts';
import { DatasetError } from '../../datasets/dataset.ts';

const fieldsOf = (text: string): string[][] => parseCsv(text, 'x.csv').map((record) => record.fields);

// The rules of RFC 4180, section 2, by number.
test.each([
  [
    '1: records end in CRLF',
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    '2: the last line may lack its end',
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['4: spaces belong to the field', 'a , b', [['a ', ' b']]],
  [
    '4: an empty last field counts',
    'a,\n,\n',
    [
      ['a', ''],
      ['', ''],
    ],
  ],
  [
    '5: quotes around a field are not part of it',
    '"a","b"\n"",c',
    [
      ['a', 'b'],
      ['', 'c'],
    ],
  ],
  ['6: commas and line ends may stand in quotes', '"a,\r\nb",c\n', [['a,\r\nb', 'c']]],
  ['7: a doubled quote is a quote', '"a ""b"" c","""",x', [['a "b" c', '"', 'x']]],
])('RFC 4180 rule %s', (_, text, expected) => {
  expect(fieldsOf(text)).toEqual(expected);
});

test('a byte order mark, blank lines and lone CR ends are passed over', () => {
  expect(fieldsOf('\uFEFFa,b\r\r\n\nc,d\r')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(fieldsOf('')).toEqual([]);
});

test('a quote within an unquoted field is kept', () => {
  expect(fieldsOf('5" floppy,b')).toEqual([['5" floppy', 'b']]);
});

test('records know the line they start on, past line ends in quotes and blank lines', () => {
  const records = parseCsv('h\n"one\ntwo\r\nthree"\n\nlast', 'x.csv');
  expect(records.map((record) => record.line)).toEqual([1, 2, 6]);
});

test('a quoted field that never ends is refused with the line it starts on', () => {
  expect(() => parseCsv('a\nb,"c\nd\n', 'x.csv')).toThrow(DatasetError);
  expect(() => parseCsv('a\nb,"c\nd\n', 'x.csv')).toThrow('x.csv line 2: a quoted field is never closed');
});

test('text after a closing quote is refused with the fix', () => {
  expect(() => parseCsv('"a"b,c', 'x.csv')).toThrow('x.csv line 1: text after the closing quote');
});

test('another separator parts fields, and commas are text then', () => {
  const records = parseCsv('a,b\tc\n"d\te"\tf\n', 'table.tsv', { separator: '\t' });
  expect(records.map(({ fields }) => fields)).toEqual([
    ['a,b', 'c'],
    ['d\te', 'f'],
  ]);
});
