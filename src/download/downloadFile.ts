/** Downloads one file: resumed where it broke off, checked, and there whole or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../errors.ts';
import type { ProgressBar } from '../reporter.ts';
import { PartialFile } from './partialFile.ts';
import { request } from './request.ts';
import type { Fetch } from './request.ts';

export interface DownloadOptions {
  /** https. */
  url: string;
  /** Where the file goes; `PATH.part` and `PATH.part.json` lie beside it until it is whole. */
  path: string;
  /** Size as published; another is an error. */
  bytes?: number;
  /** As published, lower-case hexadecimal. */
  checksums?: Partial<Record<ChecksumName, string>>;
  /** Refuses more, where no size is published. Default 1e12. */
  mostBytes?: number;
  /** Connections that break off without a byte before it is given up. Default 5. */
  attempts?: number;
  /** Before the second of these attempts, doubled for each further one. Default 1000. */
  waitMilliseconds?: number;
  /** A connection without a byte for so long is dead. Default 60,000. */
  idleMilliseconds?: number;
  bar?: ProgressBar;
  /** Default: that of Node. */
  fetch?: Fetch;
}

export const checksumNames = ['sha256', 'sha1', 'md5'] as const;
export type ChecksumName = (typeof checksumNames)[number];

/**
 * Downloads over https, redirects too. A broken connection is taken up where it broke off, now or by a later call, if the
 * server still has the same file (by ETag or date) or a checksum will tell; otherwise from the start. A file whose size
 * or checksum is not the published one is set aside as `PATH.wrong`.
 *
 * @throws InputError, one line, if the server refuses, has another file, or the connection keeps breaking off.
 * @returns bytes of the file, and how many of them an earlier call had fetched
 * @example await downloadFile({ url, path: 'fma/fma_metadata.zip', checksums: { sha1: 'f0df49ff…' } })
 */
export async function downloadFile(
  options: DownloadOptions,
): Promise<{ bytes: number; resumedFrom: number }> {
  const { path, attempts = 5, waitMilliseconds = 1000, checksums = {} } = options;
  await mkdir(dirname(path), { recursive: true });
  const part = await PartialFile.open(path, options.url);
  let skipped = 0;
  /** What is kept is known when the server has answered; it may yet be lost. */
  const skip = (): void => {
    options.bar?.skip(part.kept - skipped);
    skipped = part.kept;
  };
  let fruitless = 0;
  for (;;) {
    const before = part.bytes;
    const broken = await fetchMore(part, options, skip);
    if (broken === undefined) break;
    fruitless = part.bytes > before ? 0 : fruitless + 1;
    if (fruitless >= attempts) {
      throw new InputError(
        `${options.url}: the connection broke off after ${part.bytes} bytes (${broken}). Run it again to go on from there.`,
      );
    }
    if (fruitless > 0) await sleep(waitMilliseconds * 2 ** (fruitless - 1));
  }
  await requireChecksums(part.path, path, checksums);
  await rename(part.path, path);
  await part.forget();
  return { bytes: part.bytes, resumedFrom: part.kept };
}

/**
 * @throws InputError if a checksum of the file at `path` is not the published one; it is then set aside as `called`.wrong.
 */
export async function requireChecksums(
  path: string,
  called: string,
  checksums: Partial<Record<ChecksumName, string>>,
): Promise<void> {
  const published = checksumNames.filter((name) => checksums[name] !== undefined);
  if (published.length === 0) return;
  const found = await hashFile(path, published);
  const wrong = published.find((name) => found[name] !== checksums[name]);
  if (wrong === undefined) return;
  await rename(path, `${called}.wrong`);
  await rm(`${path}.json`, { force: true });
  throw new InputError(
    `${called}: its ${wrong} is ${found[wrong]}, published is ${checksums[wrong]}: not the file that was published. ` +
      `It was set aside as ${called}.wrong; run it again to fetch it anew.`,
  );
}

/** Checksums of a file, hexadecimal. */
export async function hashFile(
  path: string,
  names: readonly ChecksumName[],
): Promise<Partial<Record<ChecksumName, string>>> {
  const hashes = names.map((name) => createHash(name));
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    for (const hash of hashes) hash.update(chunk as Buffer);
  }
  return Object.fromEntries(names.map((name, i) => [name, hashes[i].digest('hex')]));
}

/** One connection. Returns why it broke off, or undefined where the file is whole. */
async function fetchMore(
  part: PartialFile,
  options: DownloadOptions,
  onBegin: () => void,
): Promise<string | undefined> {
  const { url, bytes, checksums = {}, mostBytes = 1e12, idleMilliseconds = 60_000, bar } = options;
  const isChecked = Object.values(checksums).some((sum) => sum !== undefined);
  if (bytes !== undefined && part.bytes === bytes) return undefined;
  if (part.bytes > (bytes ?? mostBytes)) await part.startOver();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => stop.abort(new Error(`nothing came for ${idleMilliseconds / 1000} s`)),
      idleMilliseconds,
    );
  };
  alive();
  try {
    const headers = part.rangeHeaders(isChecked);
    const response = await request(url, { headers, signal: stop.signal, fetch: options.fetch });
    if (response.status === 416) {
      // Nothing behind what we have: whole if the server says so, otherwise another file.
      const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
      if (Number(total) === part.bytes && (bytes === undefined || bytes === part.bytes)) return undefined;
      await part.startOver();
      return 'the server has another file now';
    }
    if (![200, 206].includes(response.status)) {
      if (response.status >= 500 || response.status === 429) return `the server answers ${response.status}`;
      throw new InputError(
        `${url}: the server answers ${response.status}. Look whether the address still holds.`,
      );
    }
    const total = await part.begin(response);
    onBegin();
    requireSize(url, total, bytes, mostBytes);
    for await (const chunk of response.body ?? []) {
      alive();
      requireSize(url, part.bytes + chunk.length, undefined, bytes ?? total ?? mostBytes);
      await part.append(chunk);
      bar?.update(part.bytes);
    }
    const whole = total ?? bytes;
    return whole !== undefined && part.bytes < whole ? 'the server closed it' : undefined;
  } catch (error) {
    if (error instanceof InputError || isOfDisk(error)) throw error;
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  } finally {
    clearTimeout(timer);
    stop.abort();
    await part.sync();
  }
}

function requireSize(
  url: string,
  size: number | undefined,
  published: number | undefined,
  most: number,
): void {
  if (size === undefined) return;
  if (published !== undefined && size !== published) {
    throw new InputError(
      `${url}: the server has ${size} bytes, published are ${published}: not the file that was published.`,
    );
  }
  if (size > most)
    throw new InputError(`${url}: the server sends more than the ${most} bytes expected; stopped.`);
}

function isOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

/** Whether a file of that name is there, and how long it is. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
