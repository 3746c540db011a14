/** `sonotag noise sample`: which clips to listen to again. */
import { Command, Option } from 'commander';
import type { SampleDesign } from '../../../noise/drawSample.ts';
import { InputError } from '../../../errors.ts';
import { jsonOption, seedOption, wholeNumber } from '../../options.ts';

interface SampleOptions {
  labels: string;
  design: SampleDesign;
  clips: number;
  tags?: string;
  predictions?: string;
  out: string;
  seed: number;
  json?: true;
}

const designs = `
Designs: "tagged" draws from the clips that carry a tag, and tells precision
alone; "random" draws one set from all clips, asked for every tag; "stratified"
draws half with the tag and half without; "informative" does the same, with half
of each half the clips where the scores of --predictions dispute the label most.

The sheet has a row a question: path,tag,design,stratum,size,annotator,answer.
Fill it with "noise annotate" or by hand, and give it to "noise audit", which
weighs each answer by how its clip was drawn. Who fills it by hand should not
look at the stratum, which tells the given label.
`;

export function sampleCommand(): Command {
  return new Command('sample')
    .description('draw clips to listen to again, and write the sheet of questions')
    .requiredOption('--labels <csv>', 'the given labels of the whole data set; see "noise audit"')
    .addOption(
      new Option('--design <name>', 'how to draw')
        .choices(['tagged', 'random', 'stratified', 'informative'])
        .default('stratified'),
    )
    .option('--clips <n>', 'to draw: in all for "random", for each tag for others', wholeNumber(1), 100)
    .option('--tags <list>', 'to ask for, separated by ";" (default: all)')
    .option('--predictions <csv>', 'scores of a model, such as predictions.csv of a run')
    .option('--out <csv>', 'the sheet; what is there is replaced', 'sheet.csv')
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText('after', designs)
    .action(run);
}

async function run({
  labels,
  design,
  clips,
  tags,
  predictions,
  out,
  seed,
  json,
}: SampleOptions): Promise<void> {
  const [
    { readGivenLabels, splitTags, tagColumn },
    { drawSample },
    { readScores },
    { sheetToCsv },
    { writeWhole },
  ] = await Promise.all([
    import('../../../noise/givenLabels.ts'),
    import('../../../noise/drawSample.ts'),
    import('../../../noise/scores.ts'),
    import('../../../noise/sheet.ts'),
    import('../../../files/writeWhole.ts'),
  ]);
  if ((design === 'informative') !== (predictions !== undefined)) {
    throw new InputError('--design informative and --predictions belong together. Give both or neither.');
  }
  const given = await readGivenLabels(labels);
  const asked =
    tags === undefined ? undefined : splitTags(tags).map((tag) => tagColumn(given, tag, '--tags'));
  const scoreOf = predictions === undefined ? undefined : await readScores(predictions, given);
  const rows = drawSample(given, { design, clips, tags: asked, scoreOf, seed });
  await writeWhole(out, sheetToCsv(rows));
  const [drawn, ofTags] = [new Set(rows.map(({ path }) => path)), new Set(rows.map(({ tag }) => tag))];
  const counts = { questions: rows.length, clips: drawn.size, tags: [...ofTags] };
  process.stdout.write(
    json
      ? `${JSON.stringify({ path: out, labels, design, seed, ...counts }, null, 2)}\n`
      : `${out}: ${rows.length} questions on ${drawn.size} clips and ${ofTags.size} tags\n`,
  );
}
