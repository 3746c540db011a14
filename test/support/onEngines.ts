import { beforeAll, describe } from 'vitest';
import { useEngine, type EngineName } from '../../src/engine/engine.ts';
import { foundEngines } from './foundEngines.ts';

/** Runs the tests of `define` once on every engine that is found. */
export function onEngines(define: (engine: EngineName) => void): void {
  describe.each(foundEngines())('on %s', (engine) => {
    beforeAll(async () => {
      await useEngine(engine);
    });
    define(engine);
  });
}
