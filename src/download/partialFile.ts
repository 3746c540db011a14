/** What has come of a file so far, and of which version of it, so that a later run goes on. */
import { open, readFile, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { writeWhole } from '../files/writeWhole.ts';

/** What the server said of the version that is being fetched. */
interface Version {
  url: string;
  etag?: string;
  lastModified?: string;
}

export class PartialFile {
  readonly path: string;
  /** So far. */
  bytes: number;
  /** Those of them that were there when the file was opened. */
  kept: number;
  private version: Version;
  private file: FileHandle | undefined;

  private constructor(path: string, bytes: number, version: Version) {
    this.path = path;
    this.bytes = bytes;
    this.kept = bytes;
    this.version = version;
  }

  /** Goes on with `PATH.part` if it is of that address. */
  static async open(path: string, url: string): Promise<PartialFile> {
    const part = `${path}.part`;
    const bytes = await stat(part).then(
      ({ size }) => size,
      () => 0,
    );
    const version = await readFile(`${part}.json`, 'utf8').then(parseVersion, () => undefined);
    if (version?.url === url) return new PartialFile(part, bytes, version);
    await rm(part, { force: true });
    return new PartialFile(part, 0, { url });
  }

  /** Asks for the rest, of the same version; for all where nothing could tell whether it is the same. */
  rangeHeaders(isChecked: boolean): Record<string, string> {
    const { etag, lastModified } = this.version;
    const validator = etag ?? lastModified;
    if (this.bytes === 0 || (validator === undefined && !isChecked)) return {};
    return { range: `bytes=${this.bytes}-`, ...(validator !== undefined && { 'if-range': validator }) };
  }

  /** Takes an answer of status 200, which starts over, or 206. Returns the size of the whole file where it is told. */
  async begin({ status, headers }: Response): Promise<number | undefined> {
    const etag = headers.get('etag') ?? undefined;
    this.version = {
      url: this.version.url,
      etag: etag?.startsWith('W/') ? undefined : etag, // a weak one does not promise the same bytes
      lastModified: headers.get('last-modified') ?? undefined,
    };
    const length = headers.get('content-length');
    let total = length === null ? undefined : Number(length);
    if (status === 206) {
      const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
      if (!range || Number(range[1]) !== this.bytes) {
        await this.startOver();
        throw new Error(`the server sent another part than was asked for`);
      }
      total = range[2] === '*' ? (total === undefined ? undefined : total + this.bytes) : Number(range[2]);
    } else {
      await this.startOver();
    }
    await writeWhole(`${this.path}.json`, JSON.stringify(this.version));
    this.file ??= await open(this.path, 'a');
    return total;
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.file!.appendFile(chunk);
    this.bytes += chunk.length;
  }

  async startOver(): Promise<void> {
    await this.sync();
    await rm(this.path, { force: true });
    this.bytes = 0;
    this.kept = 0;
  }

  /** Puts on disk what has come. */
  async sync(): Promise<void> {
    await this.file?.sync();
    await this.file?.close();
    this.file = undefined;
  }

  /** Removes the note of the version. */
  async forget(): Promise<void> {
    await rm(`${this.path}.json`, { force: true });
  }
}

function parseVersion(text: string): Version | undefined {
  try {
    const { url, etag, lastModified } = JSON.parse(text) as Record<string, unknown>;
    const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
    return typeof url === 'string'
      ? { url, etag: optional(etag), lastModified: optional(lastModified) }
      : undefined;
  } catch {
    return undefined; // damaged: start over
  }
}
