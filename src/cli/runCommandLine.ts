/** The commands, errors as one line, exit codes: 0 done, 1 some inputs failed, 2 bad usage or bad input. */
import { existsSync, readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { datasetsCommand } from './commands/datasets.ts';
import { enginesCommand } from './commands/engines.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { experimentCommand } from './commands/experiment.ts';
import { importCommand } from './commands/import.ts';
import { linkTensorflowCommand } from './commands/linkTensorflow.ts';
import { featuresCommand } from './commands/features.ts';
import { galleryCommand } from './commands/gallery.ts';
import { mergeCommand } from './commands/merge.ts';
import { noiseCommand } from './commands/noise.ts';
import { prepareCommand } from './commands/prepare.ts';
import { tagCommand } from './commands/tag.ts';
import { trainCommand } from './commands/train.ts';
import { transferCommand } from './commands/transfer.ts';
import { printable } from './printable.ts';
import { throwUsageErrors } from './throwUsageErrors.ts';

const badInput = 2;
const defect = 70; // EX_SOFTWARE of sysexits.h

/**
 * Runs one command; the results go to stdout, all else to stderr.
 *
 * @param args what follows `sonotag`
 * @returns the exit code
 */
export async function runCommandLine(args: string[]): Promise<number> {
  try {
    process.exitCode = 0;
    await throwUsageErrors(createProgram()).parseAsync(args, { from: 'user' });
    return process.exitCode; // a command sets it where some inputs failed
  } catch (error) {
    return explain(error);
  }
}

function createProgram(): Command {
  return new Command('sonotag')
    .description('Train music taggers from raw audio; the spectrogram is part of the model.')
    .version(packageVersion())
    .enablePositionalOptions() // an option belongs to the command that it stands behind
    .addCommand(prepareCommand())
    .addCommand(trainCommand())
    .addCommand(evaluateCommand())
    .addCommand(tagCommand())
    .addCommand(importCommand())
    .addCommand(featuresCommand())
    .addCommand(mergeCommand())
    .addCommand(transferCommand())
    .addCommand(galleryCommand())
    .addCommand(noiseCommand())
    .addCommand(datasetsCommand())
    .addCommand(enginesCommand())
    .addCommand(linkTensorflowCommand())
    .addCommand(experimentCommand());
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput; // it has printed the help
  if (error instanceof Error && isOfUser(error)) {
    process.stderr.write(`sonotag: ${printable(error.message)}\n`);
    return badInput;
  }
  process.stderr.write(`sonotag failed, which is a defect: ${(error as Error)?.stack ?? String(error)}\n`);
  return defect;
}

/** Disk full, not permitted, read only: the system's own words name the path. */
const systemFaults = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE'];

/** Our RangeErrors start with what they are about; those of JavaScript itself do not. */
function isOfUser(error: Error): boolean {
  if (error.name === 'RangeError') return /^\w+: /.test(error.message);
  if (['InputError', 'DatasetError', 'KernelThreadError'].includes(error.name)) return true;
  return systemFaults.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Of package.json: two folders above in a clone, three above where built. */
function packageVersion(): string {
  const candidates = ['../../package.json', '../../../package.json'];
  const found = candidates.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url))!;
  return (JSON.parse(readFileSync(found, 'utf8')) as { version: string }).version;
}
