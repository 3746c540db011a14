/** `sonotag transfer`: which layers' features help a task, by the protocol of the 2017 paper and by an honest one. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../../errors.ts';
import { withMfccProvenance } from '../../transfer/mfccProvenance.ts';
import type { ClassifierName } from '../../transfer/settings.ts';
import type { Subset } from '../../transfer/subsets.ts';
import type { FeatureBlock, FeatureSet, TaskKind } from '../../transfer/transferTask.ts';
import { jsonOption, seedOption, threadsOption, wholeNumber } from '../options.ts';
import { terminalReporter } from '../terminalReporter.ts';
import { transferPredictCommand } from './transferPredict.ts';

interface TransferCommandOptions {
  features?: string;
  labels?: string;
  taskName?: string;
  task?: TaskKind;
  labelColumn?: string;
  splitColumn?: string;
  folds: number;
  subsets: 'all' | 'best' | Subset[];
  classifier: ClassifierName;
  nested: boolean;
  mfcc?: string;
  randomFeatures?: string;
  published?: string;
  maxIterations: number;
  out?: string;
  resume?: true;
  overwrite?: true;
  threads?: number;
  seed: number;
  json?: true;
}

export function transferCommand(): Command {
  return new Command('transfer')
    .description("how well each subset of the layers' features tells the classes or values of a task")
    .enablePositionalOptions() // else it would take those of "transfer predict"
    .option('--features <path>', 'feature file (.h5), one .npy or .csv, or a folder of NAME_layer_0.npy, …')
    .option(
      '--labels <path>',
      'CSV with id,label, or a folder of NAME.csv (default: those of the feature file)',
    )
    .option(
      '--task-name <name>',
      "one of the paper's tasks, such as gtzan_genre; its files are found by name",
    )
    .addOption(
      new Option('--task <kind>', 'what the labels are (default: classification)').choices([
        'classification',
        'regression',
      ]),
    )
    .option('--label-column <name>', 'column of the labels (default: label)')
    .option('--split-column <name>', 'column of folds, or of train, valid, test (default: folds are drawn)')
    .addOption(
      new Option('--folds <k>', 'folds to draw, stratified, unshuffled')
        .argParser(wholeNumber(2))
        .default(10),
    )
    .addOption(
      new Option(
        '--subsets <which>',
        '"all", "best" (nested scores of the best alone), or one such as 0,1,3 or mfcc,0',
      )
        .argParser(subsetChoice)
        .default('all'),
    )
    .addOption(
      new Option('--classifier <name>', 'what is fitted').choices(['svm', 'knn', 'linear']).default('svm'),
    )
    .option('--no-nested', 'leave out the nested cross-validation, which takes 4.5 times as long as the rest')
    .option('--mfcc <path>', 'features of the same clips to compare with, and to use with the layers')
    .option(
      '--random-features <path>',
      "features of the same clips from random weights: what layers' shape alone gives",
    )
    .option(
      '--published <file>',
      'JSON of published scores by task (default: paper-results.json beside the folder)',
    )
    .addOption(
      new Option('--max-iterations <n>', "steps of an SVM's solver at most; LIBSVM's own bound is 10 million")
        .argParser(wholeNumber(1))
        .default(1_000_000),
    )
    .option('--out <folder>', 'run folder: finished subsets, result.json, report.html, pipeline.json')
    .option('--resume', 'go on with the run in --out')
    .option('--overwrite', 'replace the run in --out')
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(run)
    .addCommand(transferPredictCommand());
}

async function run(options: TransferCommandOptions): Promise<void> {
  const { features: featuresPath, taskName, out, json } = options;
  if (featuresPath === undefined) {
    throw new InputError('transfer: pass --features with a feature file or a folder of .npy files.');
  }
  const [
    { readFeatures },
    { namedTask },
    { readTask },
    { runTransfer },
    { readPublishedScores },
    { saveTransfer },
    { describeTransfer },
  ] = await Promise.all([
    import('../../transfer/readFeatures.ts'),
    import('../../transfer/namedTasks.ts'),
    import('../../transfer/readTask.ts'),
    import('../../transfer/runTransfer.ts'),
    import('../../transfer/publishedScores.ts'),
    import('../../transfer/saveTransfer.ts'),
    import('../describeTransfer.ts'),
  ]);
  const reporter = terminalReporter();
  const named = taskName === undefined ? undefined : namedTask(taskName);
  const read = withMfcc(
    await readFeatures(featuresPath, named?.files),
    options.mfcc === undefined ? undefined : await readFeatures(options.mfcc, named?.files),
  );
  const random =
    options.randomFeatures === undefined
      ? undefined
      : await readFeatures(options.randomFeatures, named?.files);
  const joined = random === undefined ? read : withRandom(read, random);
  const task = await readTask(joined, {
    labels: options.labels,
    name: named?.files,
    kind: options.task ?? named?.kind ?? 'classification',
    labelColumn: options.labelColumn ?? named?.label ?? 'label',
    splitColumn: options.splitColumn ?? named?.split,
    folds: options.folds,
  });
  const { targets, plan, unlabelled, withoutFeatures } = task;
  const isRandom = ({ name }: FeatureBlock) => name.startsWith('random');
  const features = { ...task.features, blocks: task.features.blocks.filter((block) => !isRandom(block)) };
  const controls = task.features.blocks
    .filter(isRandom)
    .map((block) => ({ ...block, name: block.name.replace('random', 'layer') }));
  const names = features.blocks.map(({ name, columns }) => `${name} ${columns}`).join(', ');
  reporter.line(`${features.rows} clips; ${names}`);
  reporter.line(
    targets.kind === 'classification'
      ? `${targets.classes.length} classes; ${plan.description}`
      : plan.description,
  );
  if (unlabelled.length > 0) {
    reporter.line(`${unlabelled.length} clips without a label are left out, the first: ${unlabelled[0]}`);
  }
  if (withoutFeatures > 0) reporter.line(`${withoutFeatures} rows of labels have no features`);
  const publishedPath = options.published ?? besideFeatures(featuresPath);
  const published =
    publishedPath === undefined || taskName === undefined || options.classifier !== 'svm'
      ? undefined
      : await readPublishedScores(publishedPath, taskName);
  const { subsets, classifier, nested, threads, seed, maxIterations } = options;
  const whenExists = options.overwrite ? 'overwrite' : options.resume ? 'resume' : 'refuse';
  const name = taskName ?? 'transfer';
  const shared = { features, targets, plan, out: out ?? null, reporter };
  const result = await runTransfer({
    ...{ task: name, ...shared, subsets, classifier, nested, random: controls, published },
    ...{ maxIterations, seed, threads, whenExists },
  });
  if (out !== undefined) await saveTransfer(result, { ...shared, out });
  process.stdout.write(json ? `${JSON.stringify(result, null, 1)}\n` : describeTransfer(result, out));
}

/** The MFCC of a file of their own, one block of whatever name there. */
function withMfcc(features: FeatureSet, mfcc: FeatureSet | undefined): FeatureSet {
  if (mfcc === undefined) return features;
  if (mfcc.blocks.length !== 1) {
    throw new InputError(
      `--mfcc: has ${mfcc.blocks.map(({ name }) => name).join(', ')}; expected one block of features.`,
    );
  }
  const blocks = [
    ...features.blocks.filter(({ name }) => name !== 'mfcc'),
    { ...inRowsOf(features, mfcc, '--mfcc').blocks[0], name: 'mfcc' },
  ];
  return { ...features, blocks, provenance: withMfccProvenance(features.provenance, mfcc.provenance) };
}

function withRandom(features: FeatureSet, random: FeatureSet): FeatureSet {
  const layers = inRowsOf(features, random, '--random-features').blocks.filter(({ name }) =>
    name.startsWith('layer'),
  );
  return {
    ...features,
    blocks: [
      ...features.blocks,
      ...layers.map((block) => ({ ...block, name: block.name.replace('layer', 'random') })),
    ],
  };
}

/** Another file's rows in the order of these. */
function inRowsOf(features: FeatureSet, other: FeatureSet, option: string): FeatureSet {
  const { ids } = features;
  if (ids === null || other.ids === null) {
    if (other.rows === features.rows) return other;
    throw new InputError(
      `${option}: has ${other.rows} rows, --features ${features.rows}; expected the same clips in the same order.`,
    );
  }
  const place = new Map(other.ids.map((id, row) => [id, row]));
  const missing = ids.find((id) => !place.has(id));
  if (missing !== undefined) {
    throw new InputError(
      `${option}: has no features of "${missing}", which --features has; extract both from the same data.`,
    );
  }
  const blocks = other.blocks.map((block) => {
    const values = new Float64Array(ids.length * block.columns);
    ids.forEach((id, row) => {
      const from = place.get(id)! * block.columns;
      values.set(block.values.subarray(from, from + block.columns), row * block.columns);
    });
    return { ...block, values };
  });
  return { ...other, rows: ids.length, ids, blocks };
}

function besideFeatures(path: string): string | undefined {
  const beside = join(dirname(path), 'paper-results.json');
  return existsSync(beside) ? beside : undefined;
}

function subsetChoice(text: string): 'all' | 'best' | Subset[] {
  if (text === 'all' || text === 'best') return text;
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.every((part) => /^\d+$/.test(part) || part === 'mfcc') || new Set(parts).size < parts.length) {
    throw new InvalidArgumentError(
      'Expected "all", "best", or layers such as 0,1,3, each once, with "mfcc" where wanted.',
    );
  }
  const layers = parts.filter((part) => part !== 'mfcc').map(Number);
  layers.sort((a, b) => a - b);
  return [[...(parts.includes('mfcc') ? (['mfcc'] as const) : []), ...layers]];
}
