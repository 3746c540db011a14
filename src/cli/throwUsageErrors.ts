/** Bad usage told as everything else is: one line, with the way out. */
import type { Command, CommanderError } from 'commander';
import { InputError } from '../errors.ts';

/**
 * Makes a command and those below it throw an InputError where commander 14 would print an error and end the process.
 * What is no fault (`--help`, `--version`) is thrown as commander's own error, with the exit code 0; a command without
 * its subcommand prints its help and throws commander's error with the code `commander.help`.
 */
export function throwUsageErrors(command: Command): Command {
  command.configureOutput({ outputError: () => undefined });
  command.exitOverride((error) => {
    if (error.exitCode === 0 || error.code === 'commander.help') throw error;
    throw new InputError(`${sentence(error)} See: ${fullName(command)} --help`);
  });
  command.commands.forEach(throwUsageErrors); // they do not inherit it
  return command;
}

/** `error: unknown option '--epoch'\n(Did you mean --epochs?)` as `unknown option '--epoch'. Did you mean --epochs?` */
function sentence({ message }: CommanderError): string {
  const [what, ...hints] = message.replace(/^error: /, '').split('\n');
  const ended = /[.?]$/.test(what) ? what : `${what}.`;
  return [ended, ...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1'))].join(' ');
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
