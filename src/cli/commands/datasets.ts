/** `sonotag datasets`: the published data sets that are known, and what can be done with a copy. */
import { Command } from 'commander';
import { getCommand } from './datasets/get.ts';
import { showCommand } from './datasets/show.ts';

export function datasetsCommand(): Command {
  return new Command('datasets')
    .description('published data sets: what they are, what is on disk, how to get them')
    .addCommand(showCommand(), { isDefault: true })
    .addCommand(getCommand());
}
