/** ZIP archives (zip64 too), read by yauzl. */
import yauzl from 'yauzl';
import type { Entry } from 'yauzl';
import type { MemberWriter } from './memberWriter.ts';

/** Of Unix file modes: the bits that tell the type, and the types that are taken. */
const typeMask = 0xf000;
const [regularFile, folder] = [0x8000, 0x4000];
/** `version made by`, upper byte: systems whose external attributes hold a Unix mode. */
const unixHosts = [3, 19];

export async function unpackZip(path: string, writer: MemberWriter): Promise<void> {
  const archive = await yauzl.openPromise(path, {
    lazyEntries: true,
    autoClose: false,
    strictFileNames: true,
  });
  try {
    for await (const entry of archive.eachEntry()) {
      const { fileName: name, uncompressedSize: bytes, crc32 } = entry;
      const fault = faultOf(entry);
      if (fault) writer.refuse(name, fault);
      if (name.endsWith('/')) await writer.addFolder(name);
      else {
        const content = await archive.openReadStreamPromise(entry);
        // yauzl 3.4 reports bad data once and goes on: one who reads later would wait for ever
        content.on('error', (error) => content.destroy(error));
        await writer.addFile({ name, bytes, crc32 }, content);
      }
    }
  } finally {
    archive.close();
  }
}

function faultOf(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'it is encrypted';
  if (![0, 8].includes(entry.compressionMethod)) {
    return `it is compressed by method ${entry.compressionMethod}; deflate (8) or none (0) is read`;
  }
  const type = unixHosts.includes(entry.versionMadeBy >> 8)
    ? (entry.externalFileAttributes >>> 16) & typeMask
    : 0;
  if (type === 0xa000) return 'it is a symbolic link';
  if (![0, regularFile, folder].includes(type)) return 'it is neither a file nor a folder';
  return undefined;
}
