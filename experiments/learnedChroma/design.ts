/**
 * What is compared, and everything that is the same for all. Budgets and distributions were settled on clips of seed 1,
 * the choices of decoding after results on clips of seed 2 had been seen: the study's own seed is another.
 */
import { createRandom, type Random } from '../../datasets/random.ts';

/** The constant-Q transform of every clip: 7 octaves from C1, a third of a semitone a bin, about 11 frames a second. */
export const frameOptions = {
  sampleRate: 11_025, // Hz; the rate, octaves and bins of Humphrey's dl4mir
  hopLength: 1024, // samples
  binsPerOctave: 36,
  nBins: 252,
  fMin: 32.70319566257483, // Hz, C1
} as const;

/** Seconds between two frames. */
export const secondsPerFrame = frameOptions.hopLength / frameOptions.sampleRate;

/** What training frames may go through. */
export const distortions = ['rotation', 'noise', 'codec', 'dropped frames', 'masked bins'] as const;
export type Distortion = (typeof distortions)[number];

/** What the clips that are tested go through. */
export const conditions = [
  'clean',
  'noise 20 dB',
  'noise 10 dB',
  'noise 0 dB',
  'MP3 24 kbit/s',
  'dropped frames',
  'masked bins',
  'transposed',
] as const;
export type Condition = (typeof conditions)[number];

/** Sizes of the distortions; those of training are drawn anew for each frame, or once a clip for noise and codec. */
export const distortionOptions = {
  noiseDb: [-5, 30], // SNR in training
  kbps: [16, 48],
  testKbps: 24,
  rotation: 6, // semitones up or down
  dropShare: 0.15, // of the frames
  maskBins: 48, // longest stretch masked in training
  testMasks: [24, 2], // bins of a stretch, stretches a clip
} as const;

export interface Arm {
  /** 0 is fixed chroma: octave equivalence. */
  layers: 0 | 1 | 2 | 3;
  regularised: boolean;
  /** Distortions of the training frames. */
  training: readonly Distortion[];
}

/** Fixed; every depth with and without regularisation and distortions; one layer with one distortion at a time. */
export const arms: readonly Arm[] = [
  { layers: 0, regularised: false, training: [] },
  ...([1, 2, 3] as const).flatMap((layers) =>
    [false, true].flatMap((regularised) =>
      [[], distortions].map((training): Arm => ({ layers, regularised, training })),
    ),
  ),
  ...distortions.map((distortion): Arm => ({ layers: 1, regularised: true, training: [distortion] })),
];

/** `fixed`, `1-layer-regularised-all`: for files and messages. */
export function armName({ layers, regularised, training }: Arm): string {
  if (layers === 0) return 'fixed';
  const distorted =
    training.length === 0 ? 'undistorted' : training.length > 1 ? 'all' : training[0].replace(' ', '-');
  return `${layers}-layer-${regularised ? 'regularised' : 'free'}-${distorted}`;
}

/** `2 layers, regularised, all distortions`. */
export function describeArm({ layers, regularised, training }: Arm): string {
  if (layers === 0) return 'octave equivalence';
  return [
    layers === 1 ? '1 layer' : `${layers} layers`,
    regularised && 'regularised',
    training.length > 1 ? 'all distortions' : training[0],
  ]
    .filter(Boolean)
    .join(', ');
}

export const trainingOptions = {
  steps: 500,
  batchSize: 128, // frames
  /** A point of the learning curves. */
  curveEvery: 25, // steps
} as const;

/** Trials of each arm. */
export const nTrials = 6;

/** Rendered clips of each part. */
export const clipCounts = { train: 120, valid: 24, test: 64 } as const;

/** Of clips, distortions and trials. */
export const defaultSeed = 3;

/** How chroma become chords: the likelihood falls with `sharpness` times the squared distance to the template. */
export interface Decoding {
  /** Learned chroma as they are, or by their direction: divided by their length, as fixed chroma always are. */
  by: 'distance' | 'direction';
  /** Template of no chord of fixed chroma; learned chroma is trained towards silence. */
  noChord: 'silent' | 'flat';
  /** Shorter chroma are divided by this, so that what is weak stays short, and near silence. */
  floor: number;
  sharpness: number;
  selfTransition: number;
}

/** One draw; an arm uses what concerns it. */
export interface HyperParameters {
  /** Magnitudes go through log(1 + compression · x), x = 1 at the clip's peak. */
  compression: number;
  learningRate: number;
  /** Deviation of the start: on octaves, in deeper nets. */
  octaveNoise: number;
  startNoise: number;
  hiddenUnits: { 2: number[]; 3: number[] };
  /** Of regularised arms. */
  l2: number;
  l1: number;
  activityL1: number;
  maxNorm: number;
  dropout: number;
  pointNoise: number;
  /** First layer of deeper regularised nets from drawn frames. */
  dataStart: boolean;
  /** The one that is best on the validation part is taken. */
  decodings: Decoding[];
}

/** Hyper-parameters of a trial: the same in every arm, so that arms differ in nothing else. */
export function drawHyperParameters(seed: number, trial: number): HyperParameters {
  const random = createRandom(seed, trial, 35);
  const logUniform = (low: number, high: number) => Math.exp(random.uniform(Math.log(low), Math.log(high)));
  return {
    compression: logUniform(1, 1000),
    learningRate: logUniform(2e-3, 3e-2),
    octaveNoise: logUniform(1e-3, 1e-1),
    startNoise: logUniform(1e-2, 1e-1),
    hiddenUnits: {
      2: [random.pick([32, 64, 128, 256])],
      3: random.pick([[128, 32], [128, 64], [256, 64]]), // prettier-ignore
    },
    l2: logUniform(1e-6, 1e-3),
    l1: logUniform(1e-7, 1e-4),
    activityL1: logUniform(1e-4, 1e-2),
    maxNorm: random.uniform(1, 5),
    dropout: random.uniform(0, 0.4),
    pointNoise: logUniform(1e-3, 3e-2),
    dataStart: random.chance(0.5),
    decodings: drawDecodings(random),
  };
}

const nDecodings = 12;

function drawDecodings(random: Random): Decoding[] {
  return Array.from({ length: nDecodings }, () => ({
    by: random.pick(['distance', 'direction']),
    noChord: random.pick(['silent', 'flat']),
    floor: 10 ** random.uniform(-2, 0),
    sharpness: 10 ** random.uniform(-0.5, 1.5),
    selfTransition: 1 - 10 ** random.uniform(-3, -0.5),
  }));
}
