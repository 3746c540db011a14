/**
 * The embedded data set: little pieces of music for several instruments, composed and rendered by code from a
 * seed. Nothing is shipped or downloaded; licence and citation are this package's own.
 */

import type { Dataset, RenderedClip, Split } from '../dataset.ts';
import { createRandom } from '../random.ts';
import { compose, tagsOf } from './composition.ts';
import type { Score } from './composition.ts';
import { instruments } from './instruments/index.ts';
import { renderScore } from './render.ts';

export interface GeneratedOptions {
  /** 32-bit integer. Default 1. */
  seed?: number;
  /** Number of training clips. Default 600. */
  train?: number;
  /** Number of validation clips. Default 120. */
  valid?: number;
  /** Number of test clips. Default 240. */
  test?: number;
  /** Length of a clip in seconds, 1 … 60. Default 4. */
  seconds?: number;
}

/** What a clip may be tagged with: eleven instruments, two tempos, two modes. */
export const generatedTags: string[] = [...Object.keys(instruments), 'fast', 'slow', 'major', 'minor'];

/** Each part of the data set draws from rendering seeds of its own, this many. */
const SEEDS_PER_PART = 1_000_000;
const firstSeeds = { train: 0, valid: SEEDS_PER_PART, test: 2 * SEEDS_PER_PART, unseen: 3 * SEEDS_PER_PART };

/**
 * Lists the generated data set: multi-label, imbalanced, split by rendering seed. A clip is the same whatever the
 * counts.
 *
 * @throws RangeError if a count, the length or the seed is out of range.
 * @example const { clips, tags } = listGenerated({ train: 100 });
 * const samples = clips[0].source(12_000); // 48 000 samples, full scale ±1
 */
export function listGenerated({
  seed = 1,
  train = 600,
  valid = 120,
  test = 240,
  seconds = 4,
}: GeneratedOptions = {}): Dataset & { clips: RenderedClip[] } {
  requireSeconds(seconds);
  const counts: [Split, number][] = [
    ['train', train],
    ['valid', valid],
    ['test', test],
  ];
  const clips = counts.flatMap(([split, count]) => {
    requireCount(split, count);
    return Array.from({ length: count }, (_, i): RenderedClip => ({
      ...makeClip(seed, split, i, seconds),
      split,
    }));
  });
  return { name: 'generated', clips, tags: [...generatedTags], exclusive: false, skipped: [] };
}

/**
 * One clip from a range of rendering seeds that no split uses: for tagging what the model has never heard.
 *
 * @param seed Of the data set. Default 1.
 * @throws RangeError if the seed or the length is out of range.
 * @example const { source, labels } = renderUnseen(1)
 */
export function renderUnseen(seed = 1, { seconds = 4 }: { seconds?: number } = {}): RenderedClip {
  requireSeconds(seconds);
  return makeClip(seed, 'unseen', 0, seconds);
}

/** The score of a clip; `index` counts from 0. */
export function scoreOf(seed: number, part: keyof typeof firstSeeds, index: number, seconds: number): Score {
  return compose(createRandom(seed, firstSeeds[part] + index), seconds);
}

function makeClip(seed: number, part: keyof typeof firstSeeds, index: number, seconds: number): RenderedClip {
  const score = scoreOf(seed, part, index, seconds);
  return {
    id: `generated/${part}/${String(index + 1).padStart(4, '0')}`,
    // Composed anew, so that a long list of clips holds labels and no notes.
    source: (sampleRate) => renderScore(scoreOf(seed, part, index, seconds), sampleRate),
    labels: tagsOf(score),
  };
}

function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= SEEDS_PER_PART) return;
  throw new RangeError(
    `listGenerated: ${name} must be a number of clips in 0 … ${SEEDS_PER_PART}; got ${count}. Leave it out for the default.`,
  );
}

function requireSeconds(seconds: number): void {
  if (seconds >= 1 && seconds <= 60) return;
  const guess = seconds > 60 ? ' Was it given in milliseconds or samples?' : '';
  throw new RangeError(`listGenerated: seconds must lie in 1 … 60; got ${seconds}. Pass 4.${guess}`);
}
