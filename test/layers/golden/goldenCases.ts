import { chromaCases } from './chromaCases.ts';
import { constantQCases } from './constantQCases.ts';
import { frontEndCases } from './frontEndCases.ts';
import type { GoldenCase } from './goldenCase.ts';
import { kapre2017Cases } from './kapre2017Cases.ts';
import { kapreCases } from './kapreCases.ts';
import { librosaStftCases } from './librosaStftCases.ts';
import { separationCases } from './separationCases.ts';
import { spectrogramCases } from './spectrogramCases.ts';
import { weightingCases } from './weightingCases.ts';

/** Every layer that a peer has, with every option away from its default. */
export const goldenCases: GoldenCase[] = [
  ...chromaCases,
  ...constantQCases,
  ...frontEndCases,
  ...kapre2017Cases,
  ...kapreCases,
  ...librosaStftCases,
  ...separationCases,
  ...spectrogramCases,
  ...weightingCases,
];
