/** The figures of a training run, as `metrics.json` keeps them. */
import type { Engine } from '../engine/engine.ts';
import type { TrainingRun } from './trainTagger.ts';

export function runMetrics(run: TrainingRun, engine: Engine): Record<string, unknown> {
  const { evaluation, folds, baseline, bestEpoch, history, skipped, seconds, info } = run;
  return {
    evaluation,
    folds,
    baseline,
    bestEpoch,
    epochs: history.length,
    trainableParameters: run.trainableParameters,
    frontEndMovement: run.frontEndMovement,
    engine,
    weightsHash: info.weightsHash,
    split: info.training?.split,
    splitHash: info.training?.splitHash,
    seconds: Number(seconds.toFixed(1)),
    repeatedAudio: run.repeatedAudio,
    skipped,
  };
}
