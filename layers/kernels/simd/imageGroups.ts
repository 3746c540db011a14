/** A batch, as many images at a time as there are threads: memory then holds no more of them. */

/** @example imageGroups(3, 2) // [[0, 1], [2]] */
export function imageGroups(batch: number, threads: number): number[][] {
  const size = Math.max(1, Math.min(batch, threads));
  return Array.from({ length: Math.max(1, Math.ceil(batch / size)) }, (_, group) =>
    Array.from({ length: Math.min(size, batch - group * size) }, (__, slot) => group * size + slot),
  );
}
