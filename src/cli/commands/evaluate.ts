/** `sonotag evaluate`: a trained tagger on labelled recordings. */
import { Command } from 'commander';
import {
  dataOption,
  engineOption,
  expectedRateOption,
  jsonOption,
  modelOption,
  seedOption,
  splitOption,
  threadsOption,
} from '../options.ts';
import { describeEngine, describeEvaluation, describeSkipped } from '../describe.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface EvaluateOptions {
  model: string;
  data: string;
  split?: string;
  engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  threads?: number;
  seed: number;
  json?: true;
  sampleRate?: number;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure a tagger on labelled clips: ROC-AUC, PR-AUC, accuracy, with intervals')
    .addOption(modelOption())
    .addOption(dataOption())
    .addOption(splitOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(expectedRateOption())
    .addOption(jsonOption())
    .action(async (options: EvaluateOptions) => {
      // loaded here, so that --help need not wait for TensorFlow.js
      const [{ useEngine }, { loadModel }, { evaluateTagger }, { listDataset }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../loadModel.ts'),
        import('../../training/evaluateTagger.ts'),
        import('../../../datasets/index.ts'),
      ]);
      const reporter = terminalReporter();
      const engine = await useEngine(options.engine, { threads: options.threads });
      reporter.line(describeEngine(engine));
      const tagger = await loadModel(options.model, options.sampleRate);
      const dataset = await listDataset(options.data, {
        split: options.split,
        seed: options.seed,
        tags: tagger.info.tags,
      });
      const { evaluation, skipped } = await evaluateTagger(tagger, dataset, { seed: options.seed, reporter });
      process.stderr.write(describeSkipped(skipped));
      const { model, data } = options;
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ model, data, engine: engine.name, ...evaluation, skipped }, null, 2)}\n`
          : `On ${evaluation.clips} clips of ${data}:\n${describeEvaluation(evaluation).join('\n')}\n`,
      );
      process.exitCode = skipped.length > 0 ? 1 : 0;
    });
}
