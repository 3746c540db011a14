/** Writes an archive's members into a folder, within limits; whatever format they come from. */
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { MemberFault, collisionKey, memberPath } from './memberPath.ts';

export interface ArchiveLimits {
  /** Files and folders. Default 1,000,000. */
  members?: number;
  /** Of one file, unpacked, bytes. Default 100e9. */
  memberBytes?: number;
  /** Of all files, unpacked, bytes. Default: what is free on the disk. */
  totalBytes?: number;
  /** Unpacked bytes for each byte of the archive; audio does not reach 10. Default 100. */
  ratio?: number;
  /** What may be unpacked at any ratio, bytes: small archives of text may be packed tighter. Default 64e6. */
  anyRatioBytes?: number;
}

export interface Member {
  /** As it stands in the archive. */
  name: string;
  /** Unpacked, bytes, as the archive says. */
  bytes: number;
  /** As the archive says, where it does. */
  crc32?: number;
}

export class MemberWriter {
  /** Bytes written so far. */
  bytes = 0;
  /** Files written so far. */
  files = 0;
  private members = 0;
  private readonly archive: { path: string; bytes: number };
  private readonly folder: string;
  private readonly limits: Required<ArchiveLimits>;
  /** By collision key: the path, and whether it is a folder. */
  private readonly seen = new Map<string, { path: string; isFolder: boolean }>();

  constructor(archive: { path: string; bytes: number }, folder: string, limits: Required<ArchiveLimits>) {
    this.archive = archive;
    this.folder = folder;
    this.limits = limits;
  }

  async addFolder(name: string): Promise<void> {
    const path = this.admit({ name, bytes: 0 }, true);
    await mkdir(join(this.folder, path), { recursive: true });
  }

  /** @throws InputError if the member is refused, or is not what the archive says of it. */
  async addFile(member: Member, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = join(this.folder, this.admit(member, false));
    await mkdir(dirname(path), { recursive: true });
    let written = 0;
    let sum = 0;
    const file = await open(path, 'wx', 0o644);
    try {
      for await (const chunk of content) {
        written += chunk.length;
        this.bytes += chunk.length;
        if (written > member.bytes) {
          this.refuse(member.name, `it has too many bytes, more than the ${member.bytes} the archive says`);
        }
        this.requireRatio(member.name, this.bytes);
        if (member.crc32 !== undefined) sum = crc32(chunk, sum);
        await file.writeFile(chunk); // all of it, behind what is there
      }
    } finally {
      await file.close();
    }
    if (written !== member.bytes) {
      this.refuse(member.name, `it has ${written} bytes where the archive says ${member.bytes}; cut off`);
    }
    if (member.crc32 !== undefined && sum !== member.crc32) {
      this.refuse(member.name, 'its checksum (CRC-32) is wrong; the archive is damaged');
    }
    this.files++;
  }

  /** @throws InputError always. */
  refuse(name: string, reason: string): never {
    throw new InputError(
      `${this.archive.path}: refused for its member ${JSON.stringify(name)}: ${reason}. Nothing was unpacked; ` +
        'get the archive from its makers again.',
    );
  }

  /** Unpacked bytes may come from elsewhere than members: a tar has headers. */
  requireRatio(name: string, bytes: number): void {
    const { ratio, anyRatioBytes } = this.limits;
    if (bytes <= anyRatioBytes || bytes <= ratio * this.archive.bytes) return;
    this.refuse(name, `the archive unpacks to more than ${ratio} times its size, as a bomb does`);
  }

  private admit({ name, bytes }: Member, isFolder: boolean): string {
    const { members, memberBytes, totalBytes } = this.limits;
    if (++this.members > members) this.refuse(name, `the archive has more than ${members} members`);
    if (bytes > memberBytes) this.refuse(name, `its ${bytes} bytes are more than the ${memberBytes} allowed`);
    if (this.bytes + bytes > totalBytes) {
      this.refuse(name, `with it the archive unpacks to more than the ${totalBytes} bytes there is room for`);
    }
    try {
      const path = memberPath(name);
      this.requireFree(path, isFolder);
      return path;
    } catch (error) {
      if (error instanceof MemberFault) this.refuse(name, error.message);
      throw error;
    }
  }

  /** A path may be named once; a folder, which a file's path names too, more often. */
  private requireFree(path: string, isFolder: boolean): void {
    if (path === '') {
      if (!isFolder) throw new MemberFault('it has no name');
      return;
    }
    const cut = path.lastIndexOf('/');
    if (cut !== -1) this.requireFree(path.slice(0, cut), true);
    const key = collisionKey(path);
    const earlier = this.seen.get(key);
    if (!earlier) this.seen.set(key, { path, isFolder });
    else if (earlier.path !== path)
      throw new MemberFault(`its path collides with that of ${JSON.stringify(earlier.path)}`);
    else if (!earlier.isFolder || !isFolder) throw new MemberFault('its path stands twice in the archive');
  }
}
