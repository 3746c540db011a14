/** Systems measured under given and audited labels, read from tables that name their clips. */
import { InputError } from '../errors.ts';
import {
  evaluateSystems,
  type GroundTruths,
  type System,
  type SystemEvaluation,
  type Measure,
} from './evaluateSystems.ts';
import type { LabelTable } from './labelTable.ts';
import { estimateNoiseRates, type NoiseRates } from './noiseRates.ts';
import { countAudit } from './tagStudy.ts';
import { trustedDifference, type TrustedDifference } from './trustedDifference.ts';

export interface NamedScores {
  name: string;
  ids: string[];
  tags: string[];
  /** `[clips, tags]`. */
  scores: Float64Array;
}

export interface SystemStudyOptions {
  /** Two at least; all score the same clips and tags, in any order. */
  systems: NamedScores[];
  /** Given labels of these clips, and of the rest of the data set if wished: it tells how common each tag is. */
  given: LabelTable;
  /** Audited labels of some of the clips and tags. */
  reannotated: LabelTable;
  seed: number;
  /** Resamples for intervals and draws of labels, >= 1. Default 1000. */
  draws?: number;
}

export interface SystemStudy extends SystemEvaluation {
  /** Clips that the systems score, and those with an audited label. */
  clips: number;
  auditedClips: number;
  /** Tags scored, and the audited ones. */
  tags: string[];
  auditedTags: string[];
  noise: { tag: string; rates: NoiseRates }[];
  trusted: Record<Measure, TrustedDifference>;
}

/**
 * Brings the tables to one order, estimates each audited tag's noise (weighted to the given labels of the whole data
 * set), evaluates the systems and finds the smallest difference to trust.
 *
 * @throws InputError if systems score different clips or tags, a clip lacks given labels, an audited tag is not scored, or
 * an audit holds no clip that carries its tag as given, or none that does not.
 */
export function studySystems({
  systems,
  given,
  reannotated,
  seed,
  draws = 1000,
}: SystemStudyOptions): SystemStudy {
  const [{ ids, tags }] = systems;
  if (systems.length < 2) throw new InputError('evaluate: needs the scores of two systems at least.');
  const strangers = reannotated.tags.filter((tag) => !tags.includes(tag));
  if (strangers.length > 0) {
    throw new InputError(`re-annotated labels: the systems do not score the tag "${strangers[0]}".`);
  }
  const truths: GroundTruths = {
    tags,
    given: align(given, ids, tags, 'given labels', true),
    trueLabels: align(reannotated, ids, tags, 're-annotated labels', false),
  };
  const aligned = systems.map((system): System => {
    requireSame(systems[0], system);
    const { name, scores } = system;
    return { name, scores: align({ ...system, labels: scores }, ids, tags, name, true) };
  });
  const noise = [...countAudit(given, reannotated)].map(([tag, counts]) => {
    const column = given.tags.indexOf(tag);
    const positives = given.ids.filter(
      (_, row) => given.labels[row * given.tags.length + column] === 1,
    ).length;
    const population = { positives, negatives: given.ids.length - positives };
    return { tag, rates: estimateNoiseRates(counts, { population, seed }) };
  });
  const models = noise.map(({ tag, rates: { tagability, specificity } }) => {
    if (tagability !== null && specificity !== null) return [tag, { tagability, specificity }] as const;
    throw new InputError(
      `re-annotated labels: of "${tag}" the audit must hold clips that are given the tag and clips that are not, and clips to which it applies and to which it does not; audit more, or leave it out with --tags.`,
    );
  });
  const evaluation = evaluateSystems(aligned, truths, { seed, resamples: draws });
  const trusted = trustedDifference(aligned, truths, { noise: new Map(models), seed, draws });
  const isAudited = (row: number) =>
    tags.some((_, column) => !Number.isNaN(truths.trueLabels[row * tags.length + column]));
  return {
    clips: ids.length,
    auditedClips: ids.filter((_, row) => isAudited(row)).length,
    tags,
    auditedTags: reannotated.tags,
    noise,
    trusted,
    ...evaluation,
  };
}

/** A table's values in another order of rows and columns; NaN where it has none, unless `whole`. */
function align(table: LabelTable, ids: string[], tags: string[], what: string, whole: boolean): Float64Array {
  const rowOf = new Map(table.ids.map((id, row) => [id, row]));
  const columns = tags.map((tag) => {
    const column = table.tags.indexOf(tag);
    if (column === -1 && whole)
      throw new InputError(`${what}: there is no tag "${tag}", which the systems score.`);
    return column;
  });
  return Float64Array.from(
    ids.flatMap((id) => {
      const row = rowOf.get(id);
      if (row === undefined && whole) throw new InputError(`${what}: the clip "${id}" is missing.`);
      return columns.map((column) =>
        row === undefined || column === -1 ? NaN : table.labels[row * table.tags.length + column],
      );
    }),
  );
}

function requireSame(first: NamedScores, other: NamedScores): void {
  for (const [what, own, theirs] of [
    ['clips', first.ids, other.ids],
    ['tags', first.tags, other.tags],
  ] as const) {
    if (own.length === theirs.length) continue;
    throw new InputError(
      `${other.name}: scores ${theirs.length} ${what} where ${first.name} scores ${own.length}; systems are compared on the same ones.`,
    );
  }
}
