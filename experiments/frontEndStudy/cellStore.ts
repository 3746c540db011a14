/** Finished cells, a file each, so that a study that was killed goes on where it was. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../src/errors.ts';
import { writeWhole } from '../../src/files/writeWhole.ts';
import { cellName, type Cell, type ScoredCell } from './design.ts';

const schema = z.object({
  taskHash: z.string(),
  score: z.number(),
  trainClips: z.number(),
  testClips: z.number(),
  seconds: z.number(),
});

export class CellStore {
  private readonly folder: string;
  private readonly taskHash: string;

  /** @param taskHash of all that a score follows from, but for the cell; those of another are refused */
  constructor(folder: string, taskHash: string) {
    this.folder = folder;
    this.taskHash = taskHash;
  }

  /** Null where the cell is still to be trained. @throws InputError if its file is damaged or of another study. */
  async read(cell: Cell): Promise<ScoredCell | null> {
    const path = this.pathOf(cell);
    if (!existsSync(path)) return null;
    const { taskHash, ...result } = await parse(path);
    if (taskHash !== this.taskHash) {
      throw new InputError(
        `${path}: is of a study with other options, data or engine. Choose another --out, or remove ${this.folder}.`,
      );
    }
    return { ...cell, ...result };
  }

  async write({ score, trainClips, testClips, seconds, ...cell }: ScoredCell): Promise<void> {
    const content = { taskHash: this.taskHash, ...cell, score, trainClips, testClips, seconds };
    await writeWhole(this.pathOf(cell), `${JSON.stringify(content)}\n`);
  }

  private pathOf(cell: Cell): string {
    return join(this.folder, `${cellName(cell)}.json`);
  }
}

async function parse(path: string): Promise<z.infer<typeof schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: damaged. Remove it to have the cell trained again.`);
  }
}
