/**
 * The head of a shard: what makes the file behind it HDF5. Everything is contiguous and lies at a place that is known
 * beforehand, so that a program of any kind reads the samples with plain file access, several at once, and h5py,
 * h5wasm or MATLAB with theirs. h5wasm itself is not used to write: its memory never shrinks, and under tsx the program
 * takes 650 MB more with it.
 *
 * Source: HDF5 File Format Specification 3.0: superblock version 2, object headers version 2, messages as named below.
 */
import { samplesAt } from '../../datasets/store/storeManifest.ts';
import type { SampleEncoding } from './encodeSamples.ts';
import { metadataChecksum } from './metadataChecksum.ts';

/** What a shard holds. */
export interface ShardCounts {
  /** Of all clips together. */
  samples: number;
  /** Clips. */
  rows: number;
  /** Bytes that each id takes, UTF-8 filled up with zeros, >= 1. */
  idBytes: number;
  /** Of the lines that tell of the clips, see `storeRecord`. */
  recordBytes: number;
}

export interface ShardFacts {
  encoding: SampleEncoding;
  /** Hz. */
  sampleRate: number;
  /** SHA-256 of all that the shard is to hold but the samples. */
  identity: string;
}

/** Object headers, each in a place of its own with room to spare. */
const slots = { root: 48, samples: 1024, offsets: 1536, lengths: 2048, ids: 2560, clips: 3072 };
const datasets = ['samples', 'offsets', 'lengths', 'ids', 'clips'] as const;

/** First bytes of the datasets, and the end of the file. */
export function shardLayout(encoding: SampleEncoding, { samples, rows, idBytes, recordBytes }: ShardCounts) {
  const eight = (bytes: number) => 8 * Math.ceil(bytes / 8);
  const offsets = eight(samplesAt + samples * (encoding === 'int16' ? 2 : 4));
  const lengths = offsets + 8 * rows;
  const ids = lengths + 8 * rows;
  const clips = ids + rows * idBytes;
  return { samples: samplesAt, offsets, lengths, ids, clips, end: clips + recordBytes };
}

/** The first 4096 bytes of a shard. */
export function shardHeader(facts: ShardFacts, counts: ShardCounts): Buffer {
  const { encoding } = facts;
  const at = shardLayout(encoding, counts);
  const { rows, idBytes } = counts;
  const header = Buffer.alloc(samplesAt);
  superblock(at.end).copy(header);
  const attributes = [
    attribute('format', 'sonotag shard'),
    attribute('formatVersion', 1),
    attribute('sampleRate', facts.sampleRate),
    attribute('fullScale', encoding === 'int16' ? 2 ** 15 : 1),
    attribute('identity', facts.identity),
  ];
  const links = datasets.map((name) => link(name, slots[name]));
  objectHeader([linkInfo(), groupInfo(), ...links, ...attributes]).copy(header, slots.root);
  const put = (slot: number, type: Buffer, items: number, itemBytes: number, address: number) =>
    objectHeader(dataset(type, items, itemBytes, address)).copy(header, slot);
  const sample = encoding === 'int16' ? wholeNumber(2, true) : float32();
  put(slots.samples, sample, counts.samples, encoding === 'int16' ? 2 : 4, at.samples);
  put(slots.offsets, wholeNumber(8, true), rows, 8, at.offsets);
  put(slots.lengths, wholeNumber(8, true), rows, 8, at.lengths);
  put(slots.ids, text(idBytes), rows, idBytes, at.ids);
  put(slots.clips, wholeNumber(1, false), counts.recordBytes, 1, at.clips);
  return header;
}

/** What a header says that the shard holds; whether it is one of ours is seen by making it again. */
export function countsOf(header: Buffer): ShardCounts {
  const items = (slot: number) => Number(header.readBigUInt64LE(slot + 16)); // behind prefix and start of the dataspace
  return {
    samples: items(slots.samples),
    rows: items(slots.lengths),
    idBytes: header.readUInt32LE(slots.ids + 32),
    recordBytes: items(slots.clips),
  };
}

const undefinedAddress = Buffer.alloc(8, 0xff);

function superblock(end: number): Buffer {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  const [version, offsetBytes, lengthBytes, flags] = [2, 8, 8, 0];
  const head = Buffer.from([...signature, version, offsetBytes, lengthBytes, flags]);
  return checked([head, uint64(0), undefinedAddress, uint64(end), uint64(slots.root)]);
}

function objectHeader(messages: Buffer[]): Buffer {
  const body = Buffer.concat(messages);
  const [version, sizeInTwoBytes] = [2, 1];
  return checked([Buffer.from('OHDR'), Buffer.from([version, sizeInTwoBytes]), uint16(body.length), body]);
}

/** Dataspace first: {@link countsOf} reads it at its place. */
function dataset(type: Buffer, items: number, itemBytes: number, address: number): Buffer[] {
  const lateAllocationFillIfSet = 0b1010;
  const bytes = items * itemBytes;
  return [
    message(0x01, dataspace([items])),
    message(0x03, type),
    message(0x05, Buffer.from([3, lateAllocationFillIfSet])),
    message(
      0x08,
      Buffer.concat([Buffer.from([3, 1]), bytes === 0 ? undefinedAddress : uint64(address), uint64(bytes)]),
    ),
  ];
}

function linkInfo(): Buffer {
  return message(0x02, Buffer.concat([Buffer.from([0, 0]), undefinedAddress, undefinedAddress]));
}

function groupInfo(): Buffer {
  return message(0x0a, Buffer.from([0, 0]));
}

function link(name: string, address: number): Buffer {
  return message(0x06, Buffer.concat([Buffer.from([1, 0, name.length]), Buffer.from(name), uint64(address)]));
}

function attribute(name: string, value: string | number): Buffer {
  const data = typeof value === 'number' ? uint64(value) : Buffer.from(value);
  const type = typeof value === 'number' ? wholeNumber(8, true) : text(data.length);
  const space = dataspace([]);
  const [version, flags, ascii] = [3, 0, 0];
  const sizes = [name.length + 1, type.length, space.length].map(uint16);
  const head = [Buffer.from([version, flags]), ...sizes, Buffer.from([ascii]), Buffer.from(`${name}\0`)];
  return message(0x0c, Buffer.concat([...head, type, space, data]));
}

/** Without dimensions, one value. */
function dataspace(shape: number[]): Buffer {
  return Buffer.concat([Buffer.from([2, shape.length, 0, shape.length === 0 ? 0 : 1]), ...shape.map(uint64)]);
}

function wholeNumber(bytes: number, signed: boolean): Buffer {
  const head = Buffer.from([0x10, signed ? 8 : 0, 0, 0]);
  return Buffer.concat([head, uint32(bytes), uint16(0), uint16(8 * bytes)]);
}

/** IEEE single precision: sign in bit 31, 8 bits of exponent from 23 on, biased by 127, 23 of mantissa. */
function float32(): Buffer {
  const [impliedBit, signBit] = [0x20, 31];
  const head = Buffer.from([0x11, impliedBit, signBit, 0]);
  const bits = [uint16(0), uint16(32), Buffer.from([23, 8, 0, 23])];
  return Buffer.concat([head, uint32(4), ...bits, uint32(127)]);
}

/** UTF-8, filled up with zeros. */
function text(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0x13, 0x11, 0, 0]), uint32(bytes)]);
}

function message(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), uint16(data.length), Buffer.from([0]), data]);
}

function checked(parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  return Buffer.concat([bytes, uint32(metadataChecksum(bytes))]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
