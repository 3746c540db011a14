/** Rows of features that are finished, on disk before the file that they are for is there: a killed job goes on. */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Index and checksum, 4 bytes each, around the numbers of a row. */
const FRAME_BYTES = 8;
/** A head longer than this was not written here. */
const MOST_HEAD_BYTES = 2 ** 24;

/**
 * A hidden file beside the one that is being made. It starts with what the rows are (their identity), and holds one
 * record a row: the clip's number, the row, a checksum. What a killed process has half written is cut off.
 */
export class RowJournal {
  readonly path: string;
  /** Numbers of the clips whose rows are there. */
  readonly finished = new Map<number, number>();
  /** Rows for something else were there, and have been thrown away. */
  readonly startedOver: boolean;
  private readonly units: number;
  private readonly file: number;
  private readonly headBytes: number;
  private records = 0;
  private isOpen = true;

  /**
   * Opens the journal for `target`, or begins one.
   *
   * @param identity what the rows depend on; rows under another identity are not taken over
   * @param units numbers in a row
   */
  constructor(target: string, identity: string, units: number) {
    mkdirSync(dirname(target), { recursive: true });
    this.path = join(dirname(target), `.${basename(target)}.rows`);
    this.units = units;
    const head = headOf(identity);
    this.headBytes = head.length;
    this.file = openSync(this.path, 'a+');
    const found = readAt(this.file, 0, 4);
    const same = readAt(this.file, 0, Math.min(head.length, MOST_HEAD_BYTES)).equals(head);
    this.startedOver = found.length > 0 && !same;
    if (same) this.readRecords();
    else {
      ftruncateSync(this.file);
      writeSync(this.file, head);
    }
  }

  /** Writes the row of a clip; it is there for good once this returns, unless the machine itself goes down. */
  add(index: number, row: Float32Array): void {
    const record = Buffer.alloc(this.recordBytes);
    record.writeUInt32LE(index);
    Buffer.from(row.buffer, row.byteOffset, row.byteLength).copy(record, 4);
    record.writeUInt32LE(checksum(record.subarray(0, -4)), record.length - 4);
    writeSync(this.file, record);
    this.finished.set(index, this.records++);
  }

  /** The rows in the order of the clips' numbers; one is in memory at a time. */
  *rows(): Generator<Float32Array> {
    for (const index of [...this.finished.keys()].sort((a, b) => a - b)) {
      const bytes = readAt(this.file, this.placeOf(this.finished.get(index)!), this.recordBytes);
      yield new Float32Array(bytes.buffer.slice(bytes.byteOffset + 4, bytes.byteOffset + bytes.length - 4));
    }
  }

  /** Keeps the rows for the next time. */
  close(): void {
    if (!this.isOpen) return;
    fsyncSync(this.file);
    closeSync(this.file);
    this.isOpen = false;
  }

  /** Throws the rows away: the file that they were for is there. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  private get recordBytes(): number {
    return FRAME_BYTES + 4 * this.units;
  }

  private placeOf(record: number): number {
    return this.headBytes + record * this.recordBytes;
  }

  private readRecords(): void {
    for (;;) {
      const record = readAt(this.file, this.placeOf(this.records), this.recordBytes);
      if (record.length < this.recordBytes) break;
      if (checksum(record.subarray(0, -4)) !== record.readUInt32LE(record.length - 4)) break;
      this.finished.set(record.readUInt32LE(), this.records++);
    }
    ftruncateSync(this.file, this.placeOf(this.records));
  }
}

/** Length of the identity in bytes, then the identity. */
function headOf(identity: string): Buffer {
  const text = Buffer.from(identity, 'utf8');
  const head = Buffer.alloc(4 + text.length);
  head.writeUInt32LE(text.length);
  text.copy(head, 4);
  return head;
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, position));
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo): enough to tell a record that was written whole. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
