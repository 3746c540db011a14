/** Writes the standard's tables into the kernel's memory, as assembly/layout.as lays them out. */

import type { MpegFrameHeader } from '../mpegFrames.ts';
import { HUFFMAN_CODES, SCALE_FACTOR_BANDS, SYNTHESIS_WINDOW, TABLE_SELECT } from './standardTables.ts';

/** Where a table of this name starts, in bytes. */
export type PlaceOf = (name: string) => number;

const LOOKUP_ENTRIES = 16_384;
const FIRST_BITS = 8;
const QUAD_BITS = 6;

/** The tables that all streams share. */
export function writeTables(memory: ArrayBuffer, placeOf: PlaceOf): void {
  const floats = (name: string, values: ArrayLike<number>) =>
    new Float32Array(memory, placeOf(name), values.length).set(values);
  writeHuffman(memory, placeOf);
  floats(
    'POWERS',
    list(8207, (i) => Math.cbrt(i) * i),
  );
  floats(
    'GAINS',
    list(400, (i) => 2 ** ((i - 352) / 4)),
  );
  // ISO 11172-3 table B.6
  new Int32Array(memory, placeOf('PRETAB'), 22).set([
    ...Array<number>(11).fill(0),
    1,
    1,
    1,
    1,
    2,
    2,
    3,
    3,
    3,
    2,
    0,
  ]);
  new Uint8Array(memory, placeOf('SCALE_PARTS'), 48).set(SCALE_PARTS.flat(2));
  const alias = ALIAS_COEFFICIENTS.map((c) => [1 / Math.hypot(1, c), c / Math.hypot(1, c)]);
  floats('ALIAS', [...alias.map(([cs]) => cs), ...alias.map(([, ca]) => ca)]);
  floats(
    'WINDOWS',
    [0, 1, 2, 3].flatMap((type) => list(36, (i) => longFactor(type, i)).flatMap(inverted)),
  );
  floats('SHORT_WINDOW', list(12, (i) => (i < 3 ? 1 : -1) * sine(12, i)).flatMap(inverted));
  floats(
    'SHORT_COSINES',
    list(36, (i) => Math.cos((Math.PI / 24) * (2 * Math.floor(i / 6) + 1) * (2 * (i % 6) + 1))),
  );
  floats('SECANTS_18', secants(18));
  floats(
    'SECANTS',
    [32, 16, 8, 4].flatMap((n) => (n === 4 ? [...secants(4), ...secants(2)] : secants(n))),
  );
  floats('SYNTHESIS', synthesisFactors());
}

/** The tables of a stream: where its bands start, and its frames' lengths. */
export function writeStreamTables(
  memory: ArrayBuffer,
  placeOf: PlaceOf,
  { sampleRate }: MpegFrameHeader,
  frameBytes: readonly number[],
): void {
  const { long, short } = SCALE_FACTOR_BANDS[sampleRate];
  new Int32Array(memory, placeOf('LONG_BANDS'), 23).set(starts(long));
  new Int32Array(memory, placeOf('SHORT_BANDS'), 14).set(starts(short));
  new Int32Array(memory, placeOf('FRAME_BYTES'), 16).set(frameBytes);
}

/** ISO 11172-3 table B.9. */
const ALIAS_COEFFICIENTS = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];

/**
 * Scale factors of the same number of bits, for long, short and mixed blocks: ISO 13818-3 2.4.3.2, by the three ranges of
 * scalefac_compress, and ISO 11172-3 2.4.2.7, its bands in the groups that scfsi shares.
 */
const SCALE_PARTS = [
  [
    [6, 5, 5, 5],
    [9, 9, 9, 9],
    [6, 9, 9, 9],
  ],
  [
    [6, 5, 7, 3],
    [9, 9, 12, 6],
    [6, 9, 12, 6],
  ],
  [
    [11, 10, 0, 0],
    [18, 18, 0, 0],
    [6, 9, 18, 0],
  ],
  [
    [6, 5, 5, 5],
    [9, 9, 9, 9],
    [8, 9, 9, 9],
  ],
];

const list = <T>(length: number, of: (i: number) => T) => Array.from({ length }, (_, i) => of(i));
const starts = (widths: readonly number[]) =>
  list(widths.length + 1, (i) => widths.slice(0, i).reduce((a, b) => a + b, 0));
const sine = (length: number, i: number) => Math.sin((Math.PI / length) * (i + 0.5));
const secants = (n: number) => list(n / 2, (i) => 1 / (2 * Math.cos((Math.PI / (2 * n)) * (2 * i + 1))));
/** Odd samples of odd subbands change their sign: ISO 11172-3 2.4.3.4.10. */
const inverted = (factor: number, i: number) =>
  i % 2 === 1 ? [factor, -factor, factor, -factor] : list(4, () => factor);

/** The window of a block type, ISO 11172-3 2.4.3.4.10.3, with the mirror's sign and the rest of the transform (hybrid.as). */
function longFactor(type: number, i: number): number {
  const n = i < 9 ? i + 9 : i < 27 ? 26 - i : i - 27;
  const factor = (i < 9 ? 1 : -1) / (2 * Math.cos((Math.PI / 72) * (2 * n + 1)));
  return factor * longWindow(type, type === 3 ? 35 - i : i);
}

function longWindow(type: number, i: number): number {
  if (type === 2) return 0; // short blocks have their own
  if (type === 0 || i < 18) return sine(36, i);
  return i < 24 ? 1 : i < 30 ? sine(12, i - 18) : 0;
}

/** Rows 0 to 15 of two outputs, row 16 of output 16: see synthesis.as. */
function synthesisFactors(): number[] {
  // The second half of the window is the first's mirror, of opposite sign but where i is a multiple of 64.
  const window = (i: number) =>
    (i <= 256 ? SYNTHESIS_WINDOW[i] : SYNTHESIS_WINDOW[512 - i] * (i % 64 === 0 ? 1 : -1)) / 65_536;
  const rows = list(17, (j) =>
    list(8, (i) => {
      if (j === 0) return [window(64 * i), 0, -window(64 * i + 32), 0];
      if (j === 16) return [0, 0, -window(64 * i + 48), 0];
      return [
        window(64 * i + j),
        -window(64 * i + 32 - j),
        -window(64 * i + 32 + j),
        -window(64 * i + 64 - j),
      ];
    }),
  );
  return rows.flat(2);
}

/** Lookups of all tables, one behind the other, and where each starts by table_select. */
function writeHuffman(memory: ArrayBuffer, placeOf: PlaceOf): void {
  const entries: number[] = list(2 ** FIRST_BITS, () => 0); // table 0: zeros, of no bits
  const startOf: Record<number, number> = { 0: 0 };
  for (const [table, codes] of Object.entries(HUFFMAN_CODES)) {
    startOf[Number(table)] = entries.length;
    addLookups(entries, codes, Number(table) < 32 ? FIRST_BITS : QUAD_BITS);
  }
  if (entries.length > LOOKUP_ENTRIES)
    throw new Error('mp3Kernel: the Huffman lookups are larger than their place.');
  const lookups = placeOf('LOOKUPS');
  new Int32Array(memory, lookups, entries.length).set(entries);
  const selects = [...TABLE_SELECT, [32, 0] as const, [33, 0] as const];
  const words = selects.flatMap((select) =>
    select ? [lookups + 4 * startOf[select[0]], select[1]] : [0, 0],
  );
  new Int32Array(memory, placeOf('TABLE_SELECT'), words.length).set(words);
}

/** Appends a table's lookups; huffman.as says what an entry is. */
function addLookups(entries: number[], codes: string, firstBits: number): void {
  const first = entries.length;
  entries.push(...list(2 ** firstBits, () => 0));
  const words = readCodes(codes);
  const longer = new Map<number, typeof words>();
  for (const word of words) {
    if (word.length <= firstBits) fill(first, firstBits, word.code, word.length, word.value);
    else {
      const prefix = Math.floor(word.code / 2 ** (word.length - firstBits));
      longer.set(prefix, [...(longer.get(prefix) ?? []), word]);
    }
  }
  for (const [prefix, group] of longer) {
    const bits = Math.max(...group.map(({ length }) => length)) - firstBits;
    const further = entries.length;
    entries.push(...list(2 ** bits, () => 0));
    entries[first + prefix] = 0x80000000 | (further << 8) | bits;
    for (const { code, length, value } of group) {
      const rest = length - firstBits;
      fill(further, bits, code % 2 ** rest, rest, value);
    }
  }

  function fill(at: number, bits: number, code: number, length: number, value: number): void {
    const from = at + code * 2 ** (bits - length);
    entries.fill(length | (value << 8), from, from + 2 ** (bits - length));
  }
}

/** Code words in order: each is the one before plus one, at its own length. The value is x in the low 4 bits, then y. */
function readCodes(codes: string): { code: number; length: number; value: number }[] {
  let next = 0; // of 20 bits
  return codes
    .trim()
    .split(/\s+/)
    .map((word) => {
      const length = Number.parseInt(word[0], 36);
      const code = next / 2 ** (20 - length);
      next += 2 ** (20 - length);
      const [x, y] = [Number.parseInt(word[1], 16), Number.parseInt(word[2], 16)];
      return { code, length, value: x | (y << 4) };
    });
}
