/**
 * A field of a CSV, in quotes where it needs them (RFC 4180).
 *
 * @example quoteCsv('a, "b"') // '"a, ""b"""'
 */
export function quoteCsv(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
