import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../errors.ts';
import { renderReport } from './renderReport.ts';
import type { TrainingReport } from './trainingReport.ts';

/**
 * Renders a report into a file, which appears whole or not at all; an existing file is replaced, a missing folder made.
 *
 * @throws InputError if the file cannot be written.
 * @example await writeReport('runs/instruments/report.html', report)
 */
export async function writeReport(path: string, report: TrainingReport): Promise<void> {
  const page = renderReport(report);
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, 'w');
    try {
      await file.writeFile(page);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined); // the first error is the one to tell
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${path}: the report cannot be written (${reason}); name a file in a folder that you may write to.`,
      {
        cause: error,
      },
    );
  }
}
