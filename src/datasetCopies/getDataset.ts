/** Fetches the published files of a data set and unpacks them; what is there already is left alone. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetFacts, DatasetFile } from '../../datasets/index.ts';
import { unpackArchive } from '../archives/unpackArchive.ts';
import { downloadFile, requireChecksums, sizeOf } from '../download/downloadFile.ts';
import type { DownloadOptions } from '../download/downloadFile.ts';
import { request } from '../download/request.ts';
import type { Fetch } from '../download/request.ts';
import { InputError } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { silentReporter } from '../reporter.ts';
import type { Reporter } from '../reporter.ts';

export interface PlannedFile extends DatasetFile {
  url: string;
  /** As published, or as the server says; null where neither tells. */
  size: number | null;
  /** Of an earlier call: fetched, and unpacked where it is an archive. */
  done: boolean;
}

/** In the folder of the copy: paths of the files that are fetched and, where they are archives, unpacked. */
const recordName = '.sonotag-get.json';

/**
 * What `getDataset` would fetch into a folder; nothing is written.
 *
 * @throws InputError with the instruction how to get the data set, where none of its files has a public address.
 * @throws InputError if a server does not answer.
 */
export async function planDownload(
  facts: DatasetFacts,
  folder: string,
  { fetch }: { fetch?: Fetch } = {},
): Promise<PlannedFile[]> {
  const files = facts.files.flatMap((file) => (file.url === undefined ? [] : [{ ...file, url: file.url }]));
  if (files.length === 0) {
    throw new InputError(`${facts.name} has no stable public address to fetch it from. ${facts.howToGet}`);
  }
  const record = await readRecord(folder);
  return Promise.all(
    files.map(async (file) => {
      const done =
        record.has(file.path) && (file.archive || (await sizeOf(join(folder, file.path))) !== undefined);
      return {
        ...file,
        size: file.bytes ?? (done ? null : await askSize(file.url, fetch)),
        done: done === true,
      };
    }),
  );
}

export interface GetOptions {
  /** Keeps archives beside what was unpacked from them. Default false. */
  keepArchives?: boolean;
  reporter?: Reporter;
  fetch?: Fetch;
  /** See `downloadFile`. */
  waitMilliseconds?: DownloadOptions['waitMilliseconds'];
}

/**
 * Fetches the planned files one after the other, checks and unpacks each. Broken off, it goes on where it was.
 *
 * @throws InputError, one line, at the first file that cannot be had; those before it stay.
 * @example await getDataset(await planDownload(facts, 'data/esc-50'), 'data/esc-50')
 */
export async function getDataset(
  plan: readonly PlannedFile[],
  folder: string,
  { keepArchives = false, reporter = silentReporter, fetch, waitMilliseconds }: GetOptions = {},
): Promise<{ fetched: number; bytes: number; unpacked: number }> {
  const total = { fetched: 0, bytes: 0, unpacked: 0 };
  await mkdir(folder, { recursive: true });
  const record = await readRecord(folder);
  for (const file of plan.filter(({ done }) => !done)) {
    const path = join(folder, file.path);
    const { sha256, sha1, md5, url, bytes } = file;
    const checksums = { sha256, sha1, md5 };
    if ((await sizeOf(path)) !== undefined) {
      await requireChecksums(path, path, checksums); // fetched by an earlier call, or by hand
    } else {
      const bar = reporter.bar(`fetching ${file.path}`, file.size ?? 0);
      const options: DownloadOptions = { url, path, bytes, checksums, bar, fetch, waitMilliseconds };
      const fetched = await downloadFile(options).finally(() => bar.done());
      total.fetched++;
      total.bytes += fetched.bytes - fetched.resumedFrom;
    }
    if (file.archive) {
      reporter.line(`unpacking ${file.path}`);
      total.unpacked += (await unpackArchive(path, folder)).files;
    }
    record.add(file.path);
    await writeWhole(join(folder, recordName), `${JSON.stringify([...record])}\n`);
    if (file.archive && !keepArchives) await rm(path);
  }
  return total;
}

async function readRecord(folder: string): Promise<Set<string>> {
  try {
    const paths = JSON.parse(await readFile(join(folder, recordName), 'utf8')) as unknown;
    return new Set(Array.isArray(paths) ? (paths as string[]) : []);
  } catch {
    return new Set(); // none, or damaged: files that are there are checked again
  }
}

async function askSize(url: string, fetch: Fetch | undefined): Promise<number | null> {
  const response = await request(url, { method: 'HEAD', fetch, signal: AbortSignal.timeout(30_000) }).catch(
    (error: unknown) => {
      if (error instanceof InputError) throw error;
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? cause.message : message;
      throw new InputError(`${url}: no answer (${reason}). Check the connection, or fetch the file by hand.`);
    },
  );
  if (!response.ok) {
    throw new InputError(
      `${url}: the server answers ${response.status}. Look whether the address still holds.`,
    );
  }
  const length = response.headers.get('content-length');
  return length === null ? null : Number(length);
}
