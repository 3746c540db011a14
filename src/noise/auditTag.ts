/** How wrong the given labels of one tag are, from a sample whose truth is known. */
import { createRandom } from '../../datasets/random.ts';
import { percentileInterval } from '../metrics/bootstrapInterval.ts';
import { clopperPearsonInterval } from '../metrics/clopperPearsonInterval.ts';
import { drawBeta, drawBinomial } from './variates.ts';

/** Clips with the same given label, of which some were drawn at random and re-annotated. */
export interface AuditStratum {
  /** The label that all clips of the stratum carry in the ground truth under audit. */
  given: 0 | 1;
  /** Clips in the stratum. */
  size: number;
  /** Those drawn and answered, in [0, size]. */
  audited: number;
  /** Those of the audited to which the tag truly applies. */
  positives: number;
}

/** In [0, 1]; the ends of the interval lie there, too. */
export interface Estimate {
  /** Null where the sample cannot tell. */
  value: number | null;
  interval: [number, number] | null;
}

/** Of the given labels, as a classifier is measured: truth is what the re-annotation says. */
export interface LabelQuality {
  /** Share of the tagged clips to which the tag applies. */
  precision: Estimate;
  /** Share of the clips to which the tag applies that are tagged. */
  recall: Estimate;
  /** Harmonic mean of the two. */
  f: Estimate;
  /** Share of the positive labels that are wrong: 1 - precision. */
  positiveError: Estimate;
  /** Share of the negative labels that are wrong. */
  negativeError: Estimate;
  /** Share of all clips to which the tag applies. */
  prevalence: Estimate;
}

export type Measure = keyof LabelQuality;

export const measureNames: readonly Measure[] = [
  ...(['precision', 'recall', 'f', 'positiveError', 'negativeError', 'prevalence'] as const),
];

export interface AuditTagOptions {
  /** `jeffreys`: close to the level on average. `exact`: at least the level, so wider. Default `jeffreys`. */
  intervals?: 'jeffreys' | 'exact';
  /** Confidence in (0, 1). Default 0.95. */
  level?: number;
  /** Of the posterior's draws, a 32-bit integer. Default 1. */
  seed?: number;
  /** Draws of the posterior for `jeffreys`, >= 1. Default 10,000. */
  draws?: number;
}

/**
 * Estimates the quality of a tag's given labels from a stratified sample.
 *
 * With N_h clips in stratum h, n_h of them audited and k_h found positive, the number of true positives among the
 * clips with given label g is estimated by T_g = Σ N_h · k_h / n_h over the strata of g (Horvitz and Thompson 1952;
 * stratified expansion, Cochran, "Sampling Techniques", 1977, 5.3), which is unbiased. Then, with N_g clips of label g,
 *
 *     precision = T_1 / N_1      negativeError = T_0 / N_0      prevalence = (T_1 + T_0) / (N_1 + N_0)
 *     recall = T_1 / (T_1 + T_0)      f = 2 T_1 / (N_1 + T_1 + T_0)
 *
 * The first line is unbiased; the second are ratio estimators, with a bias of order 1/n (Cochran, 6.8).
 *
 * Intervals `jeffreys`: the positives among the N_h - n_h clips not audited are drawn from their posterior,
 * Binomial(N_h - n_h, p) with p ~ Beta(k_h + ½, n_h - k_h + ½) (Ericson 1969, JRSS B 31, with Jeffreys' prior); the
 * interval holds the central `level` of the measure over the draws. An end goes to 0 or 1 where the audited clips do
 * not speak against it (Brown, Cai and DasGupta 2001, Statistical Science 16, 4.1.2). Large sampling shares shorten it,
 * and a stratum audited whole adds nothing to it.
 *
 * Intervals `exact`: Clopper and Pearson's in each stratum, at the level^(1/m) for m strata, so that all hold together
 * with probability >= level; every measure is monotone in each stratum's share, so the corners bound it.
 *
 * Neither knows of the annotators' own mistakes.
 *
 * @throws RangeError if counts do not fit each other, there is no stratum, or `level` or `draws` is out of range.
 * @example auditTag([{ given: 1, size: 500, audited: 50, positives: 40 }]).precision // 0.8 [0.682, 0.888]
 */
export function auditTag(
  strata: readonly AuditStratum[],
  { intervals = 'jeffreys', level = 0.95, seed = 1, draws = 10_000 }: AuditTagOptions = {},
): LabelQuality {
  requireStrata(strata);
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`auditTag: level must lie between 0 and 1; got ${level}. Pass 0.95 for 95 %.`);
  }
  const sizes = { tagged: sumOf(strata, 1, 'size'), untagged: sumOf(strata, 0, 'size') };
  const value = measures(strata, sizes, ({ positives, audited, size }) => (size * positives) / audited);
  const ends =
    intervals === 'exact' ? exactEnds(strata, sizes, level) : jeffreysEnds(strata, sizes, level, seed, draws);
  const estimate = (measure: Measure): Estimate => {
    const known = Number.isFinite(value[measure]);
    return { value: known ? value[measure] : null, interval: known ? ends(measure) : null };
  };
  return Object.fromEntries(measureNames.map((measure) => [measure, estimate(measure)])) as Record<
    Measure,
    Estimate
  >;
}

interface Sizes {
  tagged: number;
  untagged: number;
}

/** Clips of a data set by the given and the true label. */
export interface TrueCounts extends Sizes {
  /** Tagged clips to which the tag applies. */
  truePositives: number;
  /** Untagged clips to which it applies. */
  missed: number;
}

type Ends = (measure: Measure) => [number, number];

/** The measures for the positives that `total` gives each stratum; NaN where one is not to be known. */
function measures(
  strata: readonly AuditStratum[],
  { tagged, untagged }: Sizes,
  total: (stratum: AuditStratum, index: number) => number,
): Record<Measure, number> {
  let [truePositives, missed] = [0, 0];
  strata.forEach((stratum, index) => {
    if (stratum.size === 0) return; // holds no clip, so tells all about its clips
    if (stratum.given === 1) truePositives += total(stratum, index);
    else missed += total(stratum, index);
  });
  // without a stratum of untagged (or tagged) clips nothing is known about them
  const known = { tagged: strata.some(({ given }) => given === 1), untagged: strata.some(isUntagged) };
  if (!known.tagged) truePositives = NaN;
  if (!known.untagged) missed = NaN;
  return measuresOf({ tagged, untagged, truePositives, missed });
}

/** The measures where all of the data set is known, or taken for known. */
export function measuresOf({ tagged, untagged, truePositives, missed }: TrueCounts): Record<Measure, number> {
  return {
    precision: truePositives / tagged,
    recall: truePositives / (truePositives + missed),
    f: (2 * truePositives) / (tagged + truePositives + missed),
    positiveError: 1 - truePositives / tagged,
    negativeError: missed / untagged,
    prevalence: (truePositives + missed) / (tagged + untagged),
  };
}

function jeffreysEnds(
  strata: readonly AuditStratum[],
  sizes: Sizes,
  level: number,
  seed: number,
  draws: number,
): Ends {
  const random = createRandom(seed);
  const columns = new Map(measureNames.map((measure) => [measure, new Float64Array(draws)]));
  for (let draw = 0; draw < draws; draw++) {
    const drawn = measures(strata, sizes, ({ size, audited, positives }) => {
      if (audited === size) return positives;
      const share = drawBeta(random, positives + 0.5, audited - positives + 0.5);
      return positives + drawBinomial(random, size - audited, share);
    });
    for (const measure of measureNames) columns.get(measure)![draw] = drawn[measure];
  }
  const open = unopposed(strata, sizes);
  return (measure) => {
    const [low, high] = percentileInterval(columns.get(measure)!, level).interval!;
    return [open[measure] === 0 ? 0 : low, open[measure] === 1 ? 1 : high];
  };
}

/** The measures if what was found nowhere in a stratum, or everywhere, held for all of it. */
function unopposed(strata: readonly AuditStratum[], sizes: Sizes): Record<Measure, number> {
  return measures(strata, sizes, ({ positives, size, audited }) =>
    positives === audited ? size : positives,
  );
}

function exactEnds(strata: readonly AuditStratum[], sizes: Sizes, level: number): Ends {
  const bounds = (sampled: (stratum: AuditStratum) => boolean) => {
    const count = strata.filter((s) => sampled(s) && s.audited < s.size).length;
    const each = count === 0 ? level : level ** (1 / count);
    return strata.map(({ positives, audited, size }): [number, number] => {
      if (audited === size) return [positives, positives];
      const [low, high] = clopperPearsonInterval(positives, audited, each);
      // of the clips of the stratum, those audited are known
      return [Math.max(positives, low * size), Math.min(size - audited + positives, high * size)];
    });
  };
  const [tagged, untagged, all] = [bounds(isTagged), bounds(isUntagged), bounds(() => true)];
  const corner = (ends: [number, number][], ofTagged: 0 | 1, ofUntagged: 0 | 1) =>
    measures(strata, sizes, ({ given }, index) => ends[index][given === 1 ? ofTagged : ofUntagged]);
  return (measure) => {
    const ends =
      { precision: tagged, positiveError: tagged, negativeError: untagged }[measure as string] ?? all;
    const corners = ([0, 1] as const).flatMap((a) =>
      ([0, 1] as const).map((b) => corner(ends, a, b)[measure]),
    );
    const finite = corners.map((value) => (Number.isNaN(value) ? 0 : value)); // recall of nothing found at all
    return [Math.min(...finite), Math.max(...finite)];
  };
}

function isTagged({ given }: AuditStratum): boolean {
  return given === 1;
}

function isUntagged({ given }: AuditStratum): boolean {
  return given === 0;
}

function sumOf(strata: readonly AuditStratum[], label: 0 | 1, field: 'size' | 'audited'): number {
  return strata.reduce((sum, stratum) => sum + (stratum.given === label ? stratum[field] : 0), 0);
}

function requireStrata(strata: readonly AuditStratum[]): void {
  if (strata.length === 0) throw new RangeError('auditTag: needs at least one stratum; got none.');
  for (const { size, audited, positives } of strata) {
    const whole = [size, audited, positives].every(Number.isInteger);
    if (!(whole && positives >= 0 && positives <= audited && audited <= size)) {
      throw new RangeError(
        'auditTag: needs whole counts with 0 <= positives <= audited <= size; ' +
          `got ${positives}, ${audited} and ${size}.`,
      );
    }
  }
}
