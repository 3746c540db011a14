import type { Markup } from './markup.ts';
import { markup } from './markup.ts';
import { spectrogramFigure } from './spectrogramFigure.ts';
import type { ExampleClip } from './trainingReport.ts';

/** Probability from which a tag counts as predicted, where tags are not exclusive. */
const THRESHOLD = 0.5;
/** Tags listed per clip; hits, misses and false alarms always are. */
const LISTED = 6;

type Outcome = 'hit' | 'missed' | 'false alarm' | 'rightly absent';

interface JudgedTag {
  tag: string;
  /** Undefined where the model's list does not hold the tag. */
  probability?: number;
  outcome: Outcome;
}

/** A few clips as spectrograms, with what they are and what the model says. */
export function exampleClips(examples: ExampleClip[], exclusive: boolean): Markup | null {
  if (examples.length === 0) return null;
  return markup`<section><h2>Example clips</h2>
<p class="note">Bright is loud; the colours span at most the 80 dB below each clip's loudest point <span class="ramp" aria-hidden="true"></span>.
Bars are probabilities. ${exclusive ? 'The tag of highest probability counts as predicted' : `A tag counts as predicted from a probability of ${THRESHOLD} on`}:
<span class="outcome hit">${symbol('hit')} hit</span>, <span class="outcome missed">${symbol('missed')} missed</span>,
<span class="outcome false">${symbol('false alarm')} false alarm</span>.</p>
<div class="examples">${examples.map(
    (example) => markup`<article class="example"><h3>${example.id}</h3>
${spectrogramFigure(example.id, example.spectrogram)}
<p class="true">True: ${example.trueTags.length > 0 ? markup`<strong>${example.trueTags.join(', ')}</strong>` : 'no tag'}</p>
<ul class="predictions">${listed(judgeTags(example, exclusive)).map(prediction)}</ul></article>`,
  )}</div></section>`;
}

/** Every predicted or true tag with its outcome, by falling probability. */
export function judgeTags({ trueTags, predicted }: ExampleClip, exclusive: boolean): JudgedTag[] {
  const judged = predicted
    .slice()
    .sort((a, b) => b.probability - a.probability)
    .map(({ tag, probability }, rank): JudgedTag => {
      const isPredicted = exclusive ? rank === 0 : probability >= THRESHOLD;
      const isTrue = trueTags.includes(tag);
      const outcome = isTrue
        ? isPredicted
          ? 'hit'
          : 'missed'
        : isPredicted
          ? 'false alarm'
          : 'rightly absent';
      return { tag, probability, outcome };
    });
  const unlisted = trueTags.filter((tag) => !predicted.some((prediction) => prediction.tag === tag));
  return [...judged, ...unlisted.map((tag): JudgedTag => ({ tag, outcome: 'missed' }))];
}

function listed(judged: JudgedTag[]): JudgedTag[] {
  let room = LISTED - judged.filter(({ outcome }) => outcome !== 'rightly absent').length;
  return judged.filter(({ outcome }) => outcome !== 'rightly absent' || room-- > 0);
}

function prediction({ tag, probability, outcome }: JudgedTag): Markup {
  return markup`<li class="outcome ${outcome}"><span class="symbol">${symbol(outcome)}</span><span class="name">${tag}</span>
<svg class="bar" aria-hidden="true"><rect class="track" width="100%" height="100%"/><rect width="${(100 * (probability ?? 0)).toFixed(1)}%" height="100%"/></svg>
<span class="probability">${probability?.toFixed(2) ?? '–'}</span><span class="word">${outcome !== 'rightly absent' && outcome}</span></li>`;
}

function symbol(outcome: Outcome): string {
  return { hit: '✓', missed: '○', 'false alarm': '✗', 'rightly absent': '·' }[outcome];
}
