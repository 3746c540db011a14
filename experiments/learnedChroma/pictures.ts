/** Maps of the report: weights before and after training, and one progression as chroma of several kinds. */
import { octaveFolding } from '../../layers/index.ts';
import { chordVocabulary } from '../../src/chords/chordVocabulary.ts';
import { segmentsToFrames } from '../../src/chords/framesToSegments.ts';
import {
  arms,
  drawHyperParameters,
  frameOptions,
  secondsPerFrame,
  type Arm,
  type Condition,
} from './design.ts';
import { clipFeatures } from './features.ts';
import type { HeardClip } from './frameData.ts';
import { applyWeights } from './runTrial.ts';
import type { ChromaWeights } from './trainChroma.ts';
import type { Trial } from './trialStore.ts';

const { nBins, binsPerOctave, fMin } = frameOptions;

/** Pitch classes upwards, over bins or frames. */
export interface ChromaPicture {
  title: string;
  /** Row-major `[columns, 12]`. */
  values: number[];
}

export interface StudyPictures {
  weights: ChromaPicture[];
  /** Of one test clip under each condition that is shown. */
  progressions: { condition: Condition; clip: string; seconds: number; maps: ChromaPicture[] }[];
}

/** Kinds of one layer that are drawn: all distortions, free and regularised. */
const drawn: readonly Arm[] = arms.filter(({ layers, training }) => layers === 1 && training.length > 1);

/** @param bestOf the trial of an arm that is drawn */
export function makePictures(bestOf: (arm: Arm) => Trial, clip: HeardClip, seed: number): StudyPictures {
  const vocabulary = chordVocabulary();
  const nFrames = clip.frames.clean!.length / nBins;
  const played = segmentsToFrames(clip.segments, vocabulary, { secondsPerFrame, nFrames });
  const templates = Array.from(played).flatMap((chord) =>
    chord === -1
      ? new Array<number>(12).fill(0)
      : [...vocabulary.templates.subarray(12 * chord, 12 * chord + 12)],
  );
  const octaves: ChromaWeights = {
    kernel: [...octaveFolding({ nBins, binsPerOctave, fMin })],
    bias: new Array<number>(12).fill(0),
  };
  const kinds = [
    { title: 'octave equivalence', weights: octaves, trial: bestOf(arms[0]) },
    ...drawn.map((arm) => ({
      title: kindOf(arm),
      weights: bestOf(arm).weights!.end,
      trial: bestOf(arm),
    })),
  ];
  const conditions = (['clean', 'noise 10 dB'] as const).filter((condition) => clip.frames[condition]);
  return {
    weights: drawn.flatMap((arm) => {
      const { start, end } = bestOf(arm).weights!;
      return [
        { title: `${kindOf(arm)}: start`, values: start.kernel },
        { title: `${kindOf(arm)}: end`, values: end.kernel },
      ];
    }),
    progressions: conditions.map((condition) => ({
      ...{ condition, clip: clip.id, seconds: clip.seconds },
      maps: [
        ...kinds.map(({ title, weights, trial }) => {
          const { compression } = drawHyperParameters(seed, trial.trial);
          const features = clipFeatures(clip.frames[condition]!, nBins, compression);
          return { title, values: rounded(applyWeights(features, weights)) };
        }),
        { title: 'what the chords are', values: templates },
      ],
    })),
  };
}

function kindOf({ regularised }: Arm): string {
  return regularised ? 'learned, regularised' : 'learned, free';
}

function rounded(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toFixed(3)));
}
