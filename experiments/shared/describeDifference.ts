import type { MeanInterval } from '../../src/metrics/studentInterval.ts';

/** `+0.031 [+0.012, +0.050]`. */
export function describeDifference({ mean, interval }: MeanInterval): string {
  return interval === null
    ? signed(mean)
    : `${signed(mean)} [${signed(interval[0])}, ${signed(interval[1])}]`;
}

/** `+0.031`. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
