/**
 * Can a compact convnet learn instruments, tempo and mode from raw audio in a few minutes, and what does a linear
 * classifier get? Fills the run folder, renders a clip that no part of the data holds, and tags it.
 *      npm start                      (the same as: npm run -s sonotag -- experiment quickstart)
 */
import { join } from 'node:path';
import { Command } from 'commander';
import { listGenerated, renderUnseen } from '../datasets/index.ts';
import { loadAudio } from '../src/audio/loadAudio.ts';
import { writeWav } from '../src/audio/writeWav.ts';
import { describeEngine, describeRun } from '../src/cli/describe.ts';
import { engineOption, jsonOption, seedOption, wholeNumber } from '../src/cli/options.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';
import { loadTagger } from '../src/models/tagger.ts';
import { tagWaveform } from '../src/models/tagWaveform.ts';
import { trainDefaults, type TrainConfig } from '../src/training/trainConfig.ts';
import { trainTagger } from '../src/training/trainTagger.ts';

interface QuickstartOptions {
  out: string;
  engine: EngineName | 'auto';
  seed: number;
  epochs: number;
  json: boolean;
}

export function quickstart(): Command {
  return new Command()
    .option('--out <folder>', 'run folder; a run in it is replaced', 'runs/quickstart')
    .addOption(engineOption())
    .addOption(seedOption())
    .option('--epochs <n>', 'passes over the training clips', wholeNumber(1), 16)
    .addOption(jsonOption())
    .action(run);
}

async function run({ out, engine: wanted, seed, epochs, json }: QuickstartOptions): Promise<void> {
  const reporter = terminalReporter();
  const engine = await useEngine(wanted);
  reporter.line(describeEngine(engine));

  // 1. Train on 600 rendered clips of 4 s, test on 240 others.
  const config: TrainConfig = {
    ...trainDefaults,
    sampleRate: 12_000, // Hz, the rate of the published tagger
    seconds: 3, // long enough to hear the tempo
    speed: 0, // tempo is a tag here
    frontEnd: {},
    epochs,
    seed,
  };
  const result = await trainTagger({
    dataset: listGenerated({ seed }),
    config,
    engine,
    out,
    whenRunExists: 'overwrite',
    baseline: true,
    reporter,
  });

  // 2. Put it to work: render a clip from a seed that no split uses, write it as WAV, and tag the file.
  const unseen = renderUnseen(seed);
  const path = join(out, 'unseen.wav');
  await writeWav(path, unseen.source(44_100), { sampleRate: 44_100 });
  const tagger = await loadTagger(out);
  const tags = await tagWaveform(tagger, await loadAudio(path, { sampleRate: tagger.info.sampleRate }));
  tagger.model.dispose();

  const { evaluation, baseline, seconds } = result;
  if (json) {
    const summary = {
      path: out,
      evaluation,
      baseline,
      unseen: { path, labels: unseen.labels, tags },
      seconds,
    };
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  const heard = tags.filter(({ probability }) => probability >= 0.5);
  const list =
    heard.map(({ tag, probability }) => `${tag} ${probability.toFixed(2)}`).join(', ') || 'none at 0.5';
  process.stdout.write(
    [
      describeRun(result),
      `An unseen clip, ${path}:`,
      `  heard   ${list}`,
      `  played  ${unseen.labels.join(', ')}`,
      '',
      `Trained and evaluated in ${(seconds / 60).toFixed(1)} minutes. Open ${join(out, 'report.html')} in a browser.`,
      'Tag a file of yours:  npm run -s sonotag -- tag --model ' + out + ' FILE',
      '',
    ].join('\n'),
  );
}
