import { chromaCases } from './chromaCases.ts';
import { constantQCases } from './constantQCases.ts';
import type { GoldenCase } from './goldenCase.ts';
import { separationCases } from './separationCases.ts';
import { spectrogramCases } from './spectrogramCases.ts';

/** Every layer that a peer has, with every option away from its default. */
export const goldenCases: GoldenCase[] = [
  ...spectrogramCases,
  ...constantQCases,
  ...chromaCases,
  ...separationCases,
];
