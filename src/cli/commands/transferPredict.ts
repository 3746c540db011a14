/** `sonotag transfer predict`: a chosen pipeline on new recordings. */
import { Command } from 'commander';
import type { SkippedClip } from '../../../datasets/index.ts';
import { InputError } from '../../errors.ts';
import type { Prediction } from '../../transfer/fittedModel.ts';
import { describeEngine, describeSkipped } from '../describe.ts';
import { engineOption, jsonOption, threadsOption } from '../options.ts';
import { printable } from '../printable.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface PredictOptions {
  model?: string;
  pipeline: string;
  engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  threads?: number;
  json?: true;
}

export function transferPredictCommand(): Command {
  return new Command('predict')
    .description('the class or value of audio files, by the pipeline of a transfer run')
    .argument('<file...>', 'audio files')
    .requiredOption('--pipeline <path>', 'run folder of sonotag transfer --out, or its pipeline.json')
    .option('--model <path>', 'model that made the features; not needed where the pipeline takes MFCC alone')
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (files: string[], options: PredictOptions) => {
      const [{ useEngine }, { loadModel }, { loadPipeline }, { predictFiles }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../loadModel.ts'),
        import('../../transfer/pipeline.ts'),
        import('../../transfer/predictFiles.ts'),
      ]);
      const reporter = terminalReporter();
      const pipeline = await loadPipeline(options.pipeline);
      const engine = await useEngine(options.engine, { threads: options.threads });
      reporter.line(describeEngine(engine));
      const tagger = options.model === undefined ? null : await loadModel(options.model);
      const { predicted, skipped } = await predictFiles(pipeline, tagger, files, reporter);
      process.stderr.write(describeSkipped(skipped));
      if (predicted.length === 0) throw nothingPredicted(skipped);
      process.stdout.write(
        options.json ? `${JSON.stringify(predicted, null, 2)}\n` : predicted.map(describePrediction).join(''),
      );
      process.exitCode = skipped.length > 0 ? 1 : 0;
    });
}

function nothingPredicted(skipped: SkippedClip[]): InputError {
  return new InputError(
    skipped.length === 1
      ? skipped[0].reason
      : `none of the ${skipped.length} files can be read; the reasons are listed above.`,
  );
}

function describePrediction({ path, label, scores }: Prediction & { path: string }): string {
  const others = scores.slice(0, 3).map((one) => `${one.label} ${one.score.toFixed(2)}`);
  const text = typeof label === 'number' ? label.toFixed(4) : label;
  return `${printable(path)}  ${text}${others.length > 0 ? `  (${others.join(', ')})` : ''}\n`;
}
