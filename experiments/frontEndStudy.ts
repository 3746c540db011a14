/**
 * X or log X: is a logarithmic front end worth twice the data? The question of Choi et al., "A Comparison of Audio
 * Signal Preprocessing Methods for Deep Neural Networks on Music Tagging", arXiv:1709.01922, for a small convnet on
 * the generated data and on recordings: {spectrogram, mel, CQT} × {linear, log} × whitening × A-weighting, each with
 * 25, 50 and 100 % of the training clips and three seeds. The front ends are frozen, so a clip's maps are computed
 * once. Every finished training is kept: the same command goes on where a killed one was.
 *      npm run -s sonotag -- experiment frontEndStudy       (432 trainings, half an hour on 2 cores)
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { listDataset, listGenerated, type Dataset } from '../datasets/index.ts';
import { describeEngine, describeSkipped } from '../src/cli/describe.ts';
import { engineOption, jsonOption, wholeNumber } from '../src/cli/options.ts';
import type { ProgressBar } from '../src/reporter.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';
import { InputError } from '../src/errors.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { analyse } from './frontEndStudy/analysis.ts';
import { CellStore } from './shared/cellStore.ts';
import { nFolds, partsOf } from './shared/partsOf.ts';
import {
  cellName,
  defaultData,
  frontEnds,
  mapOptions,
  nSeeds,
  shares,
  trainingOptions,
  type FrontEnd,
  type ScoredCell,
  type TaskName,
} from './frontEndStudy/design.ts';
import { describeStudy } from './frontEndStudy/describe.ts';
import { frontEndMaps } from './frontEndStudy/frontEndMaps.ts';
import { renderStudyReport, type StudyResult } from './frontEndStudy/report.ts';
import { clipSetOf, loadTask, type Task } from './frontEndStudy/tasks.ts';
import { trainCell } from './frontEndStudy/trainCell.ts';

interface StudyOptions {
  out: string;
  engine: EngineName | 'auto';
  data: string;
  seeds: number;
  steps: number;
  json?: true;
}

export function frontEndStudy(): Command {
  return new Command()
    .option('--out <folder>', 'where cells, result.json and report.html go', 'runs/frontEndStudy')
    .addOption(engineOption())
    .option('--data <data>', 'the recordings: class folders or a manifest', defaultData)
    .option('--seeds <n>', 'trainings of each cell', wholeNumber(1), nSeeds)
    .option('--steps <n>', 'least number of training steps', wholeNumber(1), trainingOptions.steps)
    .addOption(jsonOption())
    .action(run);
}

async function run(options: StudyOptions, command: Command): Promise<void> {
  const { out, data, seeds, steps, json } = options;
  const reporter = terminalReporter();
  const engine = await useEngine(options.engine);
  reporter.line(describeEngine(engine));

  const tasks: Task[] = [];
  for (const [name, dataset] of await listTasks(data, command.getOptionValueSource('data') === 'cli')) {
    if (dataset === null)
      reporter.line(`instruments: skipped, there is no ${data}; name recordings with --data`);
    else tasks.push(await loadTask(name, dataset, reporter));
  }
  for (const { name, skipped } of tasks) {
    if (skipped.length > 0) reporter.line(`${name}: ${describeSkipped(skipped).trimEnd()}`);
  }

  const configuration = { ...trainingOptions, steps, ...mapOptions, shares: [...shares], nFolds };
  const bar = reporter.bar('trainings', tasks.length * frontEnds.length * shares.length * seeds);
  const scored: ScoredCell[] = [];
  try {
    for (const task of tasks) {
      const store = new CellStore(
        join(out, 'cells'),
        hashTask(configuration, task, engine.name),
        scoreSchema,
      );
      for (const frontEnd of frontEnds) {
        for await (const cell of trainFrontEnd(task, frontEnd, store, {
          seeds,
          steps,
          bar,
        })) {
          scored.push(cell);
          bar.update(scored.length, `${cellName(cell)} ${cell.score.toFixed(3)}`);
        }
      }
    }
  } finally {
    bar.done();
  }

  const result: StudyResult = {
    created: new Date().toISOString(),
    engine: { name: engine.name, device: engine.device, version: engine.version },
    configuration: { ...configuration, seeds },
    tasks: tasks.map(({ name, dataset, skipped }) => {
      const own = scored.filter(({ task }) => task === name);
      return {
        name,
        metric: dataset.exclusive ? 'accuracy' : 'mean ROC-AUC',
        clips: dataset.clips.length,
        tags: dataset.tags,
        trainClips: shares.map((share) => own.find((cell) => cell.share === share)!.trainClips),
        testClips: own[0].testClips,
        skipped,
        cells: own,
        analysis: analyse(own),
      };
    }),
    seconds: Math.round(scored.reduce((sum, cell) => sum + cell.seconds, 0)),
  };
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(out, 'report.html'), renderStudyReport(result));
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeStudy(result, out));
}

/** The data set of each task; null for recordings that are not there and that nobody asked for. */
async function listTasks(data: string, isNamed: boolean): Promise<[TaskName, Dataset | null][]> {
  if (!existsSync(data)) {
    if (isNamed)
      throw new InputError(`${data}: no such folder or manifest. Name recordings, or leave --data away.`);
    return [
      ['generated', listGenerated({ valid: 0 })],
      ['instruments', null],
    ];
  }
  return [
    ['generated', listGenerated({ valid: 0 })],
    ['instruments', await listDataset(data)],
  ];
}

const scoreSchema = z.object({
  score: z.number(),
  trainClips: z.number(),
  testClips: z.number(),
  seconds: z.number(),
});

/** The cells of one front end, trained or read from where they were kept. */
async function* trainFrontEnd(
  { name, dataset, magnitudes }: Task,
  frontEnd: FrontEnd,
  store: CellStore<z.infer<typeof scoreSchema>>,
  { seeds, steps, bar }: { seeds: number; steps: number; bar: ProgressBar },
): AsyncGenerator<ScoredCell> {
  let maps: Float32Array[] | null = null; // not needed where all cells are there
  for (const share of shares) {
    for (let seed = 1; seed <= seeds; seed++) {
      const cell = { task: name, frontEnd, share, seed };
      let scored = await store.read(cellName(cell));
      if (scored === null) {
        const start = performance.now();
        maps ??= await frontEndMaps(magnitudes[frontEnd.scale], frontEnd);
        const { train, test } = partsOf(dataset, share, seed);
        const score = await trainCell({
          train: clipSetOf(dataset, train, maps),
          test: clipSetOf(dataset, test, maps),
          ...{ tags: dataset.tags, exclusive: dataset.exclusive, whitening: frontEnd.whitening, seed, steps },
        });
        const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
        scored = { score, trainClips: train.length, testClips: test.length, seconds };
        await store.write(cellName(cell), cell, scored);
      } else bar.skip(1);
      yield { ...cell, ...scored };
    }
  }
}

/** Of all that a score follows from, but for the seed. */
function hashTask(configuration: object, { dataset }: Task, engine: string): string {
  const clips = dataset.clips.map(({ id, labels }) => [id, labels]);
  return createHash('sha256')
    .update(JSON.stringify([configuration, engine, clips]))
    .digest('hex');
}
