/** `sonotag train`: a tagger from raw audio. */
import { Command, Option } from 'commander';
import { InputError } from '../../errors.ts';
import { frontEndKinds, type FrontEndKind } from '../../models/frontEndKinds.ts';
import type { FrontEndOptions } from '../../models/compactConvnet.ts';
import type { TrainConfig } from '../../training/trainConfig.ts';
import type { TrainingRun } from '../../training/trainTagger.ts';
import {
  dataOption,
  engineOption,
  jsonOption,
  positiveNumber,
  seedOption,
  threadsOption,
  share,
  wholeNumber,
} from '../options.ts';
import { describeEngine, describeRun, describeSkipped } from '../describe.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface TrainOptions {
  data: string;
  out: string;
  engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  threads?: number;
  seed: number;
  json?: true;
  epochs: number;
  batchSize: number;
  learningRate: number;
  patience?: number;
  speed: number;
  mask: number;
  mixup: number;
  folds?: number;
  valid: number;
  test: number;
  sampleRate: number;
  seconds?: number;
  frontEnd: FrontEndKind;
  mels?: number;
  fft: number;
  hop?: number;
  filters: number;
  octaves?: number;
  binsPerOctave?: number;
  fixedChroma?: true;
  trainableKernels?: true;
  trainableFilterbank?: true;
  trainableWindow?: true;
  resume?: true;
  overwrite?: true;
  baseline?: true;
}

export function trainCommand(): Command {
  const option = (flags: string, description: string, parse: (text: string) => unknown, value?: unknown) =>
    new Option(flags, description).argParser(parse).default(value);
  return new Command('train')
    .description('train a tagger from raw audio')
    .addOption(dataOption())
    .requiredOption('--out <folder>', 'run folder: model, metrics, history, report')
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(option('--epochs <n>', 'passes over the clips, a random crop of each', wholeNumber(1), 80))
    .addOption(option('--batch-size <n>', 'clips per step', wholeNumber(1), 16))
    .addOption(
      option('--learning-rate <x>', 'of Adam at the start; falls along a cosine', positiveNumber, 3e-3),
    )
    .addOption(
      option(
        '--speed <share>',
        'play training crops up to this much faster or slower; 0 for not',
        share,
        0.1,
      ),
    )
    .addOption(
      option('--mask <share>', 'mask up to this share of bins and of frames in training', share, 0.25),
    )
    .addOption(option('--mixup <alpha>', 'blend training crops by shares of Beta(alpha, alpha)', share, 0))
    .addOption(
      option(
        '--patience <n>',
        'epochs without a better validation before it stops (default: never)',
        wholeNumber(1),
      ),
    )
    .addOption(option('--folds <k>', 'cross-validate over k folds, then train on all clips', wholeNumber(2)))
    .addOption(
      option('--valid <share>', 'of the clips to validate on, unless the data say which', share, 0.1),
    )
    .addOption(option('--test <share>', 'of the clips to test on, unless the data say which', share, 0.2))
    .addOption(option('--sample-rate <hz>', 'of the model', wholeNumber(1000), 16_000))
    .addOption(
      option('--seconds <s>', 'length of the input (default: half the median clip, 1 to 29)', positiveNumber),
    )
    .addOption(
      new Option('--front-end <kind>', 'mel bands; chroma whose weights are learned; or both as channels')
        .choices(frontEndKinds)
        .default('mel'),
    )
    .addOption(option('--mels <n>', 'mel bands (default: 96)', wholeNumber(1)))
    .addOption(option('--fft <samples>', 'DFT length', wholeNumber(2), 512))
    .addOption(option('--hop <samples>', 'distance of frames (default: half the DFT length)', wholeNumber(1)))
    .addOption(option('--filters <n>', 'channels of each block', wholeNumber(1), 32))
    .addOption(option('--octaves <n>', 'of chroma, above C1 (default: 7, or as many as fit)', wholeNumber(1)))
    .addOption(option('--bins-per-octave <n>', 'of chroma, a multiple of 12 (default: 36)', wholeNumber(12)))
    .option('--fixed-chroma', 'leave chroma at octave equivalence, not trained')
    .option('--trainable-kernels', 'train the DFT kernels')
    .option('--trainable-filterbank', 'train the mel filterbank')
    .addOption(
      new Option('--trainable-window', 'train the window; not with the kernels, which hold it').conflicts(
        'trainableKernels',
      ),
    )
    .option('--baseline', 'also score a linear classifier on mean log-mel spectra')
    .addOption(new Option('--resume', 'go on with the run in --out').conflicts('overwrite'))
    .option('--overwrite', 'replace the run in --out')
    .action(async (options: TrainOptions) => {
      // loaded here, so that --help need not wait for TensorFlow.js
      const [{ useEngine }, { listDataset }, { trainTagger }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../../../datasets/index.ts'),
        import('../../training/trainTagger.ts'),
      ]);
      const reporter = terminalReporter();
      const dataset = await listDataset(options.data, { seed: options.seed });
      const engine = await useEngine(options.engine, { threads: options.threads });
      reporter.line(describeEngine(engine));
      const run = await trainTagger({
        dataset,
        config: configOf(options),
        engine,
        out: options.out,
        whenRunExists: options.resume ? 'resume' : options.overwrite ? 'overwrite' : 'refuse',
        baseline: options.baseline ?? false,
        reporter,
      });
      process.stderr.write(describeSkipped(run.skipped));
      process.stdout.write(options.json ? `${JSON.stringify(summaryOf(run), null, 2)}\n` : describeRun(run));
      process.exitCode = run.skipped.length > 0 ? 1 : 0;
    });
}

function configOf(options: TrainOptions): TrainConfig {
  const { sampleRate, filters, epochs, batchSize, learningRate, patience, speed, mixup, valid, test, seed } =
    options;
  return {
    sampleRate,
    seconds: options.seconds ?? null,
    frontEnd: frontEndOf(options),
    filters,
    epochs,
    batchSize,
    learningRate,
    speed,
    mixup,
    patience: patience ?? null,
    folds: options.folds ?? null,
    valid,
    test,
    seed,
  };
}

/** Without the options of what is not there; of mel bands alone as it has been since before there was chroma. */
function frontEndOf(options: TrainOptions): FrontEndOptions {
  refuseForeignOptions(options);
  const { frontEnd: kind, fft, hop, mels, mask, octaves, binsPerOctave, fixedChroma } = options;
  const framing = { nFft: fft, hopLength: hop ?? Math.max(1, Math.floor(fft / 2)) };
  const chroma = {
    ...(octaves !== undefined && { nOctaves: octaves }),
    ...(binsPerOctave !== undefined && { binsPerOctave }),
    ...(fixedChroma && { trainableChroma: false }),
  };
  if (kind === 'learned-chroma') return { kind, ...framing, mask, ...chroma };
  return {
    ...(kind !== 'mel' && { kind }),
    ...framing,
    nMels: mels ?? 96,
    mask,
    trainableKernels: options.trainableKernels ?? false,
    trainableFilterbank: options.trainableFilterbank ?? false,
    trainableWindow: options.trainableWindow ?? false,
    ...chroma,
  };
}

/** @throws InputError where an option is given of mel bands or of chroma that the front end has not. */
function refuseForeignOptions(options: TrainOptions): void {
  const { mels, trainableKernels, trainableFilterbank, trainableWindow } = options;
  const { frontEnd: kind, octaves, binsPerOctave, fixedChroma } = options;
  const ofMel = {
    '--mels': mels,
    '--trainable-kernels': trainableKernels,
    '--trainable-filterbank': trainableFilterbank,
    '--trainable-window': trainableWindow,
  };
  const ofChroma = {
    '--octaves': octaves,
    '--bins-per-octave': binsPerOctave,
    '--fixed-chroma': fixedChroma,
  };
  const foreign = { mel: ofChroma, 'learned-chroma': ofMel, 'mel+chroma': {} }[kind];
  const given = Object.entries(foreign).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  const others = kind === 'mel' ? 'learned-chroma or mel+chroma' : 'mel or mel+chroma';
  throw new InputError(
    `${given[0]}: --front-end ${kind} has no such part. Leave it away, or take --front-end ${others}.`,
  );
}

function summaryOf(run: TrainingRun): Record<string, unknown> {
  const { path, evaluation, folds, baseline, history, bestEpoch, trainableParameters, seconds, skipped } =
    run;
  return {
    path,
    evaluation,
    folds,
    baseline,
    epochs: history.length,
    bestEpoch,
    trainableParameters,
    frontEndMovement: run.frontEndMovement,
    seconds,
    skipped,
  };
}
