/** Training frames in random order, distorted anew each time. */
import { randomNumbers } from '../../layers/dsp/randomNumbers.ts';
import type { ChordVocabulary } from '../../src/chords/chordVocabulary.ts';
import { segmentsToFrames } from '../../src/chords/framesToSegments.ts';
import { distortionOptions, frameOptions, secondsPerFrame, type Distortion } from './design.ts';
import { rotateChord, rotateFrame } from './distortFrames.ts';
import { clipFeatures } from './features.ts';
import type { TrainClip } from './frameData.ts';

const { nBins, binsPerOctave } = frameOptions;

export interface FrameBatch {
  /** Row-major `[batchSize, nBins]`. */
  frames: Float32Array;
  /** One-hot, row-major `[batchSize, chords]`. */
  chords: Float32Array;
}

/** Frames whose chord is known, as features, of every clip and, where they are wanted, of its noisy and coded copies. */
export class TrainingFrames {
  private readonly copies: Float32Array[];
  private readonly chords: Int32Array;
  private readonly training: readonly Distortion[];
  private readonly vocabulary: ChordVocabulary;

  constructor(
    clips: readonly TrainClip[],
    vocabulary: ChordVocabulary,
    { compression, training }: { compression: number; training: readonly Distortion[] },
  ) {
    this.vocabulary = vocabulary;
    this.training = training;
    const hears = (copy: 'clean' | 'noise' | 'codec') =>
      copy === 'clean' || (training.includes(copy) && clips.every((clip) => clip[copy] !== null));
    const chordsOf = clips.map(({ segments, clean }) =>
      segmentsToFrames(segments, vocabulary, { secondsPerFrame, nFrames: clean.length / nBins }),
    );
    this.chords = Int32Array.from(chordsOf.flatMap((chords) => [...chords.filter((chord) => chord !== -1)]));
    this.copies = (['clean', 'noise', 'codec'] as const).filter(hears).map((copy) => {
      const kept = new Float32Array(this.chords.length * nBins);
      let row = 0;
      clips.forEach((clip, i) => {
        const features = clipFeatures(clip[copy]!, nBins, compression);
        chordsOf[i].forEach((chord, frame) => {
          if (chord === -1) return;
          kept.set(features.subarray(frame * nBins, (frame + 1) * nBins), row * nBins);
          row++;
        });
      });
      return kept;
    });
  }

  /** Frames with a known chord. */
  get count(): number {
    return this.chords.length;
  }

  /** The same seed and step give the same batch; frames are drawn with replacement. */
  batch(size: number, { seed, step }: { seed: number; step: number }): FrameBatch {
    const random = randomNumbers(seed, step);
    const nChords = this.vocabulary.labels.length;
    const frames = new Float32Array(size * nBins);
    const chords = new Float32Array(size * nChords);
    const { rotation, dropShare, maskBins } = distortionOptions;
    const hears = (distortion: Distortion) => this.training.includes(distortion);
    for (let row = 0; row < size; row++) {
      const drawn = random.integer(0, this.count - 1);
      const copy = this.copies[random.integer(0, this.copies.length - 1)];
      const semitones = hears('rotation') ? random.integer(-rotation, rotation) : 0;
      const frame = frames.subarray(row * nBins, (row + 1) * nBins);
      rotateFrame(copy.subarray(drawn * nBins, (drawn + 1) * nBins), (semitones * binsPerOctave) / 12, frame);
      chords[row * nChords + rotateChord(this.chords[drawn], nChords, semitones)] = 1;
      if (hears('masked bins')) {
        const width = random.integer(0, maskBins);
        const first = random.integer(0, nBins - width);
        frame.fill(0, first, first + width);
      }
      if (hears('dropped frames') && random.uniform(0, 1) < dropShare) frame.fill(0);
    }
    return { frames, chords };
  }
}
