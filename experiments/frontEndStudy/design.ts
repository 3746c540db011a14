/**
 * What is compared, and everything that is the same for all. The budget and the rates are those below for every cell;
 * they were written down before any result was seen and are not tuned to a front end.
 */

/** Frequency axis of the map: equal steps in Hz, in mel, in pitch. */
export const scales = ['spectrogram', 'mel', 'CQT'] as const;
export type Scale = (typeof scales)[number];

/** `X` is magnitude, `log X` its decibels. */
export const amplitudes = ['linear', 'log'] as const;
export type Amplitude = (typeof amplitudes)[number];

export interface FrontEnd {
  scale: Scale;
  amplitude: Amplitude;
  /** Each frequency to zero mean and unit deviation over the training clips; otherwise all frequencies together. */
  whitening: boolean;
  /** A-weighting before the logarithm. */
  weighting: boolean;
}

/** All 24. */
export const frontEnds: FrontEnd[] = scales.flatMap((scale) =>
  amplitudes.flatMap((amplitude) =>
    [false, true].flatMap((whitening) =>
      [false, true].map((weighting) => ({ scale, amplitude, whitening, weighting })),
    ),
  ),
);

/** Shares of the training clips, each part within the next. */
export const shares = [0.25, 0.5, 1] as const;
export type Share = (typeof shares)[number];

export const taskNames = ['generated', 'instruments'] as const;
export type TaskName = (typeof taskNames)[number];

/** One training and what it came to. */
export interface Cell {
  task: TaskName;
  frontEnd: FrontEnd;
  share: Share;
  /** Of the training clips drawn, the start weights and the order of the clips; of the fold of `instruments`. */
  seed: number;
}

export interface ScoredCell extends Cell {
  /** Accuracy or mean ROC-AUC on the test clips. */
  score: number;
  trainClips: number;
  testClips: number;
  seconds: number;
}

/** `mel-log-whitened-A`, for files and messages. */
export function frontEndName({ scale, amplitude, whitening, weighting }: FrontEnd): string {
  return [scale, amplitude, whitening && 'whitened', weighting && 'A'].filter(Boolean).join('-');
}

/** `instruments-mel-log-050-seed2`. */
export function cellName({ task, frontEnd, share, seed }: Cell): string {
  return `${task}-${frontEndName(frontEnd)}-${String(100 * share).padStart(3, '0')}-seed${seed}`;
}

/** The map that every front end is brought to, and what it is taken from. */
export const mapOptions = {
  sampleRate: 16_000, // Hz
  seconds: 4, // from the start of a clip; a shorter one is repeated
  nFft: 1024,
  hopLength: 256, // samples; frames are then averaged to nFrames
  fMin: 65.40639132514966, // Hz, C2: the CQT then ends at 6272 Hz, within the Nyquist frequency
  nFrames: 64,
  nBands: 80,
} as const;

/** Rate and batch of `sonotag train`, without its augmentation. */
export const trainingOptions = {
  filters: 16,
  batchSize: 16,
  learningRate: 3e-3, // at the start, falling along half a cosine
  /** The same number of steps whatever the share, so that less data is not less training. */
  steps: 400,
} as const;

/** Trainings of each cell. */
export const nSeeds = 3;

/** The recordings, where they lie beside the checkout. */
export const defaultData = '../shared/data/instruments';
