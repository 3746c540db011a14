/** A finished experiment in its run folder: result, report, and the best subset fitted on all clips. */
import { join } from 'node:path';
import { writeWhole } from '../files/writeWhole.ts';
import { renderTransferReport } from '../report/transferReport.ts';
import { mfccSampleRateOf } from './mfccProvenance.ts';
import { fitPipeline } from './pipeline.ts';
import { indexOfHighest } from './scores.ts';
import type { TransferResult } from './transferResult.ts';
import type { FeatureSet, Targets } from './transferTask.ts';

/**
 * Writes `result.json`, `report.html`, and the best row whose features can be made of audio again as `pipeline.json`:
 * rows with MFCC count only where the feature file says that they are those of `sonotag features --mfcc`.
 */
export async function saveTransfer(
  result: TransferResult,
  { features, targets, out }: { features: FeatureSet; targets: Targets; out: string },
): Promise<void> {
  const canUseMfcc = mfccSampleRateOf(features.provenance) !== null;
  const usable = result.rows.filter(({ subset }) => canUseMfcc || !subset.includes('mfcc'));
  if (usable.length > 0) {
    const best = usable[indexOfHighest(usable.map(({ whole }) => whole.score))];
    const pipeline = fitPipeline(features, targets, {
      ...{ task: result.task, subset: best.subset, setting: best.whole.classifier },
      ...{ score: best.whole.score, nestedScore: best.whole.nestedScore },
    });
    await writeWhole(join(out, 'pipeline.json'), `${JSON.stringify(pipeline)}\n`);
  }
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  const { folds, splitHash, clips } = result;
  const configuration = { folds, splitHash, clips, features: features.provenance };
  const created = new Date().toISOString();
  await writeWhole(join(out, 'report.html'), renderTransferReport(result, { created, configuration }));
}
