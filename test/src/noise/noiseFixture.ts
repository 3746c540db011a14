import { readFileSync } from 'node:fs';

/** Made by scipy 1.17.1, scikit-learn 1.9.1 and cleanlab 2.9.0: test/fixtures/noise/make.py. */
export const noiseFixture = JSON.parse(
  readFileSync(new URL('../../fixtures/noise/suspects.json', import.meta.url), 'utf8'),
) as {
  correlations: {
    name: string;
    x: number[];
    y: number[];
    pearson: number;
    spearman: number;
    kendall: number;
  }[];
  confident: {
    name: string;
    tags: number;
    given: number[];
    scores: number[];
    confidentJoint: number[][][];
    joint: number[][][];
    issues: number[];
    clipIssues: number[];
    clipQuality: number[];
  }[];
  auc: { truth: number[]; given: number[]; scores: number[]; rocAuc: number[]; prAuc: number[] }[];
};
