import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { downloadFile } from '../../../src/download/downloadFile.ts';
import type { DownloadOptions } from '../../../src/download/downloadFile.ts';
import { folder } from '../audio/temporaryFolder.ts';
import { serveFiles } from './fileServer.ts';
import type { ServedFile } from './fileServer.ts';

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
const sha256 = createHash('sha256').update(content).digest('hex');
let count = 0;

async function start(file: Partial<ServedFile>, options: Partial<DownloadOptions> = {}) {
  const name = `file${count++}`;
  const served: ServedFile = { content, ...file };
  const { fetch, requests } = await serveFiles({ [name]: served, other: { content } });
  const path = join(folder, name, 'whole');
  const all = { url: `https://data.test/${name}`, path, fetch, waitMilliseconds: 1, ...options };
  return { served, requests, path, download: (more = {}) => downloadFile({ ...all, ...more }) };
}

test('a file is fetched whole; nothing stays beside it', async () => {
  const { download, path } = await start({}, { checksums: { sha256 }, bytes: content.length });
  expect(await download()).toEqual({ bytes: 100_000, resumedFrom: 0 });
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(readdirSync(join(path, '..'))).toEqual(['whole']);
});

test('a connection that breaks off is taken up where it was, as the ETag allows', async () => {
  const { download, path, requests } = await start({ etag: '"a"', cuts: [30_000, 20_000] });
  await download();
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(requests.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
    [undefined, undefined],
    ['bytes=30000-', '"a"'],
    ['bytes=50000-', '"a"'],
  ]);
});

test('given up after fruitless attempts, a later call goes on from what came', async () => {
  const { download, path, served } = await start({ etag: '"a"', cuts: [30_000, 0, 0] }, { attempts: 2 });
  await expect(download()).rejects.toThrow(/broke off after 30000 bytes .* Run it again to go on from there/);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(join(path, '..')).sort()).toEqual(['whole.part', 'whole.part.json']);
  served.cuts = [];
  expect(await download()).toEqual({ bytes: 100_000, resumedFrom: 30_000 });
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('the bar leaves out of the speed what an earlier call fetched, unless that is of no use', async () => {
  const { download, served } = await start({ etag: '"a"', cuts: [30_000, 0] }, { attempts: 1 });
  await expect(download()).rejects.toThrow(/broke off/);
  const fetch = async (changes: object) => {
    Object.assign(served, changes);
    let skipped = 0;
    const bar = { update: () => undefined, done: () => undefined, skip: (count: number) => void (skipped += count) }; // prettier-ignore
    await download({ bar }).catch(() => undefined);
    return skipped;
  };
  expect(await fetch({ cuts: [20_000] })).toBe(30_000);
  expect(await fetch({ content: content.map((byte) => byte ^ 255), etag: '"b"', cuts: [] })).toBe(0);
});

test('a file that changed on the server meanwhile is fetched from the start', async () => {
  const { download, path, served } = await start({ etag: '"a"', cuts: [30_000, 0] }, { attempts: 1 });
  await expect(download()).rejects.toThrow(/broke off/);
  const changed = content.map((byte) => byte ^ 255);
  Object.assign(served, { content: changed, etag: '"b"', cuts: [] });
  expect(await download()).toEqual({ bytes: 100_000, resumedFrom: 0 });
  expect(readFileSync(path).equals(changed)).toBe(true);
});

test('without ETag, date or checksum nothing tells that the file is the same: it is fetched from the start', async () => {
  const { download, path, requests } = await start({ cuts: [30_000] });
  await download();
  expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  expect(readFileSync(path).equals(content)).toBe(true);
  const checked = await start({ cuts: [30_000] }, { checksums: { sha256 } });
  await checked.download();
  expect(checked.requests[1].headers.range).toBe('bytes=30000-');
});

test('a server that knows no ranges sends all again', async () => {
  const { download, path } = await start({ etag: '"a"', ranges: false, cuts: [30_000] });
  await download();
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('a part that is whole already is taken as it is', async () => {
  const { download, path, requests } = await start({ etag: '"a"', cuts: [30_000, 0] }, { attempts: 1 });
  await expect(download()).rejects.toThrow(/broke off/);
  writeFileSync(`${path}.part`, content);
  expect(await download({ checksums: { sha256 } })).toEqual({ bytes: 100_000, resumedFrom: 100_000 });
  expect(requests.at(-1)!.headers.range).toBe('bytes=100000-');
});

test('a wrong checksum sets the file aside, naming both', async () => {
  const { download, path } = await start({}, { checksums: { md5: '0'.repeat(32) } });
  const md5 = createHash('md5').update(content).digest('hex');
  await expect(download()).rejects.toThrow(new RegExp(`its md5 is ${md5}, published is 0{32}.*set aside`));
  expect(readdirSync(join(path, '..'))).toEqual(['whole.wrong']);
});

test('another size than published, and more than allowed, are refused before they are fetched', async () => {
  const { download, path } = await start({}, { bytes: 99_999 });
  await expect(download()).rejects.toThrow(/the server has 100000 bytes, published are 99999/);
  await expect(download({ bytes: undefined, mostBytes: 50_000 })).rejects.toThrow(
    /more than the 50000 bytes/,
  );
  expect(existsSync(path)).toBe(false);
});

test('only https is followed, redirects too, and not for ever', async () => {
  const moved = await start({ status: 302, location: 'https://data.test/other' });
  await moved.download();
  expect(readFileSync(moved.path).equals(content)).toBe(true);
  const plain = await start({ status: 301, location: 'http://data.test/other' });
  await expect(plain.download()).rejects.toThrow(
    /redirects to http:\/\/data.test\/other, which is not https/,
  );
  const round = await start({ status: 302, location: '#again' });
  await expect(round.download()).rejects.toThrow(/redirects more than 5 times/);
  await expect(round.download({ url: 'http://data.test/other' })).rejects.toThrow(/the address is not https/);
});

test('a refusal of the server ends it at once, a fault of the server after the attempts', async () => {
  const gone = await start({ status: 404 });
  await expect(gone.download()).rejects.toThrow(/the server answers 404/);
  expect(gone.requests.length).toBe(1);
  const down = await start({ status: 503 }, { attempts: 3 });
  await expect(down.download()).rejects.toThrow(/the server answers 503/);
  expect(down.requests.length).toBe(3);
});

test('a connection on which nothing comes is dead', async () => {
  const silent = (_: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) =>
      signal!.addEventListener('abort', () => reject(signal!.reason as Error)),
    );
  const { download } = await start({}, { fetch: silent, idleMilliseconds: 10, attempts: 2 });
  await expect(download()).rejects.toThrow(/nothing came for 0.01 s/);
});
