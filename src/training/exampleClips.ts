/** A few clips with their spectrogram and what the model says of them, for a report. */
import * as tf from '@tensorflow/tfjs';
import { melFrequencies } from '../../layers/index.ts';
import type { ClipSet } from '../audio/clipSet.ts';
import { findFrontEnd, type FrontEnd } from '../models/findFrontEnd.ts';
import { inputLength } from '../models/predict.ts';
import { cut } from '../models/windows.ts';
import type { ExampleClip, SpectrogramPicture } from '../report/trainingReport.ts';
import type { Predictions } from './predictions.ts';

/** `count` clips, evenly spread over the predictions; `set` holds them in the same order. */
export async function pickExamples(
  model: tf.LayersModel,
  set: ClipSet,
  { ids, tags, labels, scores }: Predictions,
  { sampleRate, count = 6 }: { sampleRate: number; count?: number },
): Promise<ExampleClip[]> {
  const chosen = Math.min(count, ids.length);
  const examples: ExampleClip[] = [];
  for (let i = 0; i < chosen; i++) {
    const row = Math.floor(((i + 0.5) * ids.length) / chosen);
    const probabilities = scores.subarray(row * tags.length, (row + 1) * tags.length);
    examples.push({
      id: ids[row],
      spectrogram: await pictureOf(model, await set.waveform(row), sampleRate),
      trueTags: tags.filter((_, column) => labels[row * tags.length + column] === 1),
      predicted: tags.map((tag, column) => ({ tag, probability: probabilities[column] })),
    });
  }
  return examples;
}

/** What the front end makes of the first window of a clip: decibels below its peak. */
async function pictureOf(
  model: tf.LayersModel,
  waveform: Float32Array,
  sampleRate: number,
): Promise<SpectrogramPicture> {
  const { output: decibels, hopLength, mel, chroma } = findFrontEnd(model);
  const frontEnd = tf.model({ inputs: model.inputs, outputs: decibels });
  const samples = inputLength(model);
  const output = tf.tidy(
    () => frontEnd.apply(tf.tensor2d(cut(waveform, 0, samples), [1, samples])) as tf.Tensor4D,
  );
  const [, nFrames, nBins] = output.shape;
  const values = Float32Array.from(await output.data());
  output.dispose();
  return {
    values,
    nFrames,
    nBins,
    ...(chroma
      ? { binFrequencies: [], binNames: pitchClasses }
      : { binFrequencies: binFrequencies(mel, nBins, sampleRate) }),
    secondsPerFrame: hopLength / sampleRate,
  };
}

const pitchClasses = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

/** Centre of each bin, Hz. */
function binFrequencies(mel: FrontEnd['mel'], nBins: number, sampleRate: number): number[] {
  if (!mel) return Array.from({ length: nBins }, (_, bin) => (bin * sampleRate) / (2 * (nBins - 1)));
  const edges = melFrequencies(nBins + 2, mel.fMin, mel.fMax, mel.melScale);
  return Array.from(edges.subarray(1, nBins + 1));
}
