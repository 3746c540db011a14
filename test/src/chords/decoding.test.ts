import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { chordVocabulary } from '../../../src/chords/chordVocabulary.ts';
import { decodeViterbi } from '../../../src/chords/decodeViterbi.ts';
import { framesToSegments, segmentsToFrames } from '../../../src/chords/framesToSegments.ts';
import { medianOverFrames } from '../../../src/chords/medianOverFrames.ts';
import { nearestChords, templateDistances } from '../../../src/chords/nearestChords.ts';

const vocabulary = chordVocabulary();

describe('nearest template', () => {
  test('distances are squared and Euclidean, and the nearest of equals is the first', () => {
    const distances = templateDistances(new Float32Array([1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, ...new Float32Array(12)]), vocabulary); // prettier-ignore
    expect(distances[vocabulary.labels.indexOf('C:maj')]).toBe(0);
    expect(distances[vocabulary.labels.indexOf('C:min')]).toBe(2);
    expect(distances[25 + 24]).toBe(0);
    const heard = nearestChords(distances, 25);
    expect([...heard].map((chord) => vocabulary.labels[chord])).toEqual(['C:maj', 'N']);
    expect([...nearestChords(new Float32Array([2, 1, 1]), 3)]).toEqual([1]);
  });

  test('chroma that are not whole frames are refused', () => {
    expect(() => templateDistances(new Float32Array(13), vocabulary)).toThrow('frames of 12 values; got 13');
  });
});

describe('median', () => {
  test('each column is smoothed over the frames around, fewer at the ends', () => {
    const map = new Float32Array([1, 9, 5, 9, 2, 0, 8, 9]); // columns 1 5 2 8 and 9 9 0 9
    expect([...medianOverFrames(map, 2, 3)]).toEqual([3, 9, 2, 9, 5, 9, 5, 4.5]);
    expect([...medianOverFrames(map, 2, 1)]).toEqual([...map]);
  });

  test('an even width and a part of a frame are refused', () => {
    expect(() => medianOverFrames(new Float32Array(4), 2, 2)).toThrow('odd number of frames >= 1; got 2');
    expect(() => medianOverFrames(new Float32Array(5), 2, 3)).toThrow('frames of 2 values; got 5');
  });
});

describe('Viterbi', () => {
  /** Every path there is. */
  function likeliest(scores: Float32Array, nStates: number, selfTransition: number): number[] {
    const nFrames = scores.length / nStates;
    let [best, bestScore]: [number[], number] = [[], -Infinity];
    for (let code = 0; code < nStates ** nFrames; code++) {
      const path = Array.from({ length: nFrames }, (_, t) => Math.floor(code / nStates ** t) % nStates);
      const score = path.reduce((sum, state, t) => {
        const stays = t > 0 && state === path[t - 1];
        const transition =
          t === 0 ? 0 : Math.log(stays ? selfTransition : (1 - selfTransition) / (nStates - 1));
        return sum + transition + scores[t * nStates + state];
      }, 0);
      if (score > bestScore) [best, bestScore] = [path, score];
    }
    return best;
  }

  test('the path is the likeliest of all, where states like to stay and where they like to change', () => {
    const random = createRandom(3);
    for (const selfTransition of [0.05, 0.34, 0.7, 0.97]) {
      for (let run = 0; run < 5; run++) {
        const scores = Float32Array.from({ length: 7 * 3 }, () => random.uniform(-2, 0));
        expect([...decodeViterbi(scores, 3, { selfTransition })]).toEqual(
          likeliest(scores, 3, selfTransition),
        );
      }
    }
  });

  test('a frame that hardly differs stays with its neighbours, one that differs much does not', () => {
    const chords = (odd: number) => new Float32Array([0, -9, 0, -9, odd, 0, 0, -9, 0, -9]);
    expect([...decodeViterbi(chords(-1), 2, { selfTransition: 0.9 })]).toEqual([0, 0, 0, 0, 0]);
    expect([...decodeViterbi(chords(-9), 2, { selfTransition: 0.9 })]).toEqual([0, 0, 1, 0, 0]);
  });

  test('a probability that is none, and a single state, are refused; no frame is no path', () => {
    expect(() => decodeViterbi(new Float32Array(4), 2, { selfTransition: 1 })).toThrow(
      'between 0 and 1; got 1',
    );
    expect(() => decodeViterbi(new Float32Array(4), 1, { selfTransition: 0.5 })).toThrow('nStates >= 2');
    expect([...decodeViterbi(new Float32Array(0), 2, { selfTransition: 0.5 })]).toEqual([]);
  });
});

describe('frames and segments', () => {
  const [c, g, none] = ['C:maj', 'G:maj', 'N'].map((label) => vocabulary.labels.indexOf(label));

  test('centred frames become segments that meet half-way, and cover the clip', () => {
    const segments = framesToSegments(Int32Array.of(c, c, g, none), vocabulary, {
      secondsPerFrame: 0.5,
      seconds: 2.1,
    });
    expect(segments).toEqual([
      { start: 0, end: 0.75, label: 'C:maj' },
      { start: 0.75, end: 1.25, label: 'G:maj' },
      { start: 1.25, end: 2.1, label: 'N' },
    ]);
    expect(() => framesToSegments(new Int32Array(0), vocabulary, { secondsPerFrame: 1, seconds: 1 })).toThrow(
      'got none',
    );
  });

  test('segments become the chord at the middle of each frame; gaps and what has no template are -1', () => {
    const segments = [
      { start: 0, end: 1, label: 'C:maj7' },
      { start: 1, end: 1.6, label: 'X' },
      { start: 2, end: 3, label: 'G' },
    ];
    const frames = segmentsToFrames(segments, vocabulary, { secondsPerFrame: 0.5, nFrames: 8 });
    expect([...frames]).toEqual([c, c, -1, -1, g, g, -1, -1]);
  });
});
