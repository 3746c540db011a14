/** What a section of the bench gives. */
import type { GoalName, GoalResult } from './goals.ts';
import { describeSpread, figure, markdownTable } from './markdown.ts';
import { median, ratioOf, spreadOf } from './ratio.ts';
import type { Timing } from './rounds.ts';
import type { Session } from './session.ts';

export interface SectionResult {
  title: string;
  /** Markdown. */
  body: string;
  goals: GoalResult[];
  /** Why a goal was not measured. */
  remarks?: Partial<Record<GoalName, string>>;
  /** All figures, for JSON. */
  data: object;
}

export interface Section {
  /** For `--only`. */
  letter: string;
  question: string;
  /** What it can measure. */
  goals: readonly GoalName[];
  run: (session: Session) => Promise<SectionResult>;
}

/** A line a contestant: milliseconds, and how many times as long as the first. */
export function timingTable(unit: string, timings: readonly Timing[]): string {
  const [first] = timings;
  const rows = timings.map(({ name, values, cpu }) => {
    const rounds = Math.min(values.length, first.values.length);
    const ratio = ratioOf(values.slice(0, rounds), first.values.slice(0, rounds));
    return [name, describeSpread(spreadOf(values)), figure(median(cpu)), describeSpread(ratio)];
  });
  return markdownTable(
    ['who', `ms a ${unit}, median [lowest–highest]`, 'ms of processor time', `× ${first.name}`],
    rows,
  );
}

/** The goal's ratio: ours over theirs, round by round; null where one of them is missing. */
export function goalRatio(
  name: GoalName,
  ours: Timing | undefined,
  theirs: Timing | undefined,
): GoalResult[] {
  if (ours === undefined || theirs === undefined) return [];
  const rounds = Math.min(ours.values.length, theirs.values.length);
  return [{ name, ratio: ratioOf(ours.values.slice(0, rounds), theirs.values.slice(0, rounds)) }];
}

/** Of several ways the quickest. */
export function quickest(timings: readonly (Timing | undefined)[]): Timing | undefined {
  const there = timings.filter((timing) => timing !== undefined);
  return there.sort((a, b) => median(a.values) - median(b.values))[0];
}

/** A check of equal work: what differs, by how much, and whether that is in order. */
export interface Check {
  what: string;
  difference: number;
  atMost: number;
}

export function describeChecks(checks: readonly Check[]): string {
  if (checks.length === 0) return '';
  const lines = checks.map(({ what, difference, atMost }) => {
    const verdict = difference <= atMost ? 'ok' : 'NOT EQUAL WORK';
    return `- ${what}: differs by ${figure(difference)} (at most ${figure(atMost)}): ${verdict}`;
  });
  return `\n\nEqual work, checked before timing:\n\n${lines.join('\n')}`;
}
