/** TAR archives, plain or gzipped, read by node-tar's parser. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Parser } from 'tar';
import type { ReadEntry } from 'tar';
import { InputError } from '../errors.ts';
import type { MemberWriter } from './memberWriter.ts';

const fileTypes = ['File', 'OldFile', 'ContiguousFile'];

export async function unpackTar(
  path: string,
  writer: MemberWriter,
  { gzip }: { gzip: boolean },
): Promise<void> {
  const file = createReadStream(path);
  const source = gzip ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => source.destroy(error));
  try {
    await readMembers(path, source, writer);
  } finally {
    file.destroy();
  }
}

async function readMembers(path: string, source: AsyncIterable<Buffer>, writer: MemberWriter): Promise<void> {
  const parser = new Parser({ strict: true });
  const failed = new AbortController();
  let hasEnd = false;
  let writing: ReadEntry | undefined;
  let work = Promise.resolve();
  const fail = (error: unknown): void => {
    failed.abort(error); // the first stays the reason
    writing?.destroy(new Error('stopped')); // whoever waits for more of it waits no longer
  };
  const take = (entry: ReadEntry): void => {
    work = work.then(async () => {
      if (failed.signal.aborted) return;
      writing = entry;
      entry.on('error', () => undefined); // 'stopped', where nobody reads it any more
      await addMember(entry, writer).catch(fail);
      writing = undefined;
    });
  };
  parser.on('entry', take);
  parser.on('ignoredEntry', take); // a header that is too large, or of a kind that is unknown
  parser.on('error', fail);
  parser.on('eof', () => (hasEnd = true));
  try {
    await feed(parser, source, failed.signal, (bytes) => writer.requireRatio('its headers', bytes));
  } catch (error) {
    fail(error);
  }
  await work;
  if (failed.signal.aborted) throw failed.signal.reason;
  if (!hasEnd) {
    throw new InputError(`${path}: cut off; the end mark of a tar archive is missing. Get it again.`);
  }
}

/** Hands the source to the parser as fast as its entries are read. */
async function feed(
  parser: Parser,
  source: AsyncIterable<Buffer>,
  stop: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const until = (event: string): Promise<unknown> => once(parser, event, { signal: stop });
  let bytes = 0;
  for await (const chunk of source) {
    stop.throwIfAborted();
    onBytes((bytes += chunk.length));
    if (!parser.write(chunk)) await until('drain');
  }
  stop.throwIfAborted();
  const ended = until('end');
  parser.end();
  await ended;
}

async function addMember(entry: ReadEntry, writer: MemberWriter): Promise<void> {
  const { path: name, type, size: bytes } = entry;
  if (type === 'Directory' || type === 'GNUDumpDir') {
    entry.resume();
    await writer.addFolder(name);
  } else if (fileTypes.includes(type)) {
    await writer.addFile({ name, bytes }, entry);
  } else if (type === 'SymbolicLink' || type === 'Link') {
    writer.refuse(name, `it is a ${type === 'Link' ? 'hard' : 'symbolic'} link`);
  } else {
    writer.refuse(name, `it is neither a file nor a folder (${type})`);
  }
}
