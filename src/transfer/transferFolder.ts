/** The run folder of a transfer experiment: what is finished stays, each file whole. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import type { Selection, SubsetScores } from './scoreSubset.ts';
import type { FeatureBlock, FoldPlan, Targets } from './transferTask.ts';

const contents = ['config.json', 'subsets', 'result.json', 'report.html', 'pipeline.json'];

export type WhenTransferExists = 'refuse' | 'resume' | 'overwrite';

const selectionSchema = z.object({
  best: z.int(),
  score: z.number(),
  partScores: z.array(z.number().nullable()),
  nested: z
    .array(
      z.object({
        setting: z.int(),
        chosenBy: z.number(),
        score: z.number().nullable(),
        predicted: z.array(z.number()),
      }),
    )
    .nullable(),
});

const storedSchema = z.object({
  configHash: z.string(),
  scores: z.object({ paper: selectionSchema, whole: selectionSchema, unconverged: z.int() }),
});

export class TransferFolder {
  readonly path: string;
  private readonly configHash: string;

  constructor(path: string, configHash: string) {
    this.path = path;
    this.configHash = configHash;
  }

  in(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /**
   * @throws InputError if there is a run that is neither to be resumed nor overwritten, or one of other data or options
   * that is to be resumed.
   */
  async prepare(config: Record<string, unknown>, whenExists: WhenTransferExists): Promise<void> {
    const taken = contents.filter((name) => existsSync(this.in(name)));
    if (taken.length > 0 && whenExists === 'refuse') {
      throw new InputError(
        `${this.path}: holds a run already (${taken.join(', ')}). Pass --resume to go on with it, ` +
          '--overwrite to replace it, or another --out.',
      );
    }
    if (whenExists === 'overwrite') {
      for (const name of contents) await rm(this.in(name), { recursive: true, force: true });
    } else if (existsSync(this.in('config.json'))) {
      const before = await readJson(this.in('config.json'), z.looseObject({ configHash: z.string() }));
      if (before.configHash !== this.configHash) {
        throw new InputError(
          `${this.in('config.json')}: the run was started with other features, labels, folds or options. ` +
            'Resume with the same, pass --overwrite to start anew, or choose another --out.',
        );
      }
    }
    await this.writeJson('config.json', { ...config, configHash: this.configHash });
  }

  async readSubset(name: string): Promise<SubsetScores | null> {
    const path = this.in('subsets', `${name}.json`);
    if (!existsSync(path)) return null;
    const { configHash, scores } = await readJson(path, storedSchema);
    if (configHash !== this.configHash) {
      throw new InputError(`${path}: is of another run. Pass --overwrite to start anew.`);
    }
    return { ...scores, paper: withNaN(scores.paper), whole: withNaN(scores.whole) };
  }

  async writeSubset(name: string, scores: SubsetScores): Promise<void> {
    await this.writeJson(join('subsets', `${name}.json`), { configHash: this.configHash, scores });
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeWhole(this.in(name), `${JSON.stringify(value, null, 1)}\n`);
  }
}

/** SHA-256 over all that scores depend on. */
export function hashTransfer(
  blocks: readonly FeatureBlock[],
  targets: Targets,
  plan: FoldPlan,
  options: Record<string, unknown>,
): string {
  const hash = createHash('sha256').update(
    JSON.stringify([targets.kind, targets.classes, plan.outer, plan.inner, options]),
  );
  for (const { name, columns, values } of blocks) hash.update(`${name} ${columns}`).update(bytesOf(values));
  return hash.update(bytesOf(targets.values)).update(bytesOf(plan.parts)).digest('hex');
}

/** JSON has no NaN, the R² of a part whose values are all equal. */
function withNaN({ partScores, nested, ...rest }: z.infer<typeof selectionSchema>): Selection {
  return {
    ...rest,
    partScores: partScores.map((score) => score ?? NaN),
    nested: nested && nested.map((part) => ({ ...part, score: part.score ?? NaN })),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: damaged. Remove it to have it made again, or pass --overwrite.`);
  }
}
