/** What a linear classifier on the mean log-mel spectrum gets: the least that a convnet has to beat. */
import type * as tf from '@tensorflow/tfjs';
import { meanLogMel } from '../features/meanLogMel.ts';
import type { ClipSet } from '../audio/clipSet.ts';
import { fitLogisticRegression } from './logisticRegression.ts';
import { fitStandardScaler } from './standardScaler.ts';

/**
 * Scores `[clips, tags]` of the test clips by one logistic regression a tag, on standardised mean log-mel spectra.
 * A tag that no training clip carries, or all do, scores 0 throughout; clips of which it is unknown are left out.
 *
 * @param model whose front end gives the spectra; its convnet plays no part
 */
export async function scoreByLinearBaseline(
  model: tf.LayersModel,
  train: ClipSet,
  test: ClipSet,
): Promise<Float32Array> {
  const { features, nBins } = await meanLogMel(model, train);
  const scaler = fitStandardScaler(features, nBins);
  const trainFeatures = scaler.transform(features);
  const testFeatures = scaler.transform((await meanLogMel(model, test)).features);
  const { nTags } = train;
  const scores = new Float32Array(test.ids.length * nTags);
  for (let tag = 0; tag < nTags; tag++) {
    const all = train.ids.map((_, clip) => train.targets[clip * nTags + tag]);
    const known = [...all.keys()].filter((clip) => !Number.isNaN(all[clip]));
    const labels = known.map((clip) => all[clip]);
    if (new Set(labels).size < 2) continue;
    const rows = known.length === all.length ? trainFeatures : takeRows(trainFeatures, known, nBins);
    const classifier = fitLogisticRegression(rows, labels, { nFeatures: nBins });
    classifier.predict(testFeatures).forEach((score, clip) => (scores[clip * nTags + tag] = score));
  }
  return scores;
}

/** Some rows of row-major `[rows, columns]`. */
function takeRows(values: Float64Array, rows: number[], columns: number): Float64Array {
  const taken = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => taken.set(values.subarray(row * columns, (row + 1) * columns), i * columns));
  return taken;
}
