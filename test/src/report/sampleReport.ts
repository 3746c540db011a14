import { evaluateTags } from '../../../src/metrics/evaluateTags.ts';
import type { ExampleClip, TrainingReport } from '../../../src/report/trainingReport.ts';
import type { EpochRecord } from '../../../src/training/history.ts';

/** The least that a report can hold. */
export const bareReport: TrainingReport = {
  title: 'Bare',
  created: '2026-01-02T03:04:05Z',
  engine: { name: 'wasm', device: '2 threads', version: '4.22.0' },
  summary: [],
  history: [],
  examples: [],
  configuration: {},
  skipped: [],
  notes: [],
};

export function sampleHistory(epochs: number): EpochRecord[] {
  return Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    trainLoss: 1 / (i + 2),
    validLoss: 0.2 + Math.abs(i - 2) / 10, // lowest in epoch 3
    validRocAuc: 0.5 + i / 500,
    validPrAuc: 0.3 + i / 500,
    validAccuracy: null,
    seconds: 1.5,
    learningRate: 0.001,
  }));
}

/** Scores that follow the labels, more or less; every tag has clips with and without it. */
export function sampleEvaluation(tags: string[], { exclusive = false, clips = 3 * tags.length + 5 } = {}) {
  const labels = Uint8Array.from({ length: clips * tags.length }, (_, i) =>
    Number(Math.floor(i / tags.length) % tags.length === i % tags.length),
  );
  const scores = Float32Array.from(labels, (label, i) => 0.3 * label + ((i * 7919) % 100) / 150);
  return {
    ...evaluateTags({ labels, scores, tags, exclusive, seed: 1, resamples: 50 }),
    title: 'Test clips',
  };
}

export const sampleExample: ExampleClip = {
  id: 'clip-7',
  spectrogram: {
    values: Float32Array.from({ length: 6 * 4 }, (_, i) => -i),
    nFrames: 6,
    nBins: 4,
    binFrequencies: [250, 500, 1000, 2000],
    secondsPerFrame: 0.5,
  },
  trueTags: ['flute', 'slow'],
  predicted: [
    { tag: 'drum', probability: 0.61 },
    { tag: 'flute', probability: 0.87 },
    { tag: 'bass', probability: 0.08 },
    { tag: 'slow', probability: 0.33 },
  ],
};
