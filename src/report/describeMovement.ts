/** How far a weight has moved, in words. */
import type { WeightMovement } from '../training/frontEndMovement.ts';

/** `0.0123 of its norm, one value by up to 0.004`. */
export function describeMovement({ relativeDistance, largestChange }: WeightMovement): string {
  return `${figure(relativeDistance)} of its norm, one value by up to ${figure(largestChange)}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
