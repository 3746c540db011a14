/** `sonotag noise`: how wrong labels are, and what that does. */
import { Command } from 'commander';
import { evaluateCommand } from './noise/evaluate.ts';
import { suspectsCommand } from './noise/suspects.ts';
import { tagsCommand } from './noise/tags.ts';

export function noiseCommand(): Command {
  return new Command('noise')
    .description(
      'how wrong labels are: what tags mean, which labels are suspect, what can be measured with them',
    )
    .addCommand(evaluateCommand())
    .addCommand(suspectsCommand())
    .addCommand(tagsCommand());
}
