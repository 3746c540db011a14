/** Which clips to listen to again, so that the audit can tell what holds for all of them. */
import { createRandom, type Random } from '../../datasets/random.ts';
import { InputError } from '../errors.ts';
import type { GivenLabels } from './givenLabels.ts';
import type { SheetRow } from './sheet.ts';

export type SampleDesign = 'tagged' | 'random' | 'stratified' | 'informative';

export interface DrawSampleOptions {
  design: SampleDesign;
  /** Clips to draw, >= 1: in all for `random`, for each tag for the others; fewer where there are not as many. */
  clips: number;
  /** Columns of the tags to ask for. Default: all. */
  tags?: readonly number[];
  /** For `informative`: a model's score of a clip's row for a tag's column, or undefined where it has none. */
  scoreOf?: (clip: number, tag: number) => number | undefined;
  /** A 32-bit integer. */
  seed: number;
}

/**
 * Draws the clips of an audit.
 *
 * - `tagged`: from the clips that carry the tag. Tells precision alone.
 * - `random`: one set from all clips, asked for every tag. Tells all, but little of rare tags.
 * - `stratified`: half from the clips with the tag, half from those without (Choi et al. 2018 had 50 and 50).
 * - `informative`: the same, but half of each half is the clips where a model disputes the label most (those with the
 *   tag and the lowest scores, without it and the highest), the other half drawn from the rest. The disputed are a
 *   stratum of their own, audited whole, so that they find errors without spoiling the estimates.
 *
 * Drawn without replacement; ties of scores are broken at random. Rows come clip by clip, in random order.
 *
 * @throws InputError if a tag has no clip to draw.
 * @throws RangeError if `clips` is not a whole number >= 1, or `informative` has no `scoreOf`.
 * @example drawSample(given, { design: 'stratified', clips: 100, seed: 1 })
 */
export function drawSample(
  given: GivenLabels,
  { design, clips, tags = [...given.tags.keys()], scoreOf, seed }: DrawSampleOptions,
): SheetRow[] {
  if (!(Number.isInteger(clips) && clips >= 1)) {
    throw new RangeError(`drawSample: clips must be a whole number >= 1; got ${clips}.`);
  }
  if (design === 'informative' && !scoreOf) {
    throw new RangeError('drawSample: the design "informative" needs scoreOf, the scores of a model.');
  }
  const everyClip = [...given.ids.keys()];
  const atRandom = createRandom(seed, 1).shuffle(everyClip);
  const drawn: { clip: number; tag: number; stratum: number; size: number }[] = [];
  for (const tag of tags) {
    const random = createRandom(seed, 2, tag);
    const isTagged = (clip: number) => given.labels[clip * given.tags.length + tag] === 1;
    const half = (label: boolean) => everyClip.filter((clip) => isTagged(clip) === label);
    const strata =
      design === 'random'
        ? [{ own: atRandom.slice(0, clips), size: everyClip.length }]
        : design === 'tagged'
          ? [drawFrom(random, half(true), clips)]
          : [true, false].flatMap((label) => {
              const count = label ? Math.ceil(clips / 2) : Math.floor(clips / 2);
              if (design === 'stratified') return [drawFrom(random, half(label), count)];
              const score = (clip: number) => scoreOf!(clip, tag);
              return drawDisputed(random, half(label), count, label ? 1 : -1, score);
            });
    if (strata.every(({ own }) => own.length === 0)) {
      throw new InputError(
        `${given.path}: no clip carries the tag "${given.tags[tag]}". Leave it out of the tags.`,
      );
    }
    strata.forEach(({ own, size }, stratum) => {
      for (const clip of own) drawn.push({ clip, tag, stratum: stratum + 1, size });
    });
  }
  const place = new Map(atRandom.map((clip, i) => [clip, i]));
  drawn.sort((a, b) => place.get(a.clip)! - place.get(b.clip)! || a.tag - b.tag);
  return drawn.map(({ clip, tag, stratum, size }) => ({
    ...{ path: given.ids[clip], tag: given.tags[tag], design, stratum: String(stratum), size },
  }));
}

interface Drawn {
  own: number[];
  size: number;
}

function drawFrom(random: Random, clips: number[], count: number): Drawn {
  return { own: random.shuffle(clips).slice(0, count), size: clips.length };
}

/** Two strata: the half of `count` whose `sign` · score is lowest, whole, and as many from the rest. */
function drawDisputed(
  random: Random,
  clips: number[],
  count: number,
  sign: number,
  score: (clip: number) => number | undefined,
): Drawn[] {
  const scored = random.shuffle(clips).filter((clip) => score(clip) !== undefined);
  scored.sort((a, b) => sign * (score(a)! - score(b)!));
  const disputed = scored.slice(0, Math.floor(count / 2));
  const taken = new Set(disputed);
  const rest = clips.filter((clip) => !taken.has(clip));
  return [{ own: disputed, size: disputed.length }, drawFrom(random, rest, count - disputed.length)].filter(
    ({ size }) => size > 0,
  );
}
