/** `sonotag features`: what every layer of a tagger knows of recordings, one row a clip, in an HDF5 file. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { FeatureExtractor } from '../../features/featureExtractor.ts';
import type { Shard, WrittenFeatures } from '../../features/writeFeatures.ts';
import type { Tagger } from '../../models/tagger.ts';
import { InputError } from '../../errors.ts';
import { describeEngine, describeSkipped } from '../describe.ts';
import {
  dataOption,
  engineOption,
  expectedRateOption,
  jsonOption,
  modelOption,
  seedOption,
  splitOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface FeaturesOptions {
  model?: string;
  mfcc?: true;
  data: string;
  split?: string;
  out: string;
  layers: 'all' | number[];
  pool: 'mean' | 'max' | 'both';
  windows: 'first' | 'all';
  shortClips: 'repeat' | 'zeros';
  randomWeights?: number;
  shard?: Shard;
  npy?: true;
  batchSize: number;
  engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  threads?: number;
  seed: number;
  json?: true;
  sampleRate?: number;
}

export function featuresCommand(): Command {
  return new Command('features')
    .description("write every layer's features of recordings to an HDF5 file, one row a clip")
    .addOption(modelOption().makeOptionMandatory(false))
    .addOption(
      new Option('--mfcc', '120 statistics of MFCC instead of layers; needs no model').conflicts('model'),
    )
    .addOption(dataOption())
    .addOption(splitOption())
    .requiredOption('--out <file>', 'HDF5 file; a feature file that is there is replaced')
    .addOption(
      new Option('--layers <numbers>', '"all", or some, such as 0,2,4')
        .argParser(layerNumbers)
        .default('all'),
    )
    .addOption(
      new Option('--pool <what>', "what is taken of each channel's map over time and frequency")
        .choices(['mean', 'max', 'both'])
        .default('mean'),
    )
    .addOption(
      new Option('--windows <which>', "the model's input length from the start, or the mean over the file")
        .choices(['first', 'all'])
        .default('all'),
    )
    .addOption(
      new Option('--short-clips <how>', 'how a clip shorter than the input is filled up')
        .choices(['repeat', 'zeros'])
        .default('repeat'),
    )
    .addOption(
      new Option(
        '--random-weights <seed>',
        'features of the same net with random weights, for comparison',
      ).argParser(wholeNumber(0)),
    )
    .addOption(
      new Option('--shard <i/N>', 'part i of N of the clips; put together with "merge"').argParser(shardOf),
    )
    .addOption(new Option('--npy', 'also write FILE_layer_0.npy … and FILE.csv, for NumPy'))
    .addOption(
      new Option('--batch-size <n>', 'windows computed together; no effect on the result; more suit a GPU')
        .argParser(wholeNumber(1))
        .default(2),
    )
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(expectedRateOption())
    .addOption(jsonOption())
    .action(async (options: FeaturesOptions) => {
      // loaded here, so that --help need not wait for TensorFlow.js
      const [{ useEngine }, { writeFeatures }, { listDataset }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../../features/writeFeatures.ts'),
        import('../../../datasets/index.ts'),
      ]);
      const reporter = terminalReporter();
      const engine = await useEngine(options.engine, { threads: options.threads });
      reporter.line(describeEngine(engine));
      const extractor = options.mfcc ? await extractorOfMfcc(options) : await extractorOfLayers(options);
      const { model, data, out, seed, shard } = options;
      const dataset = await listDataset(data, { seed, split: options.split, unlabelled: true });
      const start = performance.now();
      const written = await writeFeatures(extractor, dataset, out, { engine: engine.name, shard, reporter });
      const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
      const npy = options.npy ? await writeNpyBeside(out) : undefined;
      process.stderr.write(describeSkipped(written.skipped));
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ model, data, engine: engine.name, seconds, ...written, npy }, null, 2)}\n`
          : describeFeatures(written, seconds),
      );
      process.exitCode = written.skipped.length > 0 ? 1 : 0;
    });
}

async function extractorOfMfcc({ sampleRate }: FeaturesOptions): Promise<FeatureExtractor> {
  const { mfccExtractor } = await import('../../features/mfccExtractor.ts');
  return mfccExtractor({ sampleRate });
}

async function extractorOfLayers(options: FeaturesOptions): Promise<FeatureExtractor> {
  const { pool, windows, shortClips, batchSize, sampleRate, randomWeights } = options;
  if (options.model === undefined) {
    throw new InputError('features: whose? Name a model with --model, or take --mfcc, which needs none.');
  }
  const [{ loadModel }, { layerExtractor }] = await Promise.all([
    import('../loadModel.ts'),
    import('../../features/layerExtractor.ts'),
  ]);
  const tagger = await loadModel(options.model, sampleRate);
  if (randomWeights !== undefined) await forget(tagger, randomWeights);
  const layers = options.layers === 'all' ? undefined : options.layers;
  return layerExtractor(tagger, { layers, pool, windows, shortClips, batchSize });
}

/** The tagger with random weights, which say so. */
async function forget(tagger: Tagger, seed: number): Promise<void> {
  const { randomizeWeights } = await import('../../models/randomizeWeights.ts');
  randomizeWeights(tagger.model, seed);
  tagger.info = { ...tagger.info, weightsHash: `random, seed ${seed}`, licence: 'none: random weights' };
}

/** `genre.h5` as `genre_layer_0.npy` … and `genre.csv`. */
async function writeNpyBeside(path: string): Promise<string[]> {
  const { exportNpy } = await import('../../features/exportNpy.ts');
  return exportNpy(path, path.replace(/\.[^./\\]*$/, ''));
}

function describeFeatures({ path, clips, parts }: WrittenFeatures, seconds: number): string {
  const units = parts.reduce((sum, part) => sum + part.units.length, 0);
  const names = parts.map(({ dataset }) => dataset).join(', ');
  return `${path}: ${clips} clips × ${units} features (${names}) in ${seconds.toFixed(1)} s\n`;
}

/** `0,2,4` as numbers; whether the model has them is found when it is there. */
function layerNumbers(text: string): 'all' | number[] {
  if (text === 'all') return text;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => /^\d+$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError('Expected "all", or numbers of layers such as 0,2,4.');
}

function shardOf(text: string): Shard {
  const [, number, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (number >= 1 && number <= of) return { number, of };
  throw new InvalidArgumentError('Expected one of 1/N to N/N, such as 2/4.');
}
