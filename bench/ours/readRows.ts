import { readFile } from 'node:fs/promises';

/** Float32 values of a raw file, cut into rows of `length`. */
export async function readRows(path: string, length: number): Promise<Float32Array[]> {
  const bytes = await readFile(path);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).slice();
  return Array.from({ length: values.length / length }, (_, i) =>
    values.subarray(i * length, (i + 1) * length),
  );
}
