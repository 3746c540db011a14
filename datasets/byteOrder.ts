/** One order of names on every machine: by the bytes of their UTF-8 form, as `LC_ALL=C sort` has it. */

/** Compares two names for `Array.prototype.sort`. @example ids.sort(byteOrder) */
export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
