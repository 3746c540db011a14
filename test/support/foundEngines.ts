/** Which engines the tests run on. */
import type { EngineName } from '../../src/engine/engine.ts';
import { tensorflowIsThere } from '../../src/engine/tensorflow.ts';

const always: readonly EngineName[] = ['cpu', 'wasm'];

/**
 * `cpu` and `wasm`, and native TensorFlow where one is linked or installed; or those that SONOTAG_TEST_ENGINES names,
 * separated by commas, whether they are there or not.
 */
export function foundEngines(): EngineName[] {
  const asked = process.env['SONOTAG_TEST_ENGINES'];
  if (asked !== undefined && asked !== '') return asked.split(',') as EngineName[];
  return tensorflowIsThere() ? [...always, 'tensorflow'] : [...always];
}
