/** `sonotag noise`: how wrong the labels of a data set are, and what follows from it. */
import { Command } from 'commander';
import { annotateCommand } from './noise/annotate.ts';
import { auditCommand } from './noise/audit.ts';
import { evaluateCommand } from './noise/evaluate.ts';
import { sampleCommand } from './noise/sample.ts';
import { suspectsCommand } from './noise/suspects.ts';
import { tagsCommand } from './noise/tags.ts';

export function noiseCommand(): Command {
  return new Command('noise')
    .description('how wrong the labels are: audits on re-annotated subsets, and what follows from them')
    .addCommand(sampleCommand())
    .addCommand(annotateCommand())
    .addCommand(auditCommand())
    .addCommand(evaluateCommand())
    .addCommand(suspectsCommand())
    .addCommand(tagsCommand());
}
