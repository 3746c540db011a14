/** The name that a misspelt one was probably meant to be. */
import { editDistance } from '../../datasets/editDistance.ts';

/**
 * Returns the one name that contains the text, else the nearest within two edits, else undefined; case set aside.
 *
 * @example nearestName('gpu', ['cpu', 'webgpu']) // 'webgpu'
 */
export function nearestName<Name extends string>(text: string, names: readonly Name[]): Name | undefined {
  const containing = names.filter((name) => text !== '' && name.toLowerCase().includes(text.toLowerCase()));
  if (containing.length === 1) return containing[0];
  const distances = names.map((name) => editDistance(text.toLowerCase(), name.toLowerCase()));
  const smallest = Math.min(...distances);
  return smallest <= 2 ? names[distances.indexOf(smallest)] : undefined;
}
