/** ZIP and TAR archives, right and wrong, byte by byte. */
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../src/archives/crc32.ts';

export interface TestMember {
  name: string;
  content?: Uint8Array | string;
  /** Unix mode with its type bits; default a plain file. */
  mode?: number;
  /** What the archive says, where it lies. */
  says?: { bytes?: number; crc32?: number };
  flags?: number;
  /** Compressed; default true. */
  deflate?: boolean;
}

/** After PKWARE's APPNOTE 6.3.10, 4.3. */
export function buildZip(members: TestMember[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = 0o100644, says = {}, flags = 0x800, deflate = true } of members) {
    const bytes = Buffer.from(content as string);
    const packed = deflate ? deflateRawSync(bytes) : bytes;
    const sum = says.crc32 ?? crc32(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(sum, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(says.bytes ?? bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('504b01021403', 'hex'), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

export interface TarMember {
  name: string;
  content?: Uint8Array | string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` folder, `6` pipe, `x` pax header. Default `0`. */
  type?: string;
  link?: string;
  /** What the header says, where it lies. */
  bytes?: number;
}

/** After POSIX.1-2001 `ustar`, with its end mark. */
export function buildTar(members: TarMember[]): Buffer {
  const blocks = members.flatMap(({ name, content = '', type = '0', link = '', bytes }) => {
    const body = Buffer.from(content as string);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write('0000000\x000000000\0', 108);
    header.write(`${(bytes ?? body.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0        ', 136);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
