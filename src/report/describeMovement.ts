/** How far a weight has moved, in words. */
import type { WeightMovement } from '../training/frontEndMovement.ts';

/** `0.0123 of its norm, one value by up to 0.004`; of what starts at 0, `from 0, one value by up to 0.004`. */
export function describeMovement({ relativeDistance, largestChange }: WeightMovement): string {
  const distance = relativeDistance === null ? 'from 0' : `${figure(relativeDistance)} of its norm`;
  return `${distance}, one value by up to ${figure(largestChange)}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
