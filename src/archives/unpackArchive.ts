/** Unpacks an archive from elsewhere into a folder: whole or not at all, and nowhere else. */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from '../errors.ts';
import { MemberWriter } from './memberWriter.ts';
import type { ArchiveLimits } from './memberWriter.ts';
import { unpackTar } from './unpackTar.ts';
import { unpackZip } from './unpackZip.ts';

/**
 * Unpacks a ZIP, TAR or gzipped TAR, told by its content, into a folder, which is made where it is not there.
 *
 * Every member is checked before it is written: a path that leaves the folder, a link, a device, a name that stands
 * twice or collides with another, a wrong size or checksum, and more than the limits allow refuse the whole archive.
 * Members go to a temporary folder inside `folder` first and are moved when all are right.
 *
 * @throws InputError naming the archive, and the member where one is at fault; `folder` is as it was.
 * @returns number of files and their bytes
 * @example await unpackArchive('gtzan/genres.tar.gz', 'gtzan')
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  {
    members = 1_000_000,
    memberBytes = 100e9,
    totalBytes,
    ratio = 100,
    anyRatioBytes = 64e6,
  }: ArchiveLimits = {},
): Promise<{ files: number; bytes: number }> {
  const unpack = await chooseFormat(archive);
  const beside = join(folder, `.partial.${basename(archive)}`);
  await rm(beside, { recursive: true, force: true }); // of a run that was killed
  await mkdir(beside, { recursive: true });
  try {
    const limits = {
      members,
      memberBytes,
      totalBytes: totalBytes ?? (await freeBytes(folder)),
      ratio,
      anyRatioBytes,
    };
    const writer = new MemberWriter({ path: archive, bytes: (await stat(archive)).size }, beside, limits);
    await unpack(archive, writer).catch((error: unknown) => explain(archive, error));
    if (writer.files === 0) throw new InputError(`${archive}: the archive holds no files. Get it again.`);
    await requireNoneThere(archive, beside, folder);
    await moveInto(beside, folder);
    return { files: writer.files, bytes: writer.bytes };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

type Unpack = (path: string, writer: MemberWriter) => Promise<void>;

/** First bytes of formats that are not read, and what unpacks them. */
const foreign: [magic: string, name: string, program: string][] = [
  ['425a68', 'bzip2', 'tar -xjf'],
  ['fd377a585a00', 'xz', 'tar -xJf'],
  ['28b52ffd', 'Zstandard', 'tar --zstd -xf'],
  ['377abcaf271c', '7-Zip', '7z x'],
  ['526172211a07', 'RAR', 'unrar x'],
];

async function chooseFormat(path: string): Promise<Unpack> {
  const start = await readStart(path);
  const hex = start.toString('hex');
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return unpackZip;
  if (hex.startsWith('1f8b')) return (archive, writer) => unpackTar(archive, writer, { gzip: true });
  const isTar = start.subarray(257, 262).toString('latin1') === 'ustar' || extname(path) === '.tar';
  if (isTar) return (archive, writer) => unpackTar(archive, writer, { gzip: false });
  const known = foreign.find(([magic]) => hex.startsWith(magic));
  if (known) {
    throw new InputError(
      `${path}: ${known[1]} is not unpacked here; zip, tar and tar.gz are. Unpack it by: ${known[2]} ${basename(path)}`,
    );
  }
  const seen = /^\s*</.test(start.toString('latin1')) ? 'it looks like a web page' : 'unknown format';
  throw new InputError(`${path}: not an archive (${seen}); expected zip, tar or tar.gz. Get it again.`);
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `cannot read the archive ${path} (${error.code}). Check the path and its permissions.`,
    );
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new InputError(`cannot read the archive ${path} (${(error as NodeJS.ErrnoException).code}).`);
  } finally {
    await file.close();
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Faults of the archive become the user's; those of the disk stay as they are. */
function explain(archive: string, error: unknown): never {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof InputError || (code !== '' && !/^(Z_|TAR_|ERR_)/.test(code))) throw error;
  const isCut = code === 'Z_BUF_ERROR' || /truncated|end of central directory|unexpected EOF/i.test(message);
  const fault = isCut ? 'cut off' : 'damaged or not safe';
  throw new InputError(`${archive}: ${fault} (${message}). Nothing was unpacked; get the archive again.`);
}

/** @throws InputError if a file of `from` is in `folder`, too, or a file is where the other has a folder. */
async function requireNoneThere(archive: string, from: string, folder: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const target = join(folder, entry.name);
    if (!existsSync(target)) continue;
    if (entry.isDirectory() && (await stat(target)).isDirectory()) {
      await requireNoneThere(archive, join(from, entry.name), target);
    } else {
      throw new InputError(
        `${archive}: ${target} is there already. Nothing was unpacked; move it away, or unpack into another folder.`,
      );
    }
  }
}

async function moveInto(from: string, folder: string): Promise<void> {
  for (const { name } of await readdir(from, { withFileTypes: true })) {
    const target = join(folder, name);
    if (existsSync(target)) await moveInto(join(from, name), target);
    else await rename(join(from, name), target);
  }
}
