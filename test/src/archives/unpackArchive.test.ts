import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from '../../../src/archives/crc32.ts';
import type { ArchiveLimits } from '../../../src/archives/memberWriter.ts';
import { unpackArchive } from '../../../src/archives/unpackArchive.ts';
import { folder as root } from '../audio/temporaryFolder.ts';
import { buildTar, buildZip } from './buildArchives.ts';
import type { TarMember, TestMember } from './buildArchives.ts';

let count = 0;

/** Unpacks into a fresh folder; what is left there afterwards is told by `files`. */
function place(
  bytes: Uint8Array,
  name = 'a.zip',
): { archive: string; folder: string; files: () => string[] } {
  const home = join(root, String(count++));
  const folder = join(home, 'out');
  mkdirSync(home);
  writeFileSync(join(home, name), bytes);
  const files = () => (existsSync(home) ? (readdirSync(home, { recursive: true }) as string[]).sort() : []);
  return { archive: join(home, name), folder, files };
}

async function refusalOf(bytes: Uint8Array, limits?: ArchiveLimits): Promise<string> {
  const { archive, folder, files } = place(bytes);
  const error = await unpackArchive(archive, folder, limits).catch((fault: unknown) => fault as Error);
  expect(error).toMatchObject({ name: 'InputError' });
  const { message } = error as Error;
  expect(message).toContain(archive);
  expect(message).not.toContain('\n');
  expect(files()).toEqual(['a.zip', 'out']); // nothing beside, nothing left inside
  return message;
}

const zip = (...members: TestMember[]): Buffer => buildZip(members);
const tar = (...members: TarMember[]): Buffer => buildTar(members);

test('crc32 has the check value of its definition, and goes on from what has gone before', () => {
  const text = new TextEncoder().encode('123456789');
  expect(crc32(text)).toBe(0xcbf43926);
  expect(crc32(text.subarray(4), crc32(text.subarray(0, 4)))).toBe(0xcbf43926);
});

const long = `${'x'.repeat(90)}/${'y'.repeat(90)}.txt`;
const record = `path=${long}\n`;
const paxed: TarMember[] = [
  { name: 'pax', type: 'x', content: `${record.length + 4} ${record}` },
  { name: 'short', content: 'far down' },
];
const good = {
  zip: zip(
    { name: 'd/' },
    { name: 'd/a.txt', content: 'first' },
    { name: 'b.txt', content: 'b', deflate: false },
    { name: long, content: 'far down' },
  ),
  tar: tar(
    { name: './', type: '5' },
    { name: './d/', type: '5' },
    { name: './d/a.txt', content: 'first' },
    { name: 'b.txt', content: 'b' },
    ...paxed,
  ),
};

test.each([
  ['zip', good.zip],
  ['tar', good.tar],
  ['tar.gz', gzipSync(good.tar)],
])('a %s is told by its content and unpacked with folders and long names', async (_, bytes) => {
  const { archive, folder } = place(bytes);
  expect(await unpackArchive(archive, folder)).toEqual({ files: 3, bytes: 14 });
  expect(readFileSync(join(folder, 'd/a.txt'), 'utf8')).toBe('first');
  expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('b');
  expect(readFileSync(join(folder, long), 'utf8')).toBe('far down');
  expect(readdirSync(folder).sort()).toEqual(['b.txt', 'd', 'x'.repeat(90)]);
});

test('two archives share folders; a file that is there already refuses the second, which leaves no trace', async () => {
  const first = place(zip({ name: 'd/a', content: '1' }));
  await unpackArchive(first.archive, first.folder);
  const other = place(zip({ name: 'd/b', content: '2' }, { name: 'e/c', content: '3' }));
  await unpackArchive(other.archive, first.folder);
  expect((readdirSync(first.folder, { recursive: true }) as string[]).sort()).toEqual([
    'd',
    'd/a',
    'd/b',
    'e',
    'e/c',
  ]);
  const again = place(zip({ name: 'd/new', content: '2' }, { name: 'd/a', content: 'other' }));
  await expect(unpackArchive(again.archive, first.folder)).rejects.toThrow(/d\/a is there already/);
  expect(readdirSync(join(first.folder, 'd'))).toEqual(['a', 'b']);
  expect(readFileSync(join(first.folder, 'd/a'), 'utf8')).toBe('1');
});

test.each([
  ['../evil', /relative path|climbs out/],
  ['a/../../evil', /relative path|climbs out/],
  ['/etc/evil', /absolute/],
  ['C:/evil', /absolute|drive letter/],
  ['c:evil', /absolute|drive letter/],
  ['a\\..\\evil', /backslash|invalid characters/],
  ['a\nb', /control character/],
  [`${'x'.repeat(300)}`, /too long/],
])('a member called %j refuses zip and tar', async (name, reason) => {
  const shown = name.replaceAll('\n', '\\n').slice(0, 60);
  const messages = [await refusalOf(zip({ name: 'ok', content: 'x' }, { name, content: 'x' }))];
  if (name.length <= 100) messages.push(await refusalOf(tar({ name: 'ok' }, { name, content: 'x' })));
  for (const message of messages) {
    expect(message).toMatch(reason);
    expect(message.replaceAll('\\\\', '\\')).toContain(shown);
  }
});

test.each([
  ['a symbolic link', '2', /"l": it is a symbolic link/],
  ['a hard link', '1', /"l": it is a hard link/],
  ['a character device', '3', /"l": it is neither a file nor a folder/],
  ['a pipe', '6', /"l": it is neither a file nor a folder/],
])('%s refuses a tar', async (_, type, reason) => {
  expect(
    await refusalOf(tar({ name: 'l', type, link: reason.source.includes('link') ? '/etc/passwd' : '' })),
  ).toMatch(reason);
});

test('a symbolic link, a device and an encrypted member refuse a zip', async () => {
  expect(await refusalOf(zip({ name: 'l', content: '/etc', mode: 0o120777 }))).toMatch(
    /"l": it is a symbolic link/,
  );
  expect(await refusalOf(zip({ name: 'l', mode: 0o020666 }))).toMatch(
    /"l": it is neither a file nor a folder/,
  );
  expect(await refusalOf(zip({ name: 'l', flags: 0x801 }))).toMatch(/"l": it is encrypted/);
});

test.each([
  ['the same', ['a/b', 'a/b'], /"a\/b": its path stands twice/],
  ['differing in letter case', ['a/B', 'a/b'], /"a\/b": its path collides with that of "a\/B"/],
  ['differing in composition', ['\u00e9', 'e\u0301'], /collides/],
  ['differing in a last dot', ['a', 'a.'], /"a\.": its path collides/],
  ['in folders that differ in case', ['A/x', 'a/y'], /"a\/y": its path collides/],
  ['a file and a folder', ['a', 'a/b'], /"a\/b": its path stands twice/],
])('two names %s refuse zip and tar', async (_, names, reason) => {
  expect(await refusalOf(zip(...names.map((name) => ({ name, content: 'x' }))))).toMatch(reason);
  expect(await refusalOf(tar(...names.map((name) => ({ name, content: 'x' }))))).toMatch(reason);
});

test('limits on members, on one file and on all files hold, by what the archive says', async () => {
  const three = ['a', 'b', 'c'].map((name) => ({ name, content: '12345' }));
  for (const bytes of [zip(...three), tar(...three)]) {
    expect(await refusalOf(bytes, { members: 2 })).toMatch(/"c": the archive has more than 2 members/);
    expect(await refusalOf(bytes, { memberBytes: 4 })).toMatch(
      /"a": its 5 bytes are more than the 4 allowed/,
    );
    expect(await refusalOf(bytes, { totalBytes: 14 })).toMatch(/"c": with it .* more than the 14 bytes/);
    const { archive, folder } = place(bytes);
    expect(await unpackArchive(archive, folder, { members: 3, memberBytes: 5, totalBytes: 15 })).toEqual({
      files: 3,
      bytes: 15,
    });
  }
});

test('what unpacks to more than 100 times its size is a bomb, in zip and tar.gz, unless it is small', async () => {
  const zeros = new Uint8Array(1e6);
  const bombs = [zip({ name: 'zeros', content: zeros }), gzipSync(tar({ name: 'zeros', content: zeros }))];
  for (const bytes of bombs) {
    expect(await refusalOf(bytes, { anyRatioBytes: 0.9e6 })).toMatch(/more than 100 times its size/);
    const [kept, allowed] = [place(bytes), place(bytes)];
    expect(await unpackArchive(kept.archive, kept.folder)).toEqual({ files: 1, bytes: 1e6 });
    await unpackArchive(allowed.archive, allowed.folder, { anyRatioBytes: 0, ratio: 5000 });
  }
});

test('a member that unpacks to more or less than it says refuses a zip', async () => {
  const content = 'x'.repeat(1000);
  expect(await refusalOf(zip({ name: 'a', content, says: { bytes: 10 } }))).toMatch(/too many bytes/);
  expect(await refusalOf(zip({ name: 'a', content, says: { bytes: 2000 } }))).toMatch(/not enough bytes/);
});

test('a wrong CRC-32 refuses a zip, a wrong header sum a tar, a wrong byte a tar.gz', async () => {
  expect(await refusalOf(zip({ name: 'a', content: 'x', says: { crc32: 1 } }))).toMatch(
    /"a": its checksum \(CRC-32\)/,
  );
  const data = zip({ name: 'a', content: 'x'.repeat(1000) });
  data[31] = 0xff; // the first byte behind the header: no kind of deflate block
  expect(await refusalOf(data)).toMatch(/damaged.*invalid block type/);
  const bent = tar({ name: 'a', content: 'x' });
  bent[0] ^= 1;
  expect(await refusalOf(bent)).toMatch(/checksum failure/);
  const packed = gzipSync(tar({ name: 'a', content: 'x' }));
  packed[packed.length - 6] ^= 1;
  expect(await refusalOf(packed)).toMatch(/damaged.*incorrect data check/);
});

test('an archive cut off anywhere is refused', async () => {
  const random = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7919) >>> 3);
  const members = [
    { name: 'a', content: random },
    { name: 'b', content: random },
  ];
  const whole = { zip: zip(...members), tar: tar(...members), gz: gzipSync(tar(...members)) };
  for (const share of [0.3, 0.6, 0.99]) {
    for (const bytes of Object.values(whole)) {
      const length = bytes === whole.tar ? share * (bytes.length - 1024) : share * bytes.length;
      expect(await refusalOf(bytes.subarray(0, length))).toMatch(/cut off/);
    }
  }
  const betweenMembers = whole.tar.subarray(0, 512 + 5120);
  expect(await refusalOf(betweenMembers)).toMatch(/cut off; the end mark/);
});

test('other formats and web pages are told by name, with the way out', async () => {
  const bzip2 = Buffer.concat([Buffer.from('BZh91AY&SY'), Buffer.alloc(600)]);
  await expect(unpackArchive(place(bzip2, 'x.tar.bz2').archive, root)).rejects.toThrow(
    /bzip2 is not unpacked here; zip, tar and tar.gz are. Unpack it by: tar -xjf x.tar.bz2/,
  );
  await expect(unpackArchive(place(Buffer.from('<!doctype html>')).archive, root)).rejects.toThrow(
    /web page/,
  );
  await expect(unpackArchive(place(new Uint8Array(0)).archive, root)).rejects.toThrow(/not an archive/);
  await expect(unpackArchive(join(root, 'none.zip'), root)).rejects.toThrow(
    /cannot read the archive .*ENOENT/,
  );
});

test('an archive without files is refused', async () => {
  expect(await refusalOf(zip())).toMatch(/holds no files/);
  expect(await refusalOf(tar({ name: 'd/', type: '5' }))).toMatch(/holds no files/);
});

test('what a killed run left behind is removed', async () => {
  const { archive, folder } = place(zip({ name: 'a', content: '1' }));
  mkdirSync(join(folder, '.partial.a.zip'), { recursive: true });
  writeFileSync(join(folder, '.partial.a.zip', 'half'), '');
  await unpackArchive(archive, folder);
  expect(readdirSync(folder)).toEqual(['a']);
});
