/** Audits of a tag whose truth is known, repeated: do the intervals hold it, is an estimator biased? */
import { createRandom, type Random } from '../../datasets/random.ts';
import {
  auditTag,
  measureNames,
  measuresOf,
  type AuditStratum,
  type AuditTagOptions,
  type Measure,
} from './auditTag.ts';

/** What is true of a tag over all clips of a data set. */
export interface AuditTruth {
  /** Clips that carry the tag, and to how many of them it applies. */
  tagged: number;
  truePositives: number;
  /** Clips without the tag, and to how many of them it applies all the same. */
  untagged: number;
  missed: number;
}

export interface SimulatedDesign {
  /**
   * `tagged` clips alone; a `random` set of all; `stratified`, half tagged and half not; `informative`, where half of
   * each half is the clips that a model disputes, audited whole, with twice the errors among the tagged and five times
   * those among the untagged.
   */
  name: 'tagged' | 'random' | 'stratified' | 'informative';
  /** Drawn in all. */
  clips: number;
}

export interface SimulatedMeasure {
  /** Mean over the repetitions. */
  truth: number;
  /** Repetitions with an estimate. */
  defined: number;
  /** Mean estimate minus truth, and the standard error of that mean. */
  bias: number;
  standardError: number;
  /** Share of the defined whose interval holds the truth. */
  coverage: number;
  meanWidth: number;
}

/**
 * Draws audits of a finite data set of known truth by a design and gives, for each measure that the design can
 * estimate, how often the interval holds the truth and how far the mean estimate lies from it.
 *
 * The sample is drawn without replacement, so that counts are hypergeometric.
 *
 * @param drawTruth The data set of a repetition: a fixed one, or another each time.
 * @param options of `auditTag`; `seed` is of everything random, `repetitions` >= 1.
 * @example simulateAudits(() => truth, { name: 'random', clips: 400 }, { repetitions: 10_000, seed: 1 }).recall
 */
export function simulateAudits(
  drawTruth: (random: Random) => AuditTruth,
  design: SimulatedDesign,
  { repetitions, seed, ...options }: AuditTagOptions & { repetitions: number; seed: number },
): Partial<Record<Measure, SimulatedMeasure>> {
  const tallies = measureNames.map((measure) => ({
    measure,
    defined: 0,
    truths: 0,
    sum: 0,
    squares: 0,
    held: 0,
    width: 0,
  }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const random = createRandom(seed, repetition);
    const truth = drawTruth(random);
    const known = measuresOf(truth);
    const result = auditTag(drawStrata(truth, design, random), { ...options, seed: random.seed() });
    for (const tally of tallies) {
      const { value, interval } = result[tally.measure];
      if (value === null || interval === null) continue;
      const truly = known[tally.measure];
      tally.defined++;
      tally.truths += truly;
      tally.sum += value - truly;
      tally.squares += (value - truly) ** 2;
      tally.held += interval[0] <= truly + 1e-12 && truly <= interval[1] + 1e-12 ? 1 : 0;
      tally.width += interval[1] - interval[0];
    }
  }
  const found = tallies.filter(({ defined }) => defined > 0);
  return Object.fromEntries(
    found.map(({ measure, defined, truths, sum, squares, held, width }) => {
      const bias = sum / defined;
      const standardError = Math.sqrt((squares / defined - bias ** 2) / defined);
      const [coverage, meanWidth] = [held / defined, width / defined];
      return [measure, { truth: truths / defined, defined, bias, standardError, coverage, meanWidth }];
    }),
  );
}

function drawStrata(truth: AuditTruth, design: SimulatedDesign, random: Random): AuditStratum[] {
  const { tagged, truePositives, untagged, missed } = truth;
  const stratum = (given: 0 | 1, size: number, positive: number, audited: number): AuditStratum => ({
    ...{ given, size, audited, positives: drawHypergeometric(random, size, positive, audited) },
  });
  const half = Math.floor(design.clips / 2);
  switch (design.name) {
    case 'tagged':
      return [stratum(1, tagged, truePositives, design.clips)];
    case 'random': {
      const ofTagged = drawHypergeometric(random, tagged + untagged, tagged, design.clips);
      return [
        stratum(1, tagged, truePositives, ofTagged),
        stratum(0, untagged, missed, design.clips - ofTagged),
      ];
    }
    case 'stratified':
      return [stratum(1, tagged, truePositives, half), stratum(0, untagged, missed, half)];
    case 'informative': {
      const quarter = Math.floor(half / 2);
      const wrong = Math.min(1, 2 * (1 - truePositives / tagged));
      const right = Math.round(quarter * (1 - wrong));
      const found = Math.min(missed, Math.round(quarter * Math.min(1, (5 * missed) / untagged)));
      return [
        stratum(1, quarter, right, quarter),
        stratum(1, tagged - quarter, truePositives - right, half - quarter),
        stratum(0, quarter, found, quarter),
        stratum(0, untagged - quarter, missed - found, half - quarter),
      ];
    }
  }
}

/** How many of `draws` clips, drawn without replacement from `size`, are among the `marked`. */
function drawHypergeometric(random: Random, size: number, marked: number, draws: number): number {
  let found = 0;
  for (let drawn = 0; drawn < draws; drawn++) {
    if (random.uniform(0, size - drawn) < marked - found) found++;
  }
  return found;
}
