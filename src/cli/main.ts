#!/usr/bin/env node
/** The command line: one file per command, errors as one line, exit codes 0 done, 1 some inputs failed, 2 bad input. */
import { Command, CommanderError } from 'commander';
import { enginesCommand } from './commands/engines.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { experimentCommand } from './commands/experiment.ts';
import { tagCommand } from './commands/tag.ts';
import { trainCommand } from './commands/train.ts';

const program = new Command('sonotag')
  .description('Train music taggers from raw audio; the spectrogram is part of the model.')
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(tagCommand())
  .addCommand(enginesCommand())
  .addCommand(experimentCommand())
  .showHelpAfterError('(--help shows the options)');

const badInput = 2;

/** Subcommands do not inherit commander's exit override, so it is set on each. */
function exitByException(command: Command): void {
  command.exitOverride();
  command.commands.forEach(exitByException);
}

try {
  exitByException(program);
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** @returns the exit code */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput; // it has told already
  if (error instanceof Error && ['InputError', 'DatasetError', 'RangeError'].includes(error.name)) {
    process.stderr.write(`sonotag: ${error.message}\n`);
    return badInput;
  }
  process.stderr.write(`sonotag failed, which is a defect: ${(error as Error)?.stack ?? String(error)}\n`);
  return 70; // EX_SOFTWARE of sysexits.h
}
