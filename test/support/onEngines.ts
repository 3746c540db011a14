import { beforeAll, describe } from 'vitest';
import { useEngine, type EngineName } from '../../src/engine/engine.ts';

/** Runs the tests of `define` once on every engine that is always there. */
export function onEngines(define: (engine: EngineName) => void): void {
  describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
    beforeAll(async () => {
      await useEngine(engine);
    });
    define(engine);
  });
}
