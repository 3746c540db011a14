/** One trial: chroma trained, or fixed, then every clip decoded under every condition. */
import * as tf from '@tensorflow/tfjs';
import { octaveFolding } from '../../layers/index.ts';
import { chordVocabulary } from '../../src/chords/chordVocabulary.ts';
import { poolRecall, type WeightedRecall } from '../../src/chords/scoreChords.ts';
import { scoreClip } from './decodeClips.ts';
import { frameOptions, secondsPerFrame, type Arm, type Condition, type Decoding, type HyperParameters } from './design.ts'; // prettier-ignore
import { clipFeatures } from './features.ts';
import type { FrameData, HeardClip } from './frameData.ts';
import { segmentsToFrames } from '../../src/chords/framesToSegments.ts';
import {
  chromaOf,
  trainChroma,
  type ChromaWeights,
  type CurvePoint,
  type TrainedChroma,
} from './trainChroma.ts';
import { TrainingFrames, type FrameBatch } from './trainingFrames.ts';

const { nBins } = frameOptions;
const vocabulary = chordVocabulary();

export interface TrialResult {
  /** Mean over the conditions of the recall on the validation clips: what trials and decodings are chosen by. */
  valid: number;
  validByCondition: Partial<Record<Condition, number>>;
  /** Of each test clip. */
  test: Partial<Record<Condition, WeightedRecall[]>>;
  decoding: Decoding;
  curve: CurvePoint[];
  /** Before and after training, of one layer. */
  weights: TrainedChroma['weights'];
}

export interface RunTrialOptions {
  data: FrameData;
  arm: Arm;
  draw: HyperParameters;
  steps: number;
  seed: number;
}

export async function runTrial({ data, arm, draw, steps, seed }: RunTrialOptions): Promise<TrialResult> {
  const isFixed = arm.layers === 0;
  const chroma = isFixed ? fixedChroma() : await learnedChroma({ data, arm, draw, steps, seed });
  try {
    const perCondition = async (clips: readonly HeardClip[]) => {
      const chromas = new Map<Condition, Float32Array[]>();
      for (const condition of data.conditions) {
        const ofClips: Float32Array[] = [];
        for (const { frames } of clips)
          ofClips.push(await chroma.compute(clipFeatures(frames[condition]!, nBins, draw.compression)));
        chromas.set(condition, ofClips);
      }
      return (decoding: Decoding) =>
        Object.fromEntries(
          data.conditions.map((condition) => [
            condition,
            clips.map((clip, i) =>
              scoreClip(chromas.get(condition)![i], clip, condition, { decoding, isFixed }),
            ),
          ]),
        ) as Partial<Record<Condition, WeightedRecall[]>>;
    };
    const scoreValid = await perCondition(data.valid);
    const validScores = draw.decodings.map((decoding) => {
      const byCondition = Object.fromEntries(
        Object.entries(scoreValid(decoding)).map(([condition, recalls]) => [
          condition,
          poolRecall(recalls).recall ?? 0,
        ]),
      ) as Partial<Record<Condition, number>>;
      const values = Object.values(byCondition);
      return { decoding, byCondition, mean: values.reduce((sum, value) => sum + value, 0) / values.length };
    });
    const best = validScores.reduce((first, second) => (second.mean > first.mean ? second : first));
    return {
      valid: best.mean,
      validByCondition: best.byCondition,
      test: (await perCondition(data.test))(best.decoding),
      decoding: best.decoding,
      curve: chroma.curve,
      weights: chroma.weights,
    };
  } finally {
    chroma.dispose();
  }
}

/** What turns features `[frames, nBins]` into chroma `[frames, 12]`, row-major. */
interface Chroma {
  compute: (features: Float32Array) => Promise<Float32Array>;
  curve: CurvePoint[];
  weights: TrialResult['weights'];
  dispose: () => void;
}

function fixedChroma(): Chroma {
  const { binsPerOctave, fMin } = frameOptions;
  const kernel = [...octaveFolding({ nBins, binsPerOctave, fMin })];
  const weights = { kernel, bias: new Array<number>(12).fill(0) };
  return { compute: async (features) => applyWeights(features, weights), curve: [], weights: null, dispose: () => undefined }; // prettier-ignore
}

/** Chroma by one layer, without the engine. */
export function applyWeights(features: Float32Array, { kernel, bias }: ChromaWeights): Float32Array {
  const chroma = new Float32Array((features.length / nBins) * 12);
  for (let frame = 0; frame < features.length / nBins; frame++) {
    for (let pitch = 0; pitch < 12; pitch++) {
      let sum = bias[pitch];
      for (let bin = 0; bin < nBins; bin++) sum += features[frame * nBins + bin] * kernel[bin * 12 + pitch];
      chroma[frame * 12 + pitch] = Math.max(0, sum);
    }
  }
  return chroma;
}

async function learnedChroma({ data, arm, draw, steps, seed }: RunTrialOptions): Promise<Chroma> {
  const { compression } = draw;
  const train = new TrainingFrames(data.train, vocabulary, { compression, training: arm.training });
  const { layer, curve, weights } = await trainChroma({
    ...{ arm, draw, train, vocabulary, steps, seed },
    valid: validationFrames(data.valid, compression),
  });
  return {
    compute: async (features) => {
      const map = tf.tidy(() => chromaOf(layer, tf.tensor2d(features, [features.length / nBins, nBins])));
      try {
        return (await map.data()) as Float32Array;
      } finally {
        map.dispose();
      }
    },
    curve,
    weights,
    dispose: () => layer.dispose(),
  };
}

/** Frames of the validation clips whose chord is known, thinned, to watch the loss on. */
function validationFrames(clips: readonly HeardClip[], compression: number): FrameBatch {
  const frames: number[] = [];
  const chords: number[] = [];
  for (const { segments, frames: heard } of clips) {
    const features = clipFeatures(heard.clean!, nBins, compression);
    const nFrames = features.length / nBins;
    const played = segmentsToFrames(segments, vocabulary, { secondsPerFrame, nFrames });
    for (let frame = 0; frame < nFrames; frame += WATCH_EVERY) {
      if (played[frame] === -1) continue;
      frames.push(...features.subarray(frame * nBins, (frame + 1) * nBins));
      for (let chord = 0; chord < vocabulary.labels.length; chord++)
        chords.push(Number(chord === played[frame]));
    }
  }
  return { frames: Float32Array.from(frames), chords: Float32Array.from(chords) };
}

/** Frames from one that is watched to the next. */
const WATCH_EVERY = 5;
