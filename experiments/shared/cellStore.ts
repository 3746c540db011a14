/** Finished cells of a study, a file each, so that a study that was killed goes on where it was. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../src/errors.ts';
import { writeWhole } from '../../src/files/writeWhole.ts';

export class CellStore<Result extends object> {
  private readonly folder: string;
  private readonly taskHash: string;
  private readonly schema: z.ZodType<Result>;

  /**
   * @param taskHash of all that a result follows from, but for the cell; those of another are refused
   * @param schema of what a cell came to
   */
  constructor(folder: string, taskHash: string, schema: z.ZodType<Result>) {
    this.folder = folder;
    this.taskHash = taskHash;
    this.schema = schema;
  }

  /** Null where the cell is still to be trained. @throws InputError if its file is damaged or of another study. */
  async read(cellName: string): Promise<Result | null> {
    const path = this.pathOf(cellName);
    if (!existsSync(path)) return null;
    const { taskHash, result } = await this.parse(path);
    if (taskHash !== this.taskHash) {
      throw new InputError(
        `${path}: is of a study with other options, data or engine. Choose another --out, or remove ${this.folder}.`,
      );
    }
    return result;
  }

  /** @param cell what the cell is, kept beside the result for whoever reads the file */
  async write(cellName: string, cell: object, result: Result): Promise<void> {
    const content = { taskHash: this.taskHash, ...cell, ...result };
    await writeWhole(this.pathOf(cellName), `${JSON.stringify(content)}\n`);
  }

  private pathOf(cellName: string): string {
    return join(this.folder, `${cellName}.json`);
  }

  private async parse(path: string): Promise<{ taskHash: string; result: Result }> {
    try {
      const content: unknown = JSON.parse(await readFile(path, 'utf8'));
      const { taskHash } = z.object({ taskHash: z.string() }).parse(content);
      return { taskHash, result: this.schema.parse(content) };
    } catch {
      throw new InputError(`${path}: damaged. Remove it to have the cell trained again.`);
    }
  }
}
