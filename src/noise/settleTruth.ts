/** One truth out of what several annotators said of a tag, and how far they agreed. */
import { cohenKappa, fleissKappa } from './agreement.ts';
import type { Answer } from './answers.ts';
import { dawidSkene } from './dawidSkene.ts';

export type TruthRule = 'majority' | 'dawid-skene';

export interface SettledTag {
  /** Whether the tag applies, by clip; clips that stay open are not in it. */
  truth: Map<number, 0 | 1>;
  /** Clips that were answered, but with "unsure" or evenly. */
  open: number;
  agreement: Agreement;
}

export interface Agreement {
  annotators: AnnotatorSummary[];
  /** Every two annotators, on the clips where both were sure. Kappa is null where chance alone would agree fully. */
  pairs: { first: string; second: string; clips: number; agreed: number; kappa: number | null }[];
  /** All of them, on the clips where every one was sure; null for fewer than two annotators, or no such clip. */
  fleiss: { clips: number; kappa: number | null } | null;
}

export interface AnnotatorSummary {
  name: string;
  yes: number;
  no: number;
  unsure: number;
  /** By Dawid and Skene: P(yes | applies) and P(no | does not); null under the majority. */
  sensitivity: number | null;
  specificity: number | null;
}

/**
 * Settles one tag's truth: by the majority of those who are sure, a tie staying open, or as the more probable by
 * Dawid and Skene, where probability ½ stays open.
 *
 * @param answers Of this tag alone, one a clip and annotator.
 */
export function settleTruth(answers: readonly Answer[], rule: TruthRule): SettledTag {
  const names = [...new Set(answers.map(({ annotator }) => annotator))].sort();
  const clips = [...new Set(answers.map(({ clip }) => clip))];
  const byAnnotator = names.map((name) => {
    const own = answers.filter(({ annotator }) => annotator === name);
    return new Map(own.map(({ clip, applies }) => [clip, applies]));
  });
  const votes = clips
    .map((clip) => ({ clip, votes: byAnnotator.map((own) => own.get(clip) ?? null) }))
    .filter(({ votes: own }) => own.some((vote) => vote !== null));
  const model = rule === 'dawid-skene' && votes.length > 0 ? dawidSkene(votes.map(countVotes)) : null;
  const truth = new Map<number, 0 | 1>();
  votes.forEach(({ clip, votes: own }, i) => {
    const yes = own.filter((vote) => vote === 1).length;
    const no = own.filter((vote) => vote === 0).length;
    const lead = model ? model.probabilities[i][1] - 0.5 : yes - no;
    if (Math.abs(lead) > 1e-9) truth.set(clip, lead > 0 ? 1 : 0);
  });
  const annotators = names.map((name, i): AnnotatorSummary => {
    const said = (word: 0 | 1 | null) => [...byAnnotator[i].values()].filter((own) => own === word).length;
    const rates = model?.confusion[i];
    return {
      ...{ name, yes: said(1), no: said(0), unsure: said(null) },
      sensitivity: rates?.[1][1] ?? null,
      specificity: rates?.[0][0] ?? null,
    };
  });
  const rows = votes.map(({ votes: own }) => own);
  return {
    truth,
    open: clips.length - truth.size,
    agreement: { annotators, pairs: comparePairs(names, rows), fleiss: compareAll(names, rows) },
  };
}

type Votes = readonly (0 | 1 | null)[];

function countVotes({ votes }: { votes: Votes }): number[][] {
  return votes.map((vote) => [vote === 0 ? 1 : 0, vote === 1 ? 1 : 0]);
}

function comparePairs(names: string[], rows: Votes[]): Agreement['pairs'] {
  return names.flatMap((first, a) =>
    names.slice(a + 1).map((second, offset) => {
      const b = a + 1 + offset;
      const both = rows.filter((votes) => votes[a] !== null && votes[b] !== null);
      const [ofFirst, ofSecond] = [both.map((votes) => votes[a]!), both.map((votes) => votes[b]!)];
      const agreed = both.filter((votes) => votes[a] === votes[b]).length;
      return { first, second, clips: both.length, agreed, kappa: orNull(cohenKappa(ofFirst, ofSecond, 2)) };
    }),
  );
}

function compareAll(names: string[], rows: Votes[]): Agreement['fleiss'] {
  const complete = rows.filter((votes) => !votes.includes(null));
  if (names.length < 2 || complete.length === 0) return null;
  const counts = complete.map((votes) =>
    [0, 1].map((label) => votes.filter((vote) => vote === label).length),
  );
  return { clips: complete.length, kappa: orNull(fleissKappa(counts)) };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
