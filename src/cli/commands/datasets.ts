/** `sonotag datasets`: the published data sets that are known, and what can be done with a copy. */
import { Command } from 'commander';
import { checkCommand } from './datasets/check.ts';
import { getCommand } from './datasets/get.ts';
import { manifestCommand } from './datasets/manifest.ts';
import { showCommand } from './datasets/show.ts';
import { toyCommand } from './datasets/toy.ts';

export function datasetsCommand(): Command {
  return new Command('datasets')
    .description('published data sets: what they are, what is on disk, how to get them')
    .addCommand(showCommand(), { isDefault: true })
    .addCommand(manifestCommand())
    .addCommand(getCommand())
    .addCommand(checkCommand())
    .addCommand(toyCommand());
}
