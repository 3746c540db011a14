/** `sonotag experiment`: runs a study by its name. */
import { Command } from 'commander';
import { experiments } from '../../../experiments/index.ts';
import { throwUsageErrors } from '../throwUsageErrors.ts';

export function experimentCommand(): Command {
  const command = new Command('experiment').description('run a study from experiments/');
  for (const { name, summary, load } of experiments) {
    command
      .command(name)
      .description(summary)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (_options: unknown, self: Command) => {
        const study = await load();
        const named = study().name(`sonotag experiment ${name}`).description(summary);
        await throwUsageErrors(named).parseAsync(self.args, { from: 'user' });
      });
  }
  return command;
}
