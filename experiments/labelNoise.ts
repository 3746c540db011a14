/**
 * What wrong labels do to training and to evaluation, where the truth is known: the question of Choi et al., "The Effects
 * of Noisy Labels on Deep Convolutional Neural Networks for Music Tagging" (2018), arXiv:1706.02361, with noise put in on
 * purpose. Four kinds of noise at rates up to 0.8; systems of different quality ranked by true and by noisy labels; six
 * remedies side by side. Every finished training is kept: the same command goes on where a killed one was.
 *      npm run -s sonotag -- experiment labelNoise --engine wasm       (190 trainings; 25 minutes on 2 busy cores)
 */
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { listFolder, listGenerated, type Dataset } from '../datasets/index.ts';
import { describeEngine, describeSkipped } from '../src/cli/describe.ts';
import { engineOption, jsonOption, wholeNumber } from '../src/cli/options.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { analyse, type ScoredCell } from './labelNoise/analysis.ts';
import {
  cellName,
  cellsOf,
  fullDesign,
  generatedClips,
  kindsOf,
  mapOptions,
  nDraws,
  quickClips,
  quickDesign,
  remedyOptions,
  tolerances,
  trainingOptions,
  type Design,
} from './labelNoise/design.ts';
import { describeStudy } from './labelNoise/describe.ts';
import { renderLabelNoiseReport, type LabelNoiseResult } from './labelNoise/report.ts';
import { loadTask, type Task } from './labelNoise/task.ts';
import { trainCell } from './labelNoise/trainCell.ts';
import { CellStore } from './shared/cellStore.ts';
import { nFolds } from './shared/partsOf.ts';

interface StudyOptions {
  out: string;
  engine: EngineName | 'auto';
  data?: string;
  seeds?: number;
  quick?: true;
  json?: true;
}

export function labelNoise(): Command {
  return new Command()
    .option('--out <folder>', 'where cells, result.json and report.html go', 'runs/labelNoise')
    .addOption(engineOption())
    .option('--data <folder>', 'class folders of recordings to study beside the generated data')
    .option('--seeds <n>', `trainings of each cell (default: ${fullDesign.seeds})`, wholeNumber(1))
    .option('--quick', 'a minute on little data, which shows that all works and tells nothing')
    .addOption(jsonOption())
    .action(run);
}

async function run({ out, data, seeds, quick, json, ...options }: StudyOptions): Promise<void> {
  const usual = quick ? quickDesign : fullDesign;
  const design: Design = { ...usual, seeds: seeds ?? usual.seeds };
  const reporter = terminalReporter();
  const listed: [string, Dataset][] = [['generated', listGenerated(quick ? quickClips : generatedClips)]];
  if (data !== undefined) listed.push([basename(resolve(data)), await listFolder(data)]);
  const engine = await useEngine(options.engine);
  reporter.line(describeEngine(engine));

  const tasks: Task[] = [];
  for (const [name, dataset] of listed) {
    const task = await loadTask(name, dataset, reporter);
    if (task.skipped.length > 0) reporter.line(`${name}: ${describeSkipped(task.skipped).trimEnd()}`);
    tasks.push(task);
  }

  const scored: ScoredCell[][] = [];
  for (const task of tasks) {
    const store = new CellStore(
      join(out, 'cells', task.name),
      hashTask(task, design, engine.name),
      cellSchema,
    );
    const cells = cellsOf(design, kindsOf(task.dataset.exclusive));
    const bar = reporter.bar(`${task.name}: trainings`, cells.length);
    const own: ScoredCell[] = [];
    try {
      for (const cell of cells) {
        const name = cellName(cell);
        let trained = await store.read(name);
        if (trained === null) {
          trained = await trainCell(task, cell, design.steps);
          await store.write(name, cell, trained);
        } else bar.skip(1);
        own.push({ ...cell, ...trained });
        bar.update(own.length, name);
      }
    } finally {
      bar.done();
    }
    scored.push(own);
  }

  const result: LabelNoiseResult = {
    created: new Date().toISOString(),
    engine: { name: engine.name, device: engine.device, version: engine.version },
    configuration: {
      ...{ ...mapOptions, ...trainingOptions, ...remedyOptions, nDraws, tolerances, nFolds },
      ...{ rates: design.rates, seeds: design.seeds, steps: design.steps },
    },
    systems: design.systems,
    tasks: tasks.map((task, i) => ({
      name: task.name,
      clips: task.dataset.clips.length,
      tags: task.dataset.tags,
      exclusive: task.dataset.exclusive,
      trainClips: scored[i][0].trainClips,
      testClips: scored[i][0].scores.length / task.dataset.tags.length,
      skipped: task.skipped,
      analysis: analyse(task, scored[i], design, kindsOf(task.dataset.exclusive)),
    })),
    trainings: scored.flat().length,
    seconds: Math.round(scored.flat().reduce((sum, cell) => sum + cell.seconds, 0)),
  };
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(out, 'report.html'), renderLabelNoiseReport(result));
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeStudy(result, out));
}

const cellSchema = z.object({ scores: z.array(z.number()), trainClips: z.number(), seconds: z.number() });

/** Of all that a cell's scores follow from, but for the cell. */
function hashTask({ dataset, labels }: Task, { steps }: Design, engine: string): string {
  const clips = dataset.clips.map(({ id }) => id);
  const options = { ...mapOptions, ...trainingOptions, ...remedyOptions, nFolds, steps };
  return createHash('sha256')
    .update(JSON.stringify([options, engine, dataset.tags, clips, Array.from(labels)]))
    .digest('hex');
}
