/** A training run as the page that `report.html` shows. */
import type { Dataset } from '../../datasets/index.ts';
import type { Engine } from '../engine/engine.ts';
import { describeMovement } from '../report/describeMovement.ts';
import type { TrainingReport } from '../report/trainingReport.ts';
import { describeRepeatedAudio } from './repeatedAudio.ts';
import type { TrainConfig } from './trainConfig.ts';
import type { TrainingRun } from './trainTagger.ts';

export function reportRun(
  run: TrainingRun,
  { dataset, config, engine }: { dataset: Dataset; config: TrainConfig; engine: Engine },
): TrainingReport {
  const { info, evaluation, baseline } = run;
  const input = info.samples / info.sampleRate;
  const summary = [
    { label: 'Data', value: `${dataset.name}: ${dataset.clips.length} clips, ${dataset.tags.length} tags` },
    { label: 'Input', value: `${Number(input.toFixed(2))} s at ${info.sampleRate} Hz` },
    { label: 'Trainable parameters', value: run.trainableParameters.toLocaleString('en') },
    ...run.frontEndMovement.map((row) => ({ label: `Moved: ${row.weight}`, value: describeMovement(row) })),
    { label: 'Epochs', value: `${run.history.length}, weights of epoch ${run.bestEpoch}` },
    { label: 'Wall clock', value: `${(run.seconds / 60).toFixed(1)} min` },
  ];
  const notes = [
    'Intervals hold 95 %: bootstrap over clips for ROC-AUC and PR-AUC, Wilson for accuracy.',
    'A clip longer than the input is scored by the mean over windows that cover it.',
  ];
  const repetition = describeRepeatedAudio(run.repeatedAudio, config.folds);
  if (repetition !== null) notes.unshift(repetition);
  if (run.folds) {
    notes.push(
      'Cross-validation: each fold was scored by a model trained on the other folds for all epochs, without looking ' +
        'at the fold. The model that is saved was then trained on all clips; the curves are its own.',
    );
  }
  if (!evaluation)
    notes.push('There were no clips to test on; evaluate the model on others by sonotag evaluate.');
  return {
    title: `Tagger trained on ${dataset.name}`,
    created: new Date().toISOString(),
    engine,
    summary,
    history: run.history,
    bestEpoch: run.bestEpoch,
    folds: run.folds,
    evaluation: evaluation ?? undefined,
    baseline,
    examples: run.examples,
    configuration: {
      ...config,
      weightsHash: info.weightsHash,
      split: info.training?.split,
      splitHash: info.training?.splitHash,
    },
    skipped: run.skipped,
    notes,
  };
}
