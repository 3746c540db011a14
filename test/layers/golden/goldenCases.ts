import type { GoldenCase } from './goldenCase.ts';
import { kapreCases } from './kapreCases.ts';
import { librosaStftCases } from './librosaStftCases.ts';
import { spectrogramCases } from './spectrogramCases.ts';

/** Every layer that a peer has, with every option away from its default. */
export const goldenCases: GoldenCase[] = [...spectrogramCases, ...librosaStftCases, ...kapreCases];
