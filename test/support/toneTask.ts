/** A task so small that a test can train on it: low or high tones in noise, 0.3 s at 4 kHz. No test library here. */
import type * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../datasets/random.ts';
import type { ClipSet } from '../../src/audio/clipSet.ts';
import { createCompactConvnet } from '../../src/models/compactConvnet.ts';
import { fit, type FitOptions } from '../../src/training/fit.ts';

export const toneRate = 4000;
/** Of the model's input; the clips are longer. */
export const toneSamples = 1000;
export const toneTags = ['low', 'high'];

/** 0.3 s around 400 Hz or 900 Hz in white noise, amplitudes 0.5 and 0.2. */
export function toneClip(high: boolean, seed: number, samples = 1200): Float32Array {
  const random = createRandom(seed, 77);
  const frequency = (high ? 900 : 400) * random.uniform(0.9, 1.1);
  return Float32Array.from(
    { length: samples },
    (_, t) => 0.5 * Math.sin((2 * Math.PI * frequency * t) / toneRate) + 0.2 * random.noise(),
  );
}

/** Half low, half high. */
export function toneSet(clips: number, seed: number): ClipSet {
  const waveforms = Array.from({ length: clips }, (_, i) => toneClip(i % 2 === 1, seed * 1000 + i));
  return {
    ids: waveforms.map((_, i) => `${seed}/${i}`),
    targets: Float32Array.from({ length: 2 * clips }, (_, k) => Number(k % 2 === (k >> 1) % 2)),
    nTags: 2,
    waveform: async (index) => waveforms[index],
  };
}

export function toneModel({ seed = 1, exclusive = true } = {}): tf.LayersModel {
  return createCompactConvnet({
    sampleRate: toneRate,
    samples: toneSamples,
    nTags: 2,
    exclusive,
    filters: 4,
    frontEnd: { nFft: 128, nMels: 16 },
    seed,
  });
}

/** Three epochs of four steps on 16 clips, validated on 8. */
export function toneFit(overrides: Partial<FitOptions> = {}): FitOptions {
  return {
    train: toneSet(16, 1),
    valid: toneSet(8, 2),
    tags: toneTags,
    exclusive: true,
    epochs: 3,
    batchSize: 4,
    learningRate: 0.01,
    patience: null,
    seed: 5,
    checkpoints: null,
    resume: false,
    configHash: 'tones',
    ...overrides,
  };
}

/** What a run leaves: its history but for the wall clock, the best epoch, and the model's weights. */
export async function trainTones(overrides: Partial<FitOptions> = {}) {
  const model = toneModel();
  const { history, bestEpoch } = await fit(model, toneFit(overrides));
  return {
    history: history.map((record) => ({ ...record, seconds: 0 })),
    bestEpoch,
    weights: weightsOf(model),
  };
}

/** All weights, one after the other. */
export function weightsOf(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}
