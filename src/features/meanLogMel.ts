/** The log-mel spectrum of a clip averaged over time: what a linear classifier can know of it. */
import * as tf from '@tensorflow/tfjs';
import { findFrontEnd } from '../models/findFrontEnd.ts';
import { inputLength } from '../models/predict.ts';
import { cut } from '../models/windows.ts';
import type { ClipSet } from '../audio/clipSet.ts';

/**
 * Mean over time of the decibels that a model's front end sees, per clip and bin: row-major `[clips, bins]`, dB below
 * the clip's peak. Clips are read from the start, as much as the model takes in.
 *
 * @param model of `createCompactConvnet`
 */
export async function meanLogMel(
  model: tf.LayersModel,
  set: ClipSet,
): Promise<{ features: Float64Array; nBins: number }> {
  const frontEnd = tf.model({ inputs: model.inputs, outputs: findFrontEnd(model).output });
  const samples = inputLength(model);
  const nBins = frontEnd.outputs[0].shape[2]!;
  const features = new Float64Array(set.ids.length * nBins);
  for (let index = 0; index < set.ids.length; index++) {
    const waveform = cut(await set.waveform(index), 0, samples);
    const mean = tf.tidy(() => {
      const decibels = frontEnd.apply(tf.tensor2d(waveform, [1, samples])) as tf.Tensor4D;
      return tf.mean(tf.squeeze(decibels, [0, 3]), 0);
    });
    features.set(await mean.data(), index * nBins);
    mean.dispose();
  }
  return { features, nBins };
}
