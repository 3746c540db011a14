/**
 * Do features of several levels and several scales tell classes better than those of one? Taggers that differ in the
 * length of their input are trained on one data set; features of every block, mean and max pooled, are taken of another,
 * put side by side, and its classes told from them. The idea of Lee and Nam, "Multi-Level and Multi-Scale Feature
 * Aggregation Using Pre-trained Convolutional Neural Networks for Music Auto-tagging", arXiv:1703.01793, with compact
 * convnets and a linear classifier. Taggers and features are kept: the same command goes on where a killed one was.
 *      npm run -s sonotag -- experiment multiScale --data recordings        (some minutes on 2 cores)
 */
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Dataset, SkippedClip } from '../datasets/index.ts';
import { describeEngine } from '../src/cli/describe.ts';
import {
  engineOption,
  jsonOption,
  positiveNumber,
  seedOption,
  threadsOption,
  wholeNumber,
} from '../src/cli/options.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { useEngine, type Engine, type EngineName } from '../src/engine/engine.ts';
import { InputError } from '../src/errors.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import type { Reporter } from '../src/reporter.ts';
import { trainDefaults, type TrainConfig } from '../src/training/trainConfig.ts';
import { planFolds } from '../src/transfer/foldPlan.ts';
import { compareScales, type ScaleBlocks } from './multiScale/compare.ts';
import { classTargets, listEvaluation, listTraining } from './multiScale/data.ts';
import { describeMultiScale } from './multiScale/describe.ts';
import { renderMultiScaleReport, type MultiScaleResult } from './multiScale/report.ts';
import { scaleFeatures, type LevelBlock, type ScaleFeatures } from './multiScale/scaleFeatures.ts';
import { describeScales, trainScale, type Scale } from './multiScale/taggers.ts';

interface MultiScaleOptions {
  data: string;
  models?: string[];
  trainData: string;
  seconds: number[];
  epochs: number;
  filters: number;
  sampleRate: number;
  overwrite?: boolean;
  folds: number;
  out: string;
  engine: EngineName | 'auto';
  threads?: number;
  seed: number;
  json?: true;
}

export function multiScale(): Command {
  const ofTraining = ['seconds', 'epochs', 'filters', 'sampleRate', 'trainData', 'overwrite'];
  return new Command()
    .option(
      '--data <data>',
      'whose classes are told: class folders, a manifest, or "generated", its test part by tempo',
      'generated',
    )
    .addOption(
      new Option('--models <paths>', 'taggers that are there, such as a,b, instead of training some')
        .argParser((text) => text.split(','))
        .conflicts(ofTraining),
    )
    .option('--train-data <data>', 'what the taggers are trained on', 'generated')
    .option('--seconds <list>', 'input length of each tagger', listOfSeconds, [1, 2, 3])
    .option('--epochs <n>', 'passes over the training clips', wholeNumber(1), 5)
    .option('--filters <n>', 'channels of each block', wholeNumber(1), 32)
    .option('--sample-rate <hz>', 'of the taggers', wholeNumber(1000), 12_000)
    .option('--overwrite', 'train taggers anew that are in --out')
    .option('--folds <k>', 'of the cross-validation, stratified', wholeNumber(3), 10)
    .option('--out <folder>', 'taggers, features, result.json, report.html', 'runs/multiScale')
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(options: MultiScaleOptions): Promise<void> {
  const { data, models, out, folds, seed, threads, json } = options;
  const start = performance.now();
  if (models !== undefined && models.length < 2) {
    throw new InputError('--models: names one model; name two at least, as in --models a,b.');
  }
  const dataset = await listEvaluation(data, models === undefined ? options.trainData : null, seed);
  classTargets(dataset, dataset.clips, folds); // refused before anything is trained
  const reporter = terminalReporter();
  const engine = await useEngine(options.engine, { threads });
  reporter.line(describeEngine(engine));

  const scales = await describeScales(models ?? (await trainAll(options, engine, reporter)));
  const features: ScaleFeatures[] = [];
  for (const [place, { name, path, seconds }] of scales.entries()) {
    reporter.line(`${name}: features`);
    const file = join(out, 'features', `${place + 1}-${seconds}s.h5`);
    features.push(await scaleFeatures(path, dataset, file, { engine, threads, reporter }));
  }
  const { clips, blocks, skipped } = inCommon(dataset, scales, features);
  const targets = classTargets(dataset, clips, folds);
  const plan = planFolds(targets, folds);
  const comparison = await compareScales({
    ...{ scales: blocks, targets, plan, seed, threads },
    bar: (total) => reporter.bar('fits', total),
  });
  const result: MultiScaleResult = {
    created: new Date().toISOString(),
    engine: { name: engine.name, device: engine.device, version: engine.version },
    ...{ data: dataset.name, clips: clips.length, classes: targets.classes, folds: plan.description, scales },
    ...comparison,
    configuration: configurationOf(options),
    skipped,
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
  };
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(out, 'report.html'), renderMultiScaleReport(result));
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeMultiScale(result, out));
  process.exitCode = skipped.length > 0 ? 1 : 0;
}

/** @returns paths of the runs */
async function trainAll(
  { trainData, seconds, epochs, filters, sampleRate, seed, out, overwrite = false }: MultiScaleOptions,
  engine: Engine,
  reporter: Reporter,
): Promise<string[]> {
  const dataset = await listTraining(trainData, seed);
  const paths: string[] = [];
  for (const length of seconds) {
    const config: TrainConfig = {
      ...trainDefaults,
      ...{ sampleRate, seconds: length, epochs, filters, seed },
      speed: 0, // tempo may be a tag
      frontEnd: {},
      ...{ valid: 0, test: 0 },
    };
    const path = join(out, 'taggers', `${length}s`);
    await trainScale({ dataset, config, engine, path, overwrite, reporter });
    paths.push(path);
  }
  return paths;
}

/** The clips that every tagger could read, and their features in one order. */
function inCommon(
  dataset: Dataset,
  scales: readonly Scale[],
  features: readonly ScaleFeatures[],
): { clips: Dataset['clips']; blocks: ScaleBlocks[]; skipped: SkippedClip[] } {
  const rowOf = features.map(({ ids }) => new Map(ids.map((id, row) => [id, row])));
  const clips = dataset.clips.filter(({ id }) => rowOf.every((rows) => rows.has(id)));
  const blocks = scales.map(({ name }, scale) => ({
    name,
    blocks: features[scale].blocks.map((block) =>
      pickRows(
        block,
        clips.map(({ id }) => rowOf[scale].get(id)!),
      ),
    ),
  }));
  const unread = dataset.clips
    .filter(({ id }) => rowOf.some((rows) => !rows.has(id)))
    .map(({ id }) => ({ path: id, reason: 'could not be read' }));
  return { clips, blocks, skipped: [...dataset.skipped, ...unread] };
}

function pickRows({ values, columns, ...block }: LevelBlock, rows: number[]): LevelBlock {
  const picked = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => picked.set(values.subarray(row * columns, (row + 1) * columns), i * columns));
  return { ...block, columns, values: picked };
}

function configurationOf(options: MultiScaleOptions): Record<string, unknown> {
  const { data, models, folds, seed, trainData, seconds, epochs, filters, sampleRate } = options;
  const shared = { data, folds, seed };
  return models ? { ...shared, models } : { ...shared, trainData, seconds, epochs, filters, sampleRate };
}

function listOfSeconds(text: string): number[] {
  const seconds = text.split(',').map((part) => positiveNumber(part.trim()));
  if (seconds.length >= 2 && new Set(seconds).size === seconds.length) return seconds;
  throw new InvalidArgumentError('Expected two different lengths at least, such as 1,2,3.');
}
