/** `sonotag noise audit`: given labels against re-annotated ones. */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { AuditDesign } from '../../../noise/auditLabels.ts';
import type { TruthRule } from '../../../noise/settleTruth.ts';
import { jsonOption, seedOption } from '../../options.ts';

interface AuditOptions {
  labels: string;
  reannotated: string;
  design?: AuditDesign;
  truth: TruthRule;
  intervals: 'jeffreys' | 'exact';
  out: string;
  seed: number;
  json?: true;
}

const forms = `
Given labels, a CSV: path,tags (tags separated by ";"; other columns are passed
over), or an id and a column of 0, 1 or nothing for each tag.

Re-annotated labels, a CSV: the sheet of "noise sample", filled by hand or by
"noise annotate" (path,tag,answer with yes, no, unsure), which tells how it was
drawn; or one of the two forms above, where an empty cell was not asked, with
--design. A column "annotator" tells several apart; of two answers by the same
one the later counts. Clips are compared by their names as written.

Designs: "tagged" clips tell precision alone; "random" ones, weighed by the
given labels, and "stratified" ones (drawn apart with and without the tag) also
recall. Answers to tags for which a clip was not drawn must be left out.

Intervals: "jeffreys" holds the truth in 95 % of audits on average, "exact" in
at least 95 % of them, so it is wider. See: experiment auditCoverage.
`;

export function auditCommand(): Command {
  return new Command('audit')
    .description('precision, recall and error of given labels, by a re-annotated subset')
    .requiredOption('--labels <csv>', 'the given labels of the whole data set')
    .requiredOption('--reannotated <csv>', 'what annotators said of some of its clips')
    .addOption(
      new Option('--design <name>', 'how the clips were drawn, where no sheet tells it').choices([
        ...['tagged', 'random', 'stratified'],
      ]),
    )
    .addOption(
      new Option('--truth <rule>', 'of several annotators')
        .choices(['majority', 'dawid-skene'])
        .default('majority'),
    )
    .addOption(new Option('--intervals <kind>', '95 %').choices(['jeffreys', 'exact']).default('jeffreys'))
    .option('--out <folder>', 'where audit.json and report.html go', 'runs/audit')
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText('after', forms)
    .action(async ({ labels, reannotated, out, json, ...options }: AuditOptions) => {
      const [{ readGivenLabels }, { readAnswers }, { auditLabels }, report, { writeWhole }] =
        await Promise.all([
          import('../../../noise/givenLabels.ts'),
          import('../../../noise/answers.ts'),
          import('../../../noise/auditLabels.ts'),
          import('../../../noise/auditReport.ts'),
          import('../../../files/writeWhole.ts'),
        ]);
      const given = await readGivenLabels(labels);
      const audit = auditLabels(given, await readAnswers(reannotated, given), options);
      const result = { created: new Date().toISOString(), labels, reannotated, ...audit };
      const text = `${JSON.stringify(result, null, 2)}\n`;
      await writeWhole(join(out, 'audit.json'), text);
      await writeWhole(join(out, 'report.html'), report.renderAuditReport(result));
      process.stdout.write(json ? text : report.describeAudit(result, join(out, 'report.html')));
    });
}
