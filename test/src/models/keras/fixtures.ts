/** Keras files of test/fixtures/keras and what they give, by the scripts beside them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Expected {
  outputs: number[][];
  features: number[][];
}

export function kerasFixture(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/keras/${name}`, import.meta.url));
}

/** Cases of plain.json, made by make.py; a case has the behaviours that it was computed with. */
export function readCases<T>(name: string): Record<string, T> {
  return (JSON.parse(readFileSync(kerasFixture(name), 'utf8')) as { cases: Record<string, T> }).cases;
}
