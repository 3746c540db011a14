/** `sonotag noise`: how wrong the labels of a data set are, and what follows from it. */
import { Command } from 'commander';
import { annotateCommand } from './noise/annotate.ts';
import { auditCommand } from './noise/audit.ts';
import { sampleCommand } from './noise/sample.ts';

export function noiseCommand(): Command {
  return new Command('noise')
    .description('how wrong the labels are: audits on re-annotated subsets, and what follows from them')
    .addCommand(auditCommand())
    .addCommand(sampleCommand())
    .addCommand(annotateCommand());
}
