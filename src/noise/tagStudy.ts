/** What tags mean: how they are given together, how surely they are given, and what a net makes of them. */
import { coOccurrence, type CoOccurrence } from './coOccurrence.ts';
import { InputError } from '../errors.ts';
import type { LabelTable } from './labelTable.ts';
import { compareSimilarities, labelVectorSimilarity, type SimilarityComparison } from './labelVectors.ts';
import {
  compareGroups,
  estimateNoiseRates,
  type AuditCounts,
  type GroupTagability,
  type NoiseRates,
  type TagGroup,
} from './noiseRates.ts';
import type { OutputKernel } from './outputKernel.ts';

export interface TagStudyOptions {
  given: LabelTable;
  /** Labels of audited clips, NaN where nobody could tell; their ids are among those given. */
  reannotated?: LabelTable;
  /** Compared by their tagability; needs `reannotated`. */
  groups?: TagGroup[];
  /** The trained net's output layer, over the same tags in the same order. */
  output?: OutputKernel & { tags: readonly string[] };
  seed: number;
}

export interface TagStudy {
  clips: number;
  tags: string[];
  coOccurrence: CoOccurrence;
  tagability?: { tag: string; audited: number; counts: AuditCounts; rates: NoiseRates }[];
  groups?: GroupTagability[];
  output?: { layer: string; units: number; similarity: number[][]; comparison: SimilarityComparison };
}

/**
 * Puts the three questions to a set of labels; those for which nothing is given are left out.
 *
 * @throws InputError if a given label is unknown, an audited clip or a tag is not among the given ones, or the net has
 * other tags.
 * @example studyTags({ given: await readLabels('given.csv'), seed: 1 }).coOccurrence.conditional
 */
export function studyTags({ given, reannotated, groups = [], output, seed }: TagStudyOptions): TagStudy {
  const { ids, tags, labels } = given;
  if (labels.some(Number.isNaN))
    throw new InputError('given labels: some are neither 0 nor 1. Fill them in.');
  const together = coOccurrence(labels, tags.length);
  const study: TagStudy = { clips: ids.length, tags, coOccurrence: together };
  if (groups.length > 0 && reannotated === undefined) {
    throw new InputError('groups of tags are compared by an audit; name its labels with --reannotated.');
  }
  if (reannotated !== undefined) {
    const counted = countAudit(given, reannotated);
    const audited = new Map(
      [...counted].map(([tag, counts]) => {
        const positives = together.counts[tags.indexOf(tag)];
        return [tag, { counts, population: { positives, negatives: ids.length - positives } }];
      }),
    );
    study.tagability = [...audited].map(([tag, { counts, population }]) => ({
      tag,
      audited: Object.values<number>({ ...counts }).reduce((sum, count) => sum + count, 0),
      counts,
      rates: estimateNoiseRates(counts, { population, seed }),
    }));
    for (const { name, tags: members } of groups) {
      const stranger = members.find((tag) => !tags.includes(tag));
      if (stranger !== undefined) throw new InputError(`group "${name}": there is no tag "${stranger}".`);
    }
    study.groups = compareGroups(groups, audited, { seed });
  }
  if (output !== undefined) {
    const at = output.tags.findIndex((tag, i) => tag !== tags[i]);
    if (output.tags.length !== tags.length || at !== -1) {
      throw new InputError(
        `the model's tags must be those of the labels, in their order; it has ${output.tags.length} of them, ` +
          `the labels have ${tags.length}${at === -1 ? '' : `, and number ${at + 1} is "${output.tags[at]}" against "${tags[at]}"`}.`,
      );
    }
    const similarity = labelVectorSimilarity(output.kernel, tags.length);
    const { layer, units } = output;
    study.output = {
      layer,
      units,
      similarity,
      comparison: compareSimilarities(tags, similarity, together.normalised),
    };
  }
  return study;
}

/**
 * Audited clips by given and true label, for each tag of the audit; a clip on which nobody could tell counts nowhere.
 *
 * @throws InputError if an audited clip or tag is not among the given ones.
 */
export function countAudit(given: LabelTable, reannotated: LabelTable): Map<string, AuditCounts> {
  const rowOf = new Map(given.ids.map((id, row) => [id, row]));
  const counts = new Map<string, AuditCounts>();
  for (const [column, tag] of reannotated.tags.entries()) {
    const givenColumn = given.tags.indexOf(tag);
    if (givenColumn === -1)
      throw new InputError(`re-annotated labels: the tag "${tag}" is not among the given ones.`);
    const own = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
    reannotated.ids.forEach((id, row) => {
      const givenRow = rowOf.get(id);
      if (givenRow === undefined)
        throw new InputError(`re-annotated labels: the clip "${id}" has no given labels.`);
      const truth = reannotated.labels[row * reannotated.tags.length + column];
      const said = given.labels[givenRow * given.tags.length + givenColumn];
      if (Number.isNaN(truth) || Number.isNaN(said)) return;
      if (said === 1) own[truth === 1 ? 'truePositives' : 'falsePositives']++;
      else own[truth === 1 ? 'falseNegatives' : 'trueNegatives']++;
    });
    counts.set(tag, own);
  }
  return counts;
}
