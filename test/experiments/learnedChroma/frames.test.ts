import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { transpose } from '../../../experiments/learnedChroma/decodeClips.ts';
import { arms, distortions, drawHyperParameters, frameOptions, secondsPerFrame } from '../../../experiments/learnedChroma/design.ts'; // prettier-ignore
import {
  dropFrames,
  maskBins,
  rotateChord,
  rotateFrames,
} from '../../../experiments/learnedChroma/distortFrames.ts';
import { clipFeatures } from '../../../experiments/learnedChroma/features.ts';
import { TrainingFrames } from '../../../experiments/learnedChroma/trainingFrames.ts';
import { drawRotations, RotateCQT } from '../../../layers/index.ts';
import { chordVocabulary } from '../../../src/chords/chordVocabulary.ts';
import { segmentsToFrames } from '../../../src/chords/framesToSegments.ts';

const random = () => createRandom(4);
const noise = (length: number) => Float32Array.from({ length }, (_, i) => 1 + ((i * 7919) % 13));

test('frames rotate as RotateCQT rotates them', async () => {
  const frames = noise(4 * 20);
  const options = { maxShift: 5, seed: 3 };
  const layer = new RotateCQT({ ...options, stepBins: 3 });
  const shifts = drawRotations({ ...options, batch: 4, step: 2 });
  const rotated = layer.apply(tf.tensor4d(frames, [4, 1, 20, 1]), { training: true, step: 2 }) as tf.Tensor;
  expect(new Set(shifts).size).toBeGreaterThan(2);
  const own = shifts.flatMap((shift, i) => [
    ...rotateFrames(frames.subarray(20 * i, 20 * i + 20), 20, 3 * shift),
  ]);
  expect(own).toEqual([...(await rotated.data())]);
  expect([...rotateFrames(frames, 20, 20)]).toEqual(new Array(80).fill(0));
});

test('chords rotate with the frames: a fifth above A minor is E minor; none and unknown stay', () => {
  const { labels } = chordVocabulary();
  expect(labels[rotateChord(labels.indexOf('A:min'), 25, 7)]).toBe('E:min');
  expect(labels[rotateChord(labels.indexOf('C:maj'), 25, -1)]).toBe('B:maj');
  expect([rotateChord(24, 25, 5), rotateChord(-1, 25, 5)]).toEqual([24, -1]);
  const segments = ['Bb:min7/b3', 'N', 'X', 'C', 'F#:maj'].map((label, i) => ({
    start: i,
    end: i + 1,
    label,
  }));
  expect(transpose(segments, -3).map(({ label }) => label)).toEqual(['G:min7/b3', 'N', 'X', 'A', 'D#:maj']);
});

test('dropped frames are silent and the others whole; masks silence the same bins in all frames', () => {
  const frames = noise(200 * 10);
  const dropped = dropFrames(frames, 10, 0.3, random());
  const silent = Array.from({ length: 200 }, (_, t) =>
    dropped.subarray(10 * t, 10 * t + 10).every((x) => x === 0),
  );
  expect(silent.filter(Boolean).length).toBeGreaterThan(30);
  expect(silent.filter(Boolean).length).toBeLessThan(90);
  silent.forEach((isSilent, t) => {
    if (!isSilent) expect(dropped[10 * t + 3]).toBe(frames[10 * t + 3]);
  });
  const masked = maskBins(frames, 10, { width: 4, count: 1 }, random());
  const bins = Array.from({ length: 10 }, (_, bin) =>
    masked.filter((_, i) => i % 10 === bin).every((x) => x === 0),
  );
  expect(bins.filter(Boolean)).toHaveLength(4);
  expect(bins.lastIndexOf(true) - bins.indexOf(true)).toBe(3);
});

test('features are compressed against the peak, of length 1 where a frame is loud, and know no level', () => {
  const frames = Float32Array.of(3, 4, 0.003, 0.004, 0, 0); // [3 frames, 2 bins]
  const nearlyLinear = clipFeatures(frames, 2, 1e-4);
  // lengths 1.25, 0.00125, 0 after the peak: the second is divided by a tenth of 1.25
  [0.6, 0.8, 0.006, 0.008, 0, 0].forEach((value, i) => expect(nearlyLinear[i]).toBeCloseTo(value, 4));
  const [strong, weak] = [clipFeatures(frames, 2, 100), clipFeatures(frames.map((x) => x / 50), 2, 100)]; // prettier-ignore
  strong.forEach((value, i) => expect(weak[i]).toBeCloseTo(value, 6));
  expect(strong[0] / strong[1]).toBeCloseTo(Math.log(76) / Math.log(101), 5);
  expect([...clipFeatures(new Float32Array(4), 2, 10)]).toEqual([0, 0, 0, 0]);
});

test('training frames carry their chords, rotate with them, and come from noisy copies where these are wanted', () => {
  const { nBins } = frameOptions;
  const vocabulary = chordVocabulary();
  const segments = [
    { start: 0, end: 1, label: 'C:maj' },
    { start: 1, end: 2, label: 'X' },
    { start: 2, end: 3, label: 'F:min' },
  ];
  const nFrames = Math.floor(3 / secondsPerFrame) + 1;
  const chords = segmentsToFrames(segments, vocabulary, { secondsPerFrame, nFrames });
  const clean = new Float32Array(nFrames * nBins); // one bin a chord: its root in the fourth octave
  chords.forEach((chord, t) => (clean[t * nBins + 108 + 3 * Math.max(0, chord % 12)] = 1));
  const clips = [{ id: 'a', segments, clean, noise: clean.map((x) => 1 - x), codec: null }];
  const plain = new TrainingFrames(clips, vocabulary, { compression: 1, training: [] });
  expect(plain.count).toBe(chords.filter((chord) => chord !== -1).length);
  const turned = new TrainingFrames(clips, vocabulary, { compression: 1, training: ['rotation'] });
  const read = ({ frames, chords: oneHot }: { frames: Float32Array; chords: Float32Array }) =>
    Array.from({ length: 64 }, (_, row) => ({
      bin: frames.subarray(row * nBins, (row + 1) * nBins).indexOf(1),
      label: vocabulary.labels[oneHot.subarray(row * 25, (row + 1) * 25).indexOf(1)],
    }));
  for (const { bin, label } of read(plain.batch(64, { seed: 1, step: 0 })))
    expect(label).toBe(bin === 108 ? 'C:maj' : 'F:min');
  const rotated = read(turned.batch(64, { seed: 1, step: 0 }));
  expect(new Set(rotated.map(({ label }) => label)).size).toBeGreaterThan(15);
  for (const { bin, label } of rotated) expect(vocabulary.labels.indexOf(label) % 12).toBe((bin / 3) % 12);
  expect(turned.batch(8, { seed: 1, step: 3 })).toEqual(turned.batch(8, { seed: 1, step: 3 }));
  const noisy = new TrainingFrames(clips, vocabulary, { compression: 1, training: ['noise', 'codec'] });
  const loud = Array.from({ length: 64 }, (_, row) => noisy.batch(64, { seed: 1, step: 0 }).frames.subarray(row * nBins, (row + 1) * nBins).filter((x) => x > 0).length); // prettier-ignore
  expect(new Set(loud)).toEqual(new Set([1, nBins - 1]));
});

test('all arms differ, and a draw is the same for all of them and another in every trial', () => {
  expect(new Set(arms.map((arm) => JSON.stringify(arm))).size).toBe(18);
  expect(arms.filter(({ training }) => training.length === distortions.length)).toHaveLength(6);
  expect(drawHyperParameters(1, 3)).toEqual(drawHyperParameters(1, 3));
  const rates = Array.from({ length: 200 }, (_, i) => drawHyperParameters(1, i).learningRate);
  expect(new Set(rates).size).toBe(200);
  expect(Math.min(...rates)).toBeGreaterThan(2e-3);
  expect(Math.max(...rates)).toBeLessThan(3e-2);
});
