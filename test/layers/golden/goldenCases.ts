import { frontEndCases } from './frontEndCases.ts';
import type { GoldenCase } from './goldenCase.ts';
import { kapre2017Cases } from './kapre2017Cases.ts';
import { spectrogramCases } from './spectrogramCases.ts';
import { weightingCases } from './weightingCases.ts';

/** Every layer that a peer has, with every option away from its default. */
export const goldenCases: GoldenCase[] = [
  ...spectrogramCases,
  ...frontEndCases,
  ...weightingCases,
  ...kapre2017Cases,
];
