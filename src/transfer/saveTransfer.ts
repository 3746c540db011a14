/** A finished experiment in its run folder: result, report, and the best subset fitted on all clips. */
import { join } from 'node:path';
import { writeWhole } from '../files/writeWhole.ts';
import { renderTransferReport } from '../report/transferReport.ts';
import { fitPipeline } from './pipeline.ts';
import { indexOfHighest } from './scores.ts';
import type { TransferResult } from './transferResult.ts';
import type { FeatureSet, Targets } from './transferTask.ts';

/**
 * Writes `result.json`, `report.html`, and, where a row is of layers alone, the best such row as `pipeline.json`: a
 * pipeline works on what a model makes of audio, and the MFCC are not made by one.
 */
export async function saveTransfer(
  result: TransferResult,
  { features, targets, out }: { features: FeatureSet; targets: Targets; out: string },
): Promise<void> {
  const ofLayers = result.rows.filter(({ subset }) => !subset.includes('mfcc'));
  if (ofLayers.length > 0) {
    const best = ofLayers[indexOfHighest(ofLayers.map(({ whole }) => whole.score))];
    const pipeline = fitPipeline(features, targets, {
      ...{ task: result.task, layers: best.subset as number[], setting: best.whole.classifier },
      ...{ score: best.whole.score, nestedScore: best.whole.nestedScore },
    });
    await writeWhole(join(out, 'pipeline.json'), `${JSON.stringify(pipeline)}\n`);
  }
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  const configuration = { folds: result.folds, clips: result.clips, features: features.provenance };
  const created = new Date().toISOString();
  await writeWhole(join(out, 'report.html'), renderTransferReport(result, { created, configuration }));
}
