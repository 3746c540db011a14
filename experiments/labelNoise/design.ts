/**
 * What is trained, and everything that is the same for all trainings. None of it is tuned to a kind of noise or to a
 * remedy. A trial of one seed came before, which set the numbers of steps and of seeds by its time; what a ranking may
 * lose was settled after that trial, before the results of the study were seen.
 */
import { noiseKinds, type NoiseKind } from '../../src/noise/injectNoise.ts';

/** The log-mel map that nets train on, and what it is taken from. */
export const mapOptions = {
  sampleRate: 16_000, // Hz
  seconds: 4, // from the start of a clip; a shorter one is repeated
  nFft: 1024,
  hopLength: 512, // samples; frames are then averaged to nFrames
  nFrames: 32,
  nBands: 40,
} as const;

export const trainingOptions = {
  batchSize: 32,
  learningRate: 3e-3, // at the start, falling along half a cosine
  steps: 360,
} as const;

/** Clips of the generated data. */
export const generatedClips = { train: 600, valid: 0, test: 240 } as const;
export const quickClips = { train: 160, valid: 0, test: 80 } as const;

/** Trainings of each cell, each with clips, start weights and noise of its own. */
export const nSeeds = 5;

/** Draws of noise on the test labels, and of test clips, that evaluations are averaged over. */
export const nDraws = 10;

/** What is still alright: a change of the mean ROC-AUC, and of Kendall's τ between rankings, by less than this. */
export const tolerances = { rocAuc: 0.02, tau: 0.1 } as const;

export interface Noise {
  kind: NoiseKind;
  /** As `injectNoise` has it. */
  rate: number;
}

/** Systems of different quality, to be ranked. */
export interface System {
  name: string;
  /** Of the training clips, apart from those kept back for "more data". */
  share: number;
  filters: number;
  /** Logarithm of the mel magnitudes, or the magnitudes themselves. */
  log: boolean;
  /** Of `trainingOptions.steps`. */
  steps: number;
}

const usual: Omit<System, 'name'> = { share: 1, filters: 16, log: true, steps: 1 };
export const systems: System[] = [
  { ...usual, name: 'usual' },
  { ...usual, name: 'half the data', share: 0.5 },
  { ...usual, name: 'a quarter of the data', share: 0.25 },
  { ...usual, name: '8 channels', filters: 8 },
  { ...usual, name: '4 channels', filters: 4 },
  { ...usual, name: 'linear', log: false },
  { ...usual, name: 'linear, a quarter of the data', log: false, share: 0.25 },
  { ...usual, name: 'a quarter of the steps', steps: 1 / 4 },
  { ...usual, name: 'a tenth of the steps', steps: 1 / 10 },
  { ...usual, name: '4 channels, a quarter of the data', filters: 4, share: 0.25 },
];

export const remedies = [
  'none',
  'more data',
  'positive-unlabelled loss',
  'forward correction',
  'co-teaching',
  'label smoothing',
  'suspects removed',
] as const;
export type Remedy = (typeof remedies)[number];

export const remedyOptions = {
  /** Training clips drawn at random whose labels are set right, to estimate rates from; the rest stays noisy. */
  audited: 100,
  /** ε of label smoothing. */
  smoothing: 0.2,
  /** Part of the steps over which co-teaching comes to drop its full share. */
  ramp: 1 / 3,
  /** Parts of the training clips that are scored by a net of the others, to find suspects. */
  folds: 3,
} as const;

export interface Design {
  /** Rising, without 0, which is always there. */
  rates: number[];
  systems: System[];
  /** Noise that remedies are held against. */
  settings: Noise[];
  seeds: number;
  steps: number;
}

export const fullDesign: Design = {
  rates: [0.2, 0.4, 0.6, 0.8],
  systems,
  settings: [
    { kind: 'missing', rate: 0.6 },
    { kind: 'symmetric', rate: 0.6 },
  ],
  seeds: nSeeds,
  steps: trainingOptions.steps,
};

/** Whole, and too small to tell anything. */
export const quickDesign: Design = {
  rates: [0.6],
  systems: [systems[0], systems[4], systems[8]],
  settings: [{ kind: 'missing', rate: 0.6 }],
  seeds: 2,
  steps: 20,
};

/** One training. */
export interface Cell {
  /** Null for true labels. */
  noise: Noise | null;
  system: System;
  remedy: Remedy;
  /** From 1. */
  seed: number;
}

/** Kinds that a task can have: no two classes ever go together. */
export function kindsOf(exclusive: boolean): NoiseKind[] {
  return noiseKinds.filter((kind) => !(exclusive && kind === 'coOccurrence'));
}

/** Every training once: all of the first seed come first. */
export function cellsOf({ rates, settings, seeds, ...design }: Design, kinds: readonly NoiseKind[]): Cell[] {
  const [first] = design.systems;
  const ofSeed = (seed: number): Cell[] => [
    ...design.systems.map((system): Cell => ({ noise: null, system, remedy: 'none', seed })),
    ...kinds.flatMap((kind) =>
      rates.map((rate): Cell => ({ noise: { kind, rate }, system: first, remedy: 'none', seed })),
    ),
    ...settings.flatMap((noise) =>
      remedies.slice(1).map((remedy): Cell => ({ noise, system: first, remedy, seed })),
    ),
  ];
  return Array.from({ length: seeds }, (_, i) => ofSeed(i + 1)).flat();
}

/** `missing-060-usual-none-seed2`, for files. */
export function cellName({ noise, system, remedy, seed }: Cell): string {
  const label = noise === null ? 'clean' : noiseName(noise);
  return [label, system.name, remedy, `seed${seed}`].join('-').replace(/[ ,]+/g, '_');
}

function noiseName({ kind, rate }: Noise): string {
  return `${kind}-${String(Math.round(100 * rate)).padStart(3, '0')}`;
}
