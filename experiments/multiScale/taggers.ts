/** Taggers of different input lengths: trained here, or given. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../datasets/index.ts';
import { describeSkipped } from '../../src/cli/describe.ts';
import { loadModel } from '../../src/cli/loadModel.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { InputError } from '../../src/errors.ts';
import type { Reporter } from '../../src/reporter.ts';
import { RunFolder } from '../../src/training/runFolder.ts';
import type { TrainConfig } from '../../src/training/trainConfig.ts';
import { trainTagger } from '../../src/training/trainTagger.ts';

export interface TrainScaleOptions {
  dataset: Dataset;
  config: TrainConfig;
  engine: Engine;
  /** Run folder. */
  path: string;
  overwrite: boolean;
  reporter: Reporter;
}

/**
 * Trains the tagger of one input length, or goes on with it. One that is finished is taken as it is if it was trained
 * with the same options on data of the same name; whether the clips behind the name are the same is not looked at.
 *
 * @throws InputError if the folder holds a run of other options.
 */
export async function trainScale(options: TrainScaleOptions): Promise<void> {
  const { dataset, config, engine, path, overwrite, reporter } = options;
  const finished = existsSync(join(path, 'metrics.json')) && existsSync(join(path, 'model'));
  if (finished && !overwrite) {
    const configHash = await readConfigHash(path);
    const wanted = { ...config, data: dataset.name, engine: engine.name, configHash };
    await new RunFolder(path).requireSameConfig(wanted);
    reporter.line(`${path}: already trained`);
    return;
  }
  reporter.line(`${path}: training`);
  const whenRunExists = overwrite ? 'overwrite' : 'resume';
  const { skipped } = await trainTagger({ dataset, config, engine, out: path, whenRunExists, reporter });
  if (skipped.length > 0) reporter.line(describeSkipped(skipped).trimEnd());
}

async function readConfigHash(path: string): Promise<unknown> {
  const config = join(path, 'config.json');
  try {
    return (JSON.parse(await readFile(config, 'utf8')) as { configHash?: unknown }).configHash;
  } catch {
    throw new InputError(`${config}: missing or damaged. Pass --overwrite to train the tagger anew.`);
  }
}

/** A tagger and what its features are called. */
export interface Scale {
  /** Its input length, such as `2 s`; of several with the same length, numbered. */
  name: string;
  path: string;
  sampleRate: number;
  /** Length of its input. */
  seconds: number;
}

/** Names the scales by what the models take in, in the order of the paths. @throws InputError if one is no model. */
export async function describeScales(paths: readonly string[]): Promise<Scale[]> {
  const scales: Scale[] = [];
  for (const path of paths) {
    const { model, info } = await loadModel(path);
    model.dispose();
    const seconds = Number((info.samples / info.sampleRate).toFixed(2));
    const same = scales.filter((scale) => scale.seconds === seconds).length;
    const name = same === 0 ? `${seconds} s` : `${seconds} s (${same + 1})`;
    scales.push({ name, path, sampleRate: info.sampleRate, seconds });
  }
  return scales;
}
