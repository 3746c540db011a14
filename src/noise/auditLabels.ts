/** Given labels against re-annotated ones, tag by tag, with the way the clips were drawn taken into account. */
import { InputError } from '../errors.ts';
import type { Answer } from './answers.ts';
import { auditTag, type AuditStratum, type LabelQuality } from './auditTag.ts';
import type { GivenLabels } from './givenLabels.ts';
import { settleTruth, type Agreement, type TruthRule } from './settleTruth.ts';

/** How clips were drawn, where no sheet tells it. */
export type AuditDesign = 'tagged' | 'random' | 'stratified';

export interface AuditLabelsOptions {
  /** For answers without a sheet's columns; with them, it must be left out. */
  design?: AuditDesign;
  /** Default `majority`. */
  truth?: TruthRule;
  /** Default `jeffreys`; see `auditTag`. */
  intervals?: 'jeffreys' | 'exact';
  /** Default 1. */
  seed?: number;
}

export interface TagAudit {
  tag: string;
  /** Clips of the data set with and without the tag. */
  tagged: number;
  untagged: number;
  strata: AuditStratum[];
  /** Answered clips whose truth stays open, and which are left out as if they had not been drawn. */
  open: number;
  quality: LabelQuality;
  /** Why estimates are missing; null where none is. */
  missing: string | null;
  agreement: Agreement;
}

export interface LabelAudit {
  /** Clips in the data set. */
  clips: number;
  design: string;
  truth: TruthRule;
  intervals: 'jeffreys' | 'exact';
  seed: number;
  /** Those with answers, in the order of the given labels. */
  tags: TagAudit[];
}

/**
 * Audits given labels against re-annotated ones.
 *
 * Designs: `tagged` clips drawn among those that carry the tag tell precision and nothing of recall. A `random` set of
 * all clips tells both; clips are weighed afterwards by how many carry the tag in the whole data set
 * (post-stratification, Holt and Smith 1979, JRSS A 142). In a `stratified` sample clips with and without the tag were
 * drawn apart. A sheet names the stratum of each clip and its size, and need not be told.
 *
 * @throws InputError if neither or both of sheet and `design` tell how clips were drawn, or a sheet does not fit the
 *   given labels.
 * @example auditLabels(given, answers, { design: 'random' }).tags[0].quality.recall
 */
export function auditLabels(
  given: GivenLabels,
  answers: readonly Answer[],
  { design, truth = 'majority', intervals = 'jeffreys', seed = 1 }: AuditLabelsOptions = {},
): LabelAudit {
  if (design && answers.some(({ drawn }) => drawn)) {
    throw new InputError('The sheet tells how its clips were drawn. Leave out the design.');
  }
  const named = design ?? designOfSheet(answers);
  const tags = given.tags.flatMap((tag, column): TagAudit[] => {
    const own = answers.filter((answer) => answer.tag === column);
    if (own.length === 0) return [];
    const settled = settleTruth(own, truth);
    const strata = design
      ? strataOfDesign(given, column, design, settled.truth)
      : strataOfSheet(given, column, own, settled.truth);
    const count = (label: 0 | 1) =>
      strata.reduce((sum, stratum) => sum + (stratum.given === label ? stratum.size : 0), 0);
    return [
      {
        ...{ tag, tagged: count(1), untagged: count(0), strata, open: settled.open },
        quality: auditTag(strata, { intervals, seed }),
        missing: explainMissing(strata),
        agreement: settled.agreement,
      },
    ];
  });
  return { clips: given.ids.length, design: named, truth, intervals, seed, tags };
}

function designOfSheet(answers: readonly Answer[]): string {
  const designs = [...new Set(answers.map(({ drawn }) => drawn?.design))];
  if (designs.length === 1 && designs[0] !== undefined) return designs[0];
  throw new InputError(
    designs.length > 1
      ? `The sheet mixes designs: ${designs.join(', ')}. Audit the parts apart.`
      : 'The re-annotated labels do not tell how their clips were drawn. ' +
          'Name the design: "tagged", "random" or "stratified".',
  );
}

function givenLabel({ labels, tags }: GivenLabels, clip: number, column: number): 0 | 1 {
  return labels[clip * tags.length + column] === 1 ? 1 : 0;
}

/** Clips with and without a tag in the whole data set, `[without, with]`. */
function sizesOf(given: GivenLabels, column: number): [number, number] {
  const tagged = given.ids.reduce((sum, _, clip) => sum + givenLabel(given, clip, column), 0);
  return [given.ids.length - tagged, tagged];
}

function strataOfDesign(
  given: GivenLabels,
  column: number,
  design: AuditDesign,
  truth: Map<number, 0 | 1>,
): AuditStratum[] {
  const sizes = sizesOf(given, column);
  return ([1, 0] as const).map((label) => {
    const left = design === 'tagged' && label === 0; // drawn for other tags
    const own = left ? [] : [...truth].filter(([clip]) => givenLabel(given, clip, column) === label);
    return stratumOf(label, sizes[label], own);
  });
}

function strataOfSheet(
  given: GivenLabels,
  column: number,
  answers: readonly Answer[],
  truth: Map<number, 0 | 1>,
): AuditStratum[] {
  const tag = given.tags[column];
  const sizes = sizesOf(given, column);
  const drawn = new Map(answers.map(({ clip, drawn: from }) => [clip, from!]));
  if (answers[0].drawn!.design === 'random') {
    const { size } = answers[0].drawn!;
    if (size !== given.ids.length) throw unfit(tag, `${size} clips where there are ${given.ids.length}`);
    return strataOfDesign(given, column, 'random', truth);
  }
  const strata = [...new Set([...drawn.values()].map(({ stratum }) => stratum))].sort().map((name) => {
    const clips = [...drawn].filter(([, from]) => from.stratum === name);
    const labels = new Set(clips.map(([clip]) => givenLabel(given, clip, column)));
    const counts = new Set(clips.map(([, { size }]) => size));
    if (labels.size > 1) throw unfit(tag, `stratum ${name} holds clips with and without the tag`);
    if (counts.size > 1) throw unfit(tag, `stratum ${name} has two sizes`);
    const own = [...truth].filter(([clip]) => drawn.get(clip)!.stratum === name);
    return stratumOf([...labels][0], [...counts][0], own);
  });
  for (const label of [1, 0] as const) {
    const told = strata.reduce((sum, stratum) => sum + (stratum.given === label ? stratum.size : 0), 0);
    const with_ = label === 1 ? 'with' : 'without';
    if (told > sizes[label])
      throw unfit(tag, `${told} clips ${with_} the tag where there are ${sizes[label]}`);
    // clips of which none was answered, or drawn at all
    if (told < sizes[label]) strata.push(stratumOf(label, sizes[label] - told, []));
  }
  return strata;
}

function stratumOf(given: 0 | 1, size: number, own: [number, 0 | 1][]): AuditStratum {
  return { given, size, audited: own.length, positives: own.filter(([, applies]) => applies === 1).length };
}

function unfit(tag: string, what: string): InputError {
  return new InputError(
    `The sheet does not fit the given labels: for "${tag}", ${what}. Audit the labels that it was drawn from.`,
  );
}

function explainMissing(strata: readonly AuditStratum[]): string | null {
  const open = strata.filter(({ size, audited }) => size > 0 && audited === 0);
  const reasons = open.map(
    ({ given, size }) => `none of ${size} clips ${given === 1 ? 'with' : 'without'} the tag has an answer`,
  );
  if (!strata.some(({ given, size }) => given === 1 && size > 0)) reasons.push('no clip carries the tag');
  return reasons.length === 0 ? null : reasons.join('; ');
}
