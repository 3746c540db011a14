import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatasetError } from '../../datasets/dataset.ts';
import { listManifest } from '../../datasets/manifest.ts';

let folder: string;
let csv: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  csv = join(folder, 'clips.csv');
  await mkdir(join(folder, 'sub'));
  for (const name of ['a.wav', 'b.wav', 'c.wav', 'sub/d, e.wav']) await writeFile(join(folder, name), '');
});
afterEach(() => rm(folder, { recursive: true }));

async function list(text: string | Uint8Array, options?: Parameters<typeof listManifest>[1]) {
  await writeFile(csv, text);
  return listManifest(csv, options);
}

test('columns in any order, other columns, quotes, CRLF, a byte order mark and spaces around tags are read', async () => {
  const dataset = await list(
    '\uFEFFsplit,year, Tags ,path\r\ntrain,1990,jazz; piano ;jazz,a.wav\r\n' +
      'test,,piano,"sub/d, e.wav"\r\n,2001,,./sub/../b.wav\r\n',
  );
  expect(dataset).toEqual({
    name: 'clips',
    clips: [
      { id: 'a.wav', source: join(folder, 'a.wav'), labels: ['jazz', 'piano'], split: 'train' },
      { id: 'sub/d, e.wav', source: join(folder, 'sub/d, e.wav'), labels: ['piano'], split: 'test' },
      { id: 'b.wav', source: join(folder, 'b.wav'), labels: [] },
    ],
    tags: ['jazz', 'piano'],
    exclusive: false,
    skipped: [],
  });
});

test('tags are exclusive where every row has exactly one', async () => {
  expect((await list('path,tags\na.wav,x\nb.wav,y\n')).exclusive).toBe(true);
  expect((await list('path,tags\na.wav,x\nb.wav,x;y\n')).exclusive).toBe(false);
  expect((await list('path,tags\na.wav,x\nb.wav,\n')).exclusive).toBe(false);
});

test('given tags fix the order of the outputs, found or not', async () => {
  const { tags } = await list('path,tags\na.wav,x\nb.wav,x\n', { tags: ['y', 'x', 'z'] });
  expect(tags).toEqual(['y', 'x', 'z']);
});

test('a recording that is not there is skipped with its line, the rest kept', async () => {
  const { clips, tags, skipped } = await list('path,tags\na.wav,x\ngone.wav,w\nsub,x\nb.wav,y\n');
  expect(clips.map((clip) => clip.id)).toEqual(['a.wav', 'b.wav']);
  expect(tags).toEqual(['x', 'y']);
  expect(skipped).toEqual([
    { path: join(folder, 'gone.wav'), reason: `file not found (${csv} line 3)` },
    { path: join(folder, 'sub'), reason: `not a file (${csv} line 4)` },
  ]);
});

test.each([
  ['a missing column', 'path,label\na.wav,x\n', 'no column "tags" among "path", "label"'],
  ['a mistyped column', 'path,tag\na.wav,x\n', 'did you mean "tag"?'],
  ['columns parted by semicolons', 'path;tags\na.wav;x\n', 'columns must be separated by commas'],
  ['a column that stands twice', 'path,tags,tags\na.wav,x,y\n', 'two columns are called "tags"'],
  ['an empty file', '', 'is empty; expected a header line "path,tags"'],
  ['a header alone', 'path,tags\n\n', 'no rows'],
  [
    'a comma between tags',
    'path,tags\na.wav,x,y\n',
    'line 2: 3 fields where the header has 2; separate tags by ";"',
  ],
  ['a row that is too short', 'path,tags\na.wav,x\nb.wav\n', 'line 3: 1 fields where the header has 2'],
  ['an empty path', 'path,tags\n ,x\n', 'line 2: the path is empty'],
  [
    'a path twice',
    'path,tags\na.wav,x\nb.wav,y\n./a.wav,y\n',
    'the path ./a.wav stands in line 2 and in line 4',
  ],
  [
    'an unknown split',
    'path,tags,split\na.wav,x,validation\n',
    'unknown split "validation"; expected train, valid, test or nothing; did you mean "valid"?',
  ],
  ['a mistyped split', 'path,tags,split\na.wav,x,trian\n', 'did you mean "train"?'],
  ['nothing there', 'path,tags\nu.wav,x\nv.wav,y\n', 'none of the 2 recordings'],
  ['no tag at all', 'path,tags\na.wav,\nb.wav,;\n', 'has a tag; fill the column "tags"'],
  [
    'one tag on everything',
    'path,tags\na.wav,x\nb.wav,x\n',
    'has the one tag "x"; a tagger needs at least two tags',
  ],
])('%s is refused in one line that names the file and the fix', async (_, text, expected) => {
  const error: Error = await list(text).then(
    () => new Error('listed'),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(DatasetError);
  expect(error.message).toContain(expected);
  expect(error.message).toContain(csv);
  expect(error.message).not.toContain('\n');
});

test('an unknown tag is refused with its line, the known tags and a guess', async () => {
  await expect(list('path,tags\na.wav,piano\nb.wav,Flut\n', { tags: ['flute', 'piano'] })).rejects.toThrow(
    `${csv} line 3: unknown tag "Flut"; known: flute, piano; did you mean "flute"?`,
  );
});

test('a guess is made only where one is near', async () => {
  await expect(list('path,tags\na.wav,drum\n', { tags: ['flute', 'piano'] })).rejects.toThrow(
    /known: flute, piano$/,
  );
});

test('a missing manifest, a folder and text in another encoding are refused', async () => {
  await expect(listManifest(join(folder, 'no.csv'))).rejects.toThrow(
    `no such manifest: ${join(folder, 'no.csv')}`,
  );
  await expect(listManifest(folder)).rejects.toThrow('not a file');
  await expect(list(Buffer.from('path,tags\na.wav,caf\xe9\n', 'latin1'))).rejects.toThrow(
    'is not UTF-8 text',
  );
});

test('?tag is unknown, and fold, artist and album are taken where they stand', async () => {
  const dataset = await list(
    'path,tags,fold,artist,album\na.wav,x; ?y ,2,"Bach, J. S.",\nb.wav,y,1,,Suites\nc.wav,?x;?y,,,\n',
  );
  expect([dataset.tags, dataset.exclusive]).toEqual([['x', 'y'], false]);
  const file = (name: string) => ({ id: name, source: join(folder, name) });
  expect(dataset.clips).toEqual([
    { ...file('a.wav'), labels: ['x'], unknown: ['y'], fold: 2, artist: 'Bach, J. S.' },
    { ...file('b.wav'), labels: ['y'], fold: 1, album: 'Suites' },
    { ...file('c.wav'), labels: [], unknown: ['x', 'y'] },
  ]);
});

test.each([
  ['a tag given and unknown', 'path,tags\na.wav,x;?x\nb.wav,y\n', 'line 2: the tag "x" is given and unknown'],
  ['a lone question mark', 'path,tags\na.wav,?\nb.wav,y\n', '"?" without a tag'],
  [
    'a fold that is none',
    'path,tags,fold\na.wav,x,0\nb.wav,y,1\n',
    'line 2: the fold is "0"; expected a whole number from 1',
  ],
])('%s is refused', async (_, text, message) => {
  await expect(list(text)).rejects.toThrow(message);
});
