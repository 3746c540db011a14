import { InputError } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { renderReport } from './renderReport.ts';
import type { TrainingReport } from './trainingReport.ts';

/**
 * Renders a report into a file, which appears whole or not at all; an existing file is replaced, missing folders made.
 *
 * @throws InputError if the file cannot be written.
 * @example await writeReport('runs/instruments/report.html', report)
 */
export async function writeReport(path: string, report: TrainingReport): Promise<void> {
  const page = renderReport(report);
  try {
    await writeWhole(path, page);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${path}: the report cannot be written (${reason}); name a file in a folder that you may write to.`,
      { cause: error },
    );
  }
}
