/** NumPy's `.npy` files: one array each, its shape and type before it. */
import { open, type FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { InputError } from '../errors.ts';
import { writeWhole } from './writeWhole.ts';

export type NpyValues =
  Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

export interface NpyArray {
  /** Lengths of the axes; empty for a single number. */
  shape: number[];
  /** Row-major (C order). 64-bit integers come as float64, `bool` as 0 or 1. */
  values: NpyValues;
}

/** What a file says of its array, and where the values start. */
interface NpyHeader {
  /** NumPy's letter and bytes of a value, such as `f4`. */
  type: string;
  shape: number[];
  /** Bytes before the values. */
  offset: number;
  /** Bytes of the values. */
  bytes: number;
}

// NumPy's format, versions 1 to 3: magic, version, length of the header, header (NEP 1; numpy/lib/format.py).
const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const maxHeaderBytes = 1 << 16;
/** Largest array that is read: one Node.js Buffer on any machine. */
const maxBytes = 2 ** 31 - 1;

/**
 * Reads an array of 8- to 64-bit numbers or `bool`, little-endian, in C order. The file's size is compared with its
 * header before memory is taken for the values.
 *
 * @throws InputError if there is no such file, it is not `.npy`, cut off, of another type or order, or holds a 64-bit
 * integer beyond 2^53.
 * @example const { shape, values } = await readNpy('genre_layer_0.npy') // [1000, 32]
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const file = await openToRead(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new InputError(`${path}: not a file. Give an .npy file.`);
    const { type, shape, offset, bytes } = await readHeader(file, path);
    if (stats.size !== offset + bytes) {
      throw new InputError(
        `${path}: has ${stats.size} bytes, but its header asks for ${offset + bytes} ` +
          `(${type}, shape [${shape.join(', ')}]): cut off or damaged. Save it again.`,
      );
    }
    const values = await readBytes(file, offset, bytes, path);
    return { shape, values: asNumbers(values, type, path) };
  } finally {
    await file.close();
  }
}

/**
 * Writes an array whole, little-endian, in C order, as NumPy's version 1.0.
 *
 * @throws RangeError if the shape does not hold as many values as there are.
 * @example await writeNpy('features.npy', { shape: [2, 3], values: new Float32Array(6) })
 */
export async function writeNpy(path: string, { shape, values }: NpyArray): Promise<void> {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== values.length || shape.some((length) => !(Number.isInteger(length) && length >= 0))) {
    throw new RangeError(
      `writeNpy: shape [${shape.join(', ')}] must hold as many values as there are, ${values.length}.`,
    );
  }
  requireLittleEndian();
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const described = `{'descr': '${describeType(values)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const beforeText = magic.length + 4;
  // padded by spaces and a line's end, so that the values stand at a multiple of 64 bytes
  const textLength = Math.ceil((beforeText + described.length + 1) / 64) * 64 - beforeText;
  const head = new Uint8Array(beforeText + textLength);
  head.set(magic);
  head.set([1, 0, textLength & 255, textLength >> 8], magic.length);
  head.set(Buffer.from(`${described.padEnd(textLength - 1)}\n`, 'latin1'), beforeText);
  const content = Buffer.concat([head, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
  await writeWhole(path, content);
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new InputError(`${path}: no such file.`);
  }
}

async function readHeader(file: FileHandle, path: string): Promise<NpyHeader> {
  const notNpy = new InputError(`${path}: not an .npy file. Save the array by numpy.save.`);
  const start = Buffer.alloc(magic.length + 6);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  if (bytesRead < start.length || !start.subarray(0, magic.length).equals(magic)) throw notNpy;
  const version = start[magic.length];
  if (version < 1 || version > 3) throw notNpy;
  const lengthBytes = version === 1 ? 2 : 4;
  const textLength = start.readUIntLE(magic.length + 2, lengthBytes);
  const textStart = magic.length + 2 + lengthBytes;
  if (textLength > maxHeaderBytes) {
    throw new InputError(
      `${path}: a header of ${textLength} bytes is not an array of numbers. Save the array by numpy.save.`,
    );
  }
  const text = (await readBytes(file, textStart, textLength, path)).toString('utf8');
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const axes = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (order === undefined || axes === undefined || !text.includes("'descr'")) throw notNpy;
  const [, endian, type] = /^([<|=>]?)(\w+)$/.exec(descr ?? '') ?? [];
  if (type === undefined || !(type in readers) || endian === '>') {
    throw new InputError(
      `${path}: its values are of type ${descr ?? 'with named fields'}; needed are little-endian numbers or bool. ` +
        "Save array.astype('<f4').",
    );
  }
  const shape = axes.split(',').map((axis) => axis.trim()).filter((axis) => axis !== '').map(Number); // prettier-ignore
  if (order === 'True' && shape.length > 1) {
    throw new InputError(
      `${path}: is in Fortran order, C order is needed. Save numpy.ascontiguousarray(array).`,
    );
  }
  const bytes = shape.reduce((product, length) => product * length, Number(type.slice(1)));
  if (!(bytes <= maxBytes)) {
    throw new InputError(
      `${path}: an array of shape [${shape.join(', ')}] is too large to read; the most is ${maxBytes} bytes.`,
    );
  }
  return { type, shape, offset: textStart + textLength, bytes };
}

async function readBytes(file: FileHandle, offset: number, length: number, path: string): Promise<Buffer> {
  const { size } = await file.stat();
  if (offset + length > size)
    throw new InputError(`${path}: cut off or damaged: it ends after ${size} bytes.`);
  const buffer = Buffer.from(new ArrayBuffer(length)); // of its own, so that typed arrays may view it
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new InputError(`${path}: became shorter while it was read. Try again.`);
    done += bytesRead;
  }
  return buffer;
}

/** By NumPy's letter and bytes. */
const readers: Record<string, (bytes: ArrayBuffer) => NpyValues | BigInt64Array | BigUint64Array> = {
  f4: (bytes) => new Float32Array(bytes),
  f8: (bytes) => new Float64Array(bytes),
  i1: (bytes) => new Int8Array(bytes),
  i2: (bytes) => new Int16Array(bytes),
  i4: (bytes) => new Int32Array(bytes),
  i8: (bytes) => new BigInt64Array(bytes),
  u1: (bytes) => new Uint8Array(bytes),
  u2: (bytes) => new Uint16Array(bytes),
  u4: (bytes) => new Uint32Array(bytes),
  u8: (bytes) => new BigUint64Array(bytes),
  b1: (bytes) => new Uint8Array(bytes),
};

function asNumbers(bytes: Buffer, type: string, path: string): NpyValues {
  requireLittleEndian();
  const values = readers[type](bytes.buffer as ArrayBuffer);
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values;
  return Float64Array.from(values as BigInt64Array, (value) => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new InputError(
      `${path}: ${value} is too large for a number here (2^53). Save array.astype('<f8').`,
    );
  });
}

const typeNames = new Map<string, string>([
  ['Float32Array', '<f4'],
  ['Float64Array', '<f8'],
  ['Int8Array', '|i1'],
  ['Int16Array', '<i2'],
  ['Int32Array', '<i4'],
  ['Uint8Array', '|u1'],
  ['Uint16Array', '<u2'],
  ['Uint32Array', '<u4'],
]);

function describeType(values: NpyValues): string {
  return typeNames.get(Object.prototype.toString.call(values).slice('[object '.length, -1))!;
}

function requireLittleEndian(): void {
  if (endianness() !== 'LE')
    throw new InputError('.npy files are read and written on little-endian machines only.');
}
