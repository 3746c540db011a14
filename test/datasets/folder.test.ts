import type * as fileSystem from 'node:fs/promises';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DatasetError } from '../../datasets/dataset.ts';
import { listFolder } from '../../datasets/folder.ts';

/** The folder that the system refuses to read; permissions alone would not stop the superuser. */
const refused = vi.hoisted(() => ({ folder: undefined as string | undefined }));
vi.mock('node:fs/promises', async (importActual) => {
  const actual = await importActual<typeof fileSystem>();
  const readdir: unknown = (path: string, options: { withFileTypes: true }) =>
    path === refused.folder
      ? Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }))
      : actual.readdir(path, options);
  return { ...actual, readdir };
});

let root: string;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'folder-')), 'recordings');
  await mkdir(root);
});
afterEach(() => rm(dirname(root), { recursive: true }));

async function fill(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DatasetError);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
}

test('a clip per audio file, with its class as the one label, in byte order', async () => {
  await fill('oboe/b.mp3', 'flute/z.WAV', 'flute/take 2/ä.flac', 'flute/Z.ogg', 'Bell/a.mp4');
  const dataset = await listFolder(root);
  expect(dataset.clips).toEqual([
    { id: 'Bell/a.mp4', source: join(root, 'Bell/a.mp4'), labels: ['Bell'] },
    { id: 'flute/Z.ogg', source: join(root, 'flute/Z.ogg'), labels: ['flute'] },
    { id: 'flute/take 2/ä.flac', source: join(root, 'flute/take 2/ä.flac'), labels: ['flute'] },
    { id: 'flute/z.WAV', source: join(root, 'flute/z.WAV'), labels: ['flute'] },
    { id: 'oboe/b.mp3', source: join(root, 'oboe/b.mp3'), labels: ['oboe'] },
  ]);
  expect(dataset).toMatchObject({
    name: 'recordings',
    tags: ['Bell', 'flute', 'oboe'],
    exclusive: true,
    skipped: [],
  });
});

test('byte order puts a name beyond the 16-bit characters after one below, unlike UTF-16 order', async () => {
  await fill('\u{1F3BA}/a.wav', '\uFF21/a.wav'); // F0 9F 8E BA and EF BC A1 in UTF-8
  expect((await listFolder(root)).tags).toEqual(['\uFF21', '\u{1F3BA}']);
});

test('hidden files are passed over; other files and classes without audio are listed with a reason', async () => {
  await fill(
    'a/1.wav',
    'a/.1.wav',
    'a/notes.txt',
    'b/1.wav',
    'empty/readme',
    '.git/x.wav',
    'LICENSE',
    'stray.wav',
  );
  const { clips, tags, skipped } = await listFolder(root);
  expect(clips.map((clip) => clip.id)).toEqual(['a/1.wav', 'b/1.wav']);
  expect(tags).toEqual(['a', 'b']);
  const notAudio = 'not an audio file by its extension';
  expect(skipped).toEqual([
    { path: join(root, 'LICENSE'), reason: notAudio },
    { path: join(root, 'a/notes.txt'), reason: notAudio },
    { path: join(root, 'empty'), reason: 'class folder without audio files' },
    { path: join(root, 'empty/readme'), reason: notAudio },
    {
      path: join(root, 'stray.wav'),
      reason: 'lies beside the class folders; move it into the folder of its class',
    },
  ]);
});

test.each([
  ['a missing folder', [], 'nothing-here', 'no such folder'],
  ['an empty folder', [], '', 'is empty'],
  ['files without class folders', ['a.wav'], '', 'has files but no class folders'],
  ['class folders without audio', ['a/x.txt', 'b/y.txt'], '', 'no audio files in the folders'],
  ['a file in place of the folder', ['a.wav'], 'a.wav', 'not a folder'],
])('%s is refused in one line with its path and the way out', async (_, files, path, expected) => {
  await fill(...files);
  const message = await messageOf(listFolder(join(root, path)));
  expect(message).toContain(expected);
  expect(message).toContain(join(root, path));
  expect(message).toMatch(
    /expected a folder with one sub-folder of recordings per class|looked for the extensions/,
  );
});

test('one class alone is refused, and accepted where the tags are given', async () => {
  await fill('flute/a.wav', 'empty/x.txt');
  expect(await messageOf(listFolder(root))).toContain(
    `found one class "flute" in ${root}; a tagger needs at least two class folders`,
  );
  const { tags, clips } = await listFolder(root, { tags: ['oboe', 'flute'] });
  expect(tags).toEqual(['oboe', 'flute']);
  expect(clips).toHaveLength(1);
});

test('a class that is none of the given tags is refused with a guess', async () => {
  await fill('flutes/a.wav', 'oboe/a.wav');
  expect(await messageOf(listFolder(root, { tags: ['flute', 'oboe'] }))).toContain(
    'unknown tag "flutes"; known: flute, oboe; did you mean "flute"?',
  );
});

test('links that lead round in circles end, and nothing is listed twice', async () => {
  await fill('a/1.wav', 'b/deep/1.wav');
  await symlink(root, join(root, 'a/up'));
  await symlink(join(root, 'b'), join(root, 'a/across'));
  await symlink('..', join(root, 'b/deep/parent'));
  await symlink('nowhere', join(root, 'b/broken.wav'));
  const { clips, skipped } = await listFolder(root);
  expect(clips.map((clip) => clip.id)).toEqual(['a/1.wav', 'b/deep/1.wav']);
  expect(skipped.map(({ reason }) => reason)).toEqual([
    'link to a folder that is listed where it lies',
    'link to a folder that holds the data set',
    'link that leads nowhere',
    'link to a folder that is listed where it lies',
  ]);
});

test('links to folders and files elsewhere are followed, to each folder once', async () => {
  const elsewhere = join(dirname(root), 'elsewhere');
  await mkdir(join(elsewhere, 'inner'), { recursive: true });
  await writeFile(join(elsewhere, 'inner/1.wav'), '');
  await symlink(elsewhere, join(elsewhere, 'inner/round'));
  await fill('b/1.wav');
  await symlink(elsewhere, join(root, 'a'));
  await symlink(join(elsewhere, 'inner'), join(root, 'c'));
  await symlink(join(elsewhere, 'inner/1.wav'), join(root, 'b/2.wav'));
  const { clips } = await listFolder(root);
  expect(clips.map((clip) => clip.id)).toEqual(['a/inner/1.wav', 'b/1.wav', 'b/2.wav']);
});

test('a class folder kept in a hidden store is listed under its link', async () => {
  await fill('.store/a/1.wav', 'b/1.wav');
  await symlink(join(root, '.store/a'), join(root, 'a'));
  expect((await listFolder(root)).clips.map((clip) => clip.id)).toEqual(['a/1.wav', 'b/1.wav']);
});

test('a folder that may not be read is skipped with the reason', async () => {
  await fill('a/1.wav', 'b/1.wav', 'c/1.wav');
  refused.folder = join(root, 'c');
  const { tags, skipped } = await listFolder(root);
  refused.folder = undefined;
  expect(tags).toEqual(['a', 'b']);
  expect(skipped[0].reason).toContain('EACCES');
});
