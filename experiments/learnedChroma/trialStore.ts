/** Finished trials, a file each, so that a study that was killed goes on where it was. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../src/errors.ts';
import { writeWhole } from '../../src/files/writeWhole.ts';
import { armName, conditions, type Arm } from './design.ts';
import type { TrialResult } from './runTrial.ts';

export interface Trial extends TrialResult {
  arm: Arm;
  /** Counts from 1. */
  trial: number;
  /** That it took. */
  seconds: number;
}

const weights = z.object({ kernel: z.array(z.number()), bias: z.array(z.number()) });
const recall = z.object({ recall: z.number().nullable(), seconds: z.number() });
const schema = z.object({
  studyHash: z.string(),
  seconds: z.number(),
  valid: z.number(),
  validByCondition: z.partialRecord(z.enum(conditions), z.number()),
  test: z.partialRecord(z.enum(conditions), z.array(recall)),
  decoding: z.object({
    by: z.enum(['distance', 'direction']),
    noChord: z.enum(['silent', 'flat']),
    floor: z.number(),
    sharpness: z.number(),
    selfTransition: z.number(),
  }),
  curve: z.array(z.object({ step: z.number(), train: z.number(), valid: z.number() })),
  weights: z.object({ start: weights, end: weights }).nullable(),
});

export class TrialStore {
  private readonly folder: string;
  private readonly studyHash: string;

  /** @param studyHash of all that a trial follows from, but for arm and number; those of another study are refused */
  constructor(folder: string, studyHash: string) {
    this.folder = folder;
    this.studyHash = studyHash;
  }

  /** Null where the trial is still to be run. @throws InputError if its file is damaged or of another study. */
  async read(arm: Arm, trial: number): Promise<Trial | null> {
    const path = this.pathOf(arm, trial);
    if (!existsSync(path)) return null;
    const { studyHash, ...result } = await parse(path);
    if (studyHash !== this.studyHash) {
      throw new InputError(
        `${path}: is of a study with other options, data or engine. Choose another --out, or remove ${this.folder}.`,
      );
    }
    return { arm, trial, ...result };
  }

  async write({ arm, trial, ...result }: Trial): Promise<void> {
    const content = { studyHash: this.studyHash, ...result };
    await writeWhole(this.pathOf(arm, trial), `${JSON.stringify(content)}\n`);
  }

  private pathOf(arm: Arm, trial: number): string {
    return join(this.folder, `${armName(arm)}-${String(trial).padStart(2, '0')}.json`);
  }
}

async function parse(path: string): Promise<z.infer<typeof schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: damaged. Remove it to have the trial run again.`);
  }
}
