import { expect, test } from 'vitest';
import { onEngines } from '../../support/onEngines.ts';
import { measureDeviation } from './goldenCase.ts';
import { goldenCases } from './goldenCases.ts';

onEngines(() => {
  for (const golden of goldenCases) {
    test(`${golden.layer} equals ${golden.peer}: ${golden.title}`, () => {
      expect(measureDeviation(golden)).toBeLessThanOrEqual(golden.tolerance);
    });
  }
});
