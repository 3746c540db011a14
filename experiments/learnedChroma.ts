/**
 * Learned chroma: chroma is octave equivalence, a fixed matrix from spectrum to pitch classes; what if its weights are
 * learned? The question of Humphrey's practicum of 2013, for chords of rendered progressions, or of recordings with
 * annotations: octave equivalence against one, two and three learned layers, free and regularised, with and without
 * distorted training frames; hyper-parameters by random search; tested on instruments that training did not hear, as they
 * are and distorted. Every finished trial is kept: the same command goes on where a killed one was.
 *      npm run -s sonotag -- experiment learnedChroma       (108 trials; 20 minutes, and some for the frames, on two busy cores)
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Command } from 'commander';
import { listAnnotated, listChords, unseenTimbres, type ChordDataset } from '../datasets/chords/index.ts';
import { describeEngine, describeSkipped } from '../src/cli/describe.ts';
import { engineOption, jsonOption, wholeNumber } from '../src/cli/options.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';
import { InputError } from '../src/errors.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { analyse, testRecall } from './learnedChroma/analysis.ts';
import { describeStudy } from './learnedChroma/describe.ts';
import {
  armName,
  arms,
  clipCounts,
  defaultSeed,
  distortionOptions,
  drawHyperParameters,
  frameOptions,
  nTrials,
  trainingOptions,
} from './learnedChroma/design.ts';
import { loadFrames, splitClips, type FrameData } from './learnedChroma/frameData.ts';
import { makePictures } from './learnedChroma/pictures.ts';
import { renderStudyReport, type StudyResult } from './learnedChroma/report.ts';
import { runTrial } from './learnedChroma/runTrial.ts';
import { TrialStore, type Trial } from './learnedChroma/trialStore.ts';

interface StudyOptions {
  out: string;
  engine: EngineName | 'auto';
  data?: string;
  trials: number;
  steps: number;
  seed: number;
  json?: true;
}

/** Seconds of a recording that are used, from its start. */
const recordingSeconds = 60;

export function learnedChroma(): Command {
  return new Command()
    .option('--out <folder>', 'where trials, result.json and report.html go', 'runs/learnedChroma')
    .addOption(engineOption())
    .option('--data <folder>', 'recordings with .lab annotations beside them (default: rendered chords)')
    .option('--trials <n>', 'draws of the hyper-parameters', wholeNumber(1), nTrials)
    .option('--steps <n>', 'training steps of each trial', wholeNumber(1), trainingOptions.steps)
    .option('--seed <n>', 'of clips, distortions and draws', wholeNumber(0), defaultSeed)
    .addOption(jsonOption())
    .action(run);
}

async function run({
  out,
  engine: engineName,
  data: folder,
  trials: nDraws,
  steps,
  seed,
  json,
}: StudyOptions): Promise<void> {
  const reporter = terminalReporter();
  const engine = await useEngine(engineName);
  reporter.line(describeEngine(engine));

  const dataset = await listClips(folder, seed);
  const data = await loadFrames(dataset, { durationSeconds: recordingSeconds, seed, reporter });
  if (data.skipped.length > 0) reporter.line(describeSkipped(data.skipped).trimEnd());
  requireParts(data);

  const configuration = { ...trainingOptions, ...frameOptions, distortions: distortionOptions, steps, seed };
  const store = new TrialStore(join(out, 'trials'), hashStudy({ configuration, engine: engine.name }, data));
  const bar = reporter.bar('trials', arms.length * nDraws);
  const trials: Trial[] = [];
  try {
    for (let trial = 1; trial <= nDraws; trial++) {
      for (const arm of arms) {
        let done = await store.read(arm, trial);
        if (done === null) {
          const start = performance.now();
          const draw = drawHyperParameters(seed, trial);
          const result = await runTrial({ data, arm, draw, steps, seed: trial });
          done = { arm, trial, ...result, seconds: Number(((performance.now() - start) / 1000).toFixed(2)) };
          await store.write(done);
        } else bar.skip(1);
        trials.push(done);
        bar.update(trials.length, `${armName(arm)} ${done.valid.toFixed(3)}`);
      }
    }
  } finally {
    bar.done();
  }

  const analysis = analyse(trials, data.conditions);
  const bestOf = new Map(analysis.arms.map(({ arm, best }) => [armName(arm), best]));
  const result: StudyResult = {
    created: new Date().toISOString(),
    engine: { name: engine.name, device: engine.device, version: engine.version },
    configuration: { ...configuration, trials: nDraws },
    data: {
      name: data.name,
      ...{ train: data.train.length, valid: data.valid.length, test: data.test.length },
      unseen: folder === undefined ? [...unseenTimbres] : [],
      skipped: data.skipped,
    },
    conditions: data.conditions,
    draws: Array.from({ length: nDraws }, (_, i) => drawHyperParameters(seed, i + 1)),
    trials: trials.map((trial) => ({
      ...{ arm: trial.arm, trial: trial.trial, valid: trial.valid, decoding: trial.decoding },
      ...{ curve: trial.curve, seconds: trial.seconds },
      clean: testRecall(trial, ['clean']),
      distorted: testRecall(
        trial,
        data.conditions.filter((condition) => condition !== 'clean'),
      ),
    })),
    analysis,
    pictures: makePictures(
      (arm) =>
        trials.find((each) => armName(each.arm) === armName(arm) && each.trial === bestOf.get(armName(arm)))!,
      data.test[0],
      seed,
    ),
    seconds: Math.round(trials.reduce((sum, trial) => sum + trial.seconds, 0)),
  };
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(out, 'report.html'), renderStudyReport(result));
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeStudy(result, out));
}

async function listClips(folder: string | undefined, seed: number): Promise<ChordDataset> {
  if (folder === undefined) return listChords({ ...clipCounts, seed });
  const dataset = await listAnnotated(folder);
  return { ...dataset, clips: splitClips(dataset.clips, seed) };
}

function requireParts({ name, train, valid, test }: FrameData): void {
  if (train.length > 0 && valid.length > 0 && test.length > 0) return;
  throw new InputError(
    `learnedChroma: ${name} leaves ${train.length} clips to train on, ${valid.length} to validate on and ${test.length} to test on; ` +
      'each needs one. Use five recordings or more.',
  );
}

/** Of all that a trial follows from, but for arm and draw. */
function hashStudy(study: object, { train, valid, test, conditions }: FrameData): string {
  const clips = [train, valid, test].map((part) => part.map(({ id, segments }) => [id, segments]));
  return createHash('sha256')
    .update(JSON.stringify([study, conditions, clips]))
    .digest('hex');
}
