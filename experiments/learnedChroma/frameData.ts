/** The clips as frames: what is trained on, and what is tested under each condition. */
import * as tf from '@tensorflow/tfjs';
import type { ChordClip, ChordDataset, ChordSegment } from '../../datasets/chords/index.ts';
import type { SkippedClip, Split } from '../../datasets/index.ts';
import { createRandom, type Random } from '../../datasets/random.ts';
import { AdditiveNoise, CQT } from '../../layers/index.ts';
import { AudioPool } from '../../src/audio/audioPool.ts';
import { codecRoundTrip } from '../../src/audio/codecRoundTrip.ts';
import { loadAhead } from '../../src/features/loadAhead.ts';
import { InputError } from '../../src/errors.ts';
import type { Reporter } from '../../src/reporter.ts';
import { conditions, distortionOptions, frameOptions, type Condition } from './design.ts';
import { dropFrames, maskBins, rotateFrames } from './distortFrames.ts';

const { sampleRate, nBins, binsPerOctave } = frameOptions;

/** A clip to train on: magnitudes, row-major `[frames, nBins]`, as it is and through what audio can be put through. */
export interface TrainClip {
  id: string;
  segments: ChordSegment[];
  clean: Float32Array;
  noise: Float32Array;
  /** Null without an encoder. */
  codec: Float32Array | null;
}

/** A clip to validate or test on. */
export interface HeardClip {
  id: string;
  segments: ChordSegment[];
  seconds: number;
  /** Magnitudes under each condition that there is. */
  frames: Partial<Record<Condition, Float32Array>>;
  /** By which the clip is shifted under `transposed`, semitones. */
  transposition: number;
}

export interface FrameData {
  name: string;
  train: TrainClip[];
  valid: HeardClip[];
  test: HeardClip[];
  /** All but the codec's, where there is no encoder. */
  conditions: Condition[];
  skipped: SkippedClip[];
}

export interface LoadFramesOptions {
  /** Seconds from the start of a recording that are used. */
  durationSeconds: number;
  /** Of distortions. */
  seed: number;
  reporter: Reporter;
}

/** Renders or decodes every clip, distorts it, and keeps its frames. The clips have their splits. */
export async function loadFrames(
  dataset: ChordDataset,
  { durationSeconds, seed, reporter }: LoadFramesOptions,
): Promise<FrameData> {
  const hasCodec = await encodes(reporter);
  const maker = new FrameMaker(seed, hasCodec);
  const data: FrameData = {
    name: dataset.name,
    ...{ train: [], valid: [], test: [] },
    conditions: conditions.filter((condition) => hasCodec || !condition.startsWith('MP3')),
    skipped: [...dataset.skipped],
  };
  const segmentsOf = new Map(dataset.clips.map(({ id, segments }) => [id, segments]));
  const pool = new AudioPool({});
  const bar = reporter.bar('frames', dataset.clips.length);
  let done = 0;
  try {
    for await (const loaded of loadAhead(pool, dataset.clips, { sampleRate, durationSeconds })) {
      const { id, split } = loaded.clip;
      if ('reason' in loaded) {
        data.skipped.push({ path: id, reason: loaded.reason });
      } else {
        const seconds = loaded.samples.length / sampleRate;
        const segments = cutSegments(segmentsOf.get(id)!, seconds);
        const clip = { id, segments, samples: loaded.samples, number: done };
        if (split === 'train') data.train.push(await maker.trainClip(clip));
        else data[split as 'valid' | 'test'].push({ ...(await maker.heardClip(clip)), seconds });
      }
      bar.update(++done);
    }
  } finally {
    bar.done();
    maker.dispose();
    await pool.close();
  }
  return data;
}

interface LoadedClip {
  id: string;
  segments: ChordSegment[];
  samples: Float32Array;
  /** Names the draws of this clip. */
  number: number;
}

class FrameMaker {
  private readonly cqt = new CQT(frameOptions);
  private readonly seed: number;
  private readonly hasCodec: boolean;

  constructor(seed: number, hasCodec: boolean) {
    this.seed = seed;
    this.hasCodec = hasCodec;
  }

  async trainClip({ id, segments, samples, number }: LoadedClip): Promise<TrainClip> {
    const random = createRandom(this.seed, number, 36);
    const { noiseDb, kbps } = distortionOptions;
    const noisy = await addNoise(samples, random.uniform(...noiseDb), random);
    const rate = random.integer(...kbps);
    return {
      ...{ id, segments },
      clean: await this.frames(samples),
      noise: await this.frames(noisy),
      codec: this.hasCodec ? await this.frames(await encode(samples, rate)) : null,
    };
  }

  async heardClip({ id, segments, samples, number }: LoadedClip): Promise<Omit<HeardClip, 'seconds'>> {
    const random = createRandom(this.seed, number, 37);
    const { dropShare, testMasks, rotation, testKbps } = distortionOptions;
    const transposition = random.pick([-1, 1]) * random.integer(1, rotation);
    const clean = await this.frames(samples);
    const [width, count] = testMasks;
    return {
      ...{ id, segments, transposition },
      frames: {
        clean,
        'noise 20 dB': await this.frames(await addNoise(samples, 20, random)),
        'noise 10 dB': await this.frames(await addNoise(samples, 10, random)),
        'noise 0 dB': await this.frames(await addNoise(samples, 0, random)),
        ...(this.hasCodec && { 'MP3 24 kbit/s': await this.frames(await encode(samples, testKbps)) }),
        'dropped frames': dropFrames(clean, nBins, dropShare, random),
        'masked bins': maskBins(clean, nBins, { width, count }, random),
        transposed: rotateFrames(clean, nBins, (transposition * binsPerOctave) / 12),
      },
    };
  }

  dispose(): void {
    this.cqt.dispose();
  }

  private async frames(samples: Float32Array): Promise<Float32Array> {
    const map = tf.tidy(() => this.cqt.apply(tf.tensor2d(samples, [1, samples.length])) as tf.Tensor);
    try {
      return (await map.data()) as Float32Array;
    } finally {
      map.dispose();
    }
  }
}

/** White noise at a signal-to-noise ratio in dB. */
async function addNoise(samples: Float32Array, snrDb: number, random: Random): Promise<Float32Array> {
  const noise = new AdditiveNoise({ snrDb: [snrDb, snrDb], seed: random.seed() });
  const noisy = tf.tidy(
    () => noise.apply(tf.tensor2d(samples, [1, samples.length]), { training: true, step: 0 }) as tf.Tensor,
  );
  try {
    return (await noisy.data()) as Float32Array;
  } finally {
    noisy.dispose();
    noise.dispose();
  }
}

function encode(samples: Float32Array, kbps: number): Promise<Float32Array> {
  return codecRoundTrip(samples, { sampleRate, codec: 'mp3', kbps });
}

/** Whether there is an encoder; one line says so where there is none. */
async function encodes(reporter: Reporter): Promise<boolean> {
  try {
    await encode(new Float32Array(4096).fill(0.1), 32);
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    reporter.line(`MP3 left out, as a distortion and as a test: ${error.message}`);
    return false;
  }
}

/** Up to the end of what was loaded. */
function cutSegments(segments: readonly ChordSegment[], seconds: number): ChordSegment[] {
  return segments
    .filter(({ start }) => start < seconds)
    .map((segment) => ({ ...segment, end: Math.min(seconds, segment.end) }));
}

/** Clips of a data set without parts of its own: of five one for validation, one to test on, in an order that the seed draws. */
export function splitClips(clips: readonly ChordClip[], seed: number): ChordClip[] {
  const parts: Split[] = ['test', 'valid', 'train', 'train', 'train'];
  const order = createRandom(seed, 0, 38).shuffle(clips.map((_, i) => i));
  return clips.map((clip, i) => ({ ...clip, split: parts[order[i] % parts.length] }));
}
