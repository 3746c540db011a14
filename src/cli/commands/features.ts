/** `sonotag features`: what every layer of a tagger knows of recordings, one row a clip, in an HDF5 file. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { WrittenFeatures } from '../../features/writeFeatures.ts';
import { describeEngine, describeSkipped } from '../describe.ts';
import {
  dataOption,
  engineOption,
  expectedRateOption,
  jsonOption,
  modelOption,
  seedOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface FeaturesOptions {
  model: string;
  data: string;
  out: string;
  layers: 'all' | number[];
  windows: 'first' | 'all';
  shortClips: 'repeat' | 'zeros';
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
    .addOption(modelOption())
    .addOption(dataOption())
    .requiredOption('--out <file>', 'HDF5 file; a feature file that is there is replaced')
    .addOption(
      new Option('--layers <numbers>', '"all", or some, such as 0,2,4')
        .argParser(layerNumbers)
        .default('all'),
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
      const [{ useEngine }, { loadModel }, { writeFeatures }, { listDataset }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../loadModel.ts'),
        import('../../features/writeFeatures.ts'),
        import('../../../datasets/index.ts'),
      ]);
      const reporter = terminalReporter();
      const engine = await useEngine(options.engine, { threads: options.threads });
      reporter.line(describeEngine(engine));
      const tagger = await loadModel(options.model, options.sampleRate);
      const { model, data, out, seed, windows, shortClips, batchSize } = options;
      const layers = options.layers === 'all' ? undefined : options.layers;
      const dataset = await listDataset(data, { seed });
      const start = performance.now();
      const written = await writeFeatures(tagger, dataset, out, {
        ...{ layers, windows, shortClips, batchSize, reporter },
        engine: engine.name,
      });
      const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
      process.stderr.write(describeSkipped(written.skipped));
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ model, data, engine: engine.name, seconds, ...written }, null, 2)}\n`
          : describeFeatures(written, seconds),
      );
      process.exitCode = written.skipped.length > 0 ? 1 : 0;
    });
}

function describeFeatures({ path, clips, layers }: WrittenFeatures, seconds: number): string {
  const units = layers.reduce((sum, layer) => sum + layer.units, 0);
  const names = layers.map(({ index }) => `layer${index}`).join(', ');
  return `${path}: ${clips} clips × ${units} features (${names}) in ${seconds.toFixed(1)} s\n`;
}

/** `0,2,4` as numbers; whether the model has them is found when it is there. */
function layerNumbers(text: string): 'all' | number[] {
  if (text === 'all') return text;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => /^\d+$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError('Expected "all", or numbers of layers such as 0,2,4.');
}
