/** The study's answer in words, and its figures as lines for a terminal. */
import { describeDifference as describeMeanDifference, signed } from '../shared/describeDifference.ts';
import { join } from 'node:path';
import { terminalWidth, wrapText } from '../../src/cli/wrapText.ts';
import { formatFigure, formatInterval } from '../../src/report/formatFigure.ts';
import type { ArmSummary, Figure, Group } from './analysis.ts';
import { armName, describeArm } from './design.ts';
import type { StudyResult } from './report.ts';

/** Does learned chroma beat fixed chroma? A sentence or two for the clips as they are, under noise, and elsewhere. */
export function answers({ analysis, conditions, data }: StudyResult): string[] {
  const [fixed, chosen] = contestants(analysis);
  const noises = conditions.filter((condition) => condition.startsWith('noise'));
  const others = conditions.filter((condition) => condition !== 'clean' && !condition.startsWith('noise'));
  const isBetter = (group: Group) => analysis.outcomes[group] === 'better';
  const heard = data.unseen.length > 0 ? `instruments that training did not hear (${data.unseen.join(', ')})` : 'recordings that training did not hear'; // prettier-ignore
  const claim = (groups: Group[]) => {
    if (groups.every(isBetter)) return 'yes';
    return groups.some(isBetter) ? 'in part' : 'no';
  };
  return [
    `The learned chroma with the best validation score is: ${describeArm(chosen.arm)}. Figures are the share of the time in ` +
      `which the chord is right (weighted recall over major, minor and no chord), on ${data.test} clips of ${heard}.`,
    `Does learned beat fixed on them? ${capital(claim(['clean']))}: ${compare('clean', fixed, chosen, analysis)}.`,
    `Does it under noise? ${capital(claim(noises))}: ${noises.map((each) => compare(each, fixed, chosen, analysis)).join('; ')}.`,
    `Elsewhere: ${others.map((each) => compare(each, fixed, chosen, analysis)).join('; ')}.`,
    ...effectSentences(analysis.effects),
  ];
}

/** Fixed chroma, and the learned one that was chosen. */
export function contestants({ arms, chosen }: StudyResult['analysis']): [ArmSummary, ArmSummary] {
  return [arms[0], arms.find(({ arm }) => armName(arm) === chosen)!];
}

const outcomeWords = {
  better: 'the intervals do not overlap',
  overlap: 'better clip by clip, though the intervals overlap',
  same: 'not to be told apart',
  worse: 'worse',
} as const;

function compare(
  group: Group,
  fixed: ArmSummary,
  chosen: ArmSummary,
  { outcomes }: StudyResult['analysis'],
): string {
  const [learned, before] = [chosen.recalls[group]!, fixed.recalls[group]!];
  return `${group} ${describeFigure(learned)} against ${describeFigure(before)}, ${outcomeWords[outcomes[group]!]}`;
}

/** A sentence for regularisation, for distortions and for depth. */
function effectSentences(effects: StudyResult['analysis']['effects']): string[] {
  return effectTopics.map(({ topic, intro }) => {
    const own = effects.filter((effect) => effect.topic === topic);
    const listed = own.map(
      ({ short, clean, distorted }) => `${short} ${toldApart(clean)}, distorted ${toldApart(distorted)}`,
    );
    return `${intro}: ${listed.join('; ')}.`;
  });
}

const effectTopics = [
  { topic: 'regularisation', intro: 'What regularisation adds, all distortions in training' },
  { topic: 'distortions', intro: 'What all distortions of the training frames add' },
  { topic: 'depth', intro: 'What a further layer adds, all distortions in training' },
] as const;

/** `+0.031`, and `+0.001 (not to be told from 0)`. */
function toldApart({ value, interval }: Figure): string {
  const unclear = interval === null || (interval[0] <= 0 && interval[1] >= 0);
  return `${signed(value)}${unclear ? ' (not to be told from 0)' : ''}`;
}

/** `0.912 [0.894, 0.931]`. */
export function describeFigure({ value, interval }: Figure): string {
  return `${formatFigure(value)} ${formatInterval(interval)}`;
}

/** `+0.031 [+0.012, +0.050]`. */
export function describeDifference({ value, interval }: Figure): string {
  return describeMeanDifference({ mean: value, interval });
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

export function describeStudy(result: StudyResult, out: string): string {
  const { analysis, conditions, seconds } = result;
  const [fixed, chosen] = contestants(analysis);
  return [
    `${''.padEnd(18)}${'fixed'.padEnd(24)}learned`,
    ...[...conditions, 'distorted' as const].map(
      (group) =>
        `${group.padEnd(18)}${describeFigure(fixed.recalls[group]!).padEnd(24)}${describeFigure(chosen.recalls[group]!)}`,
    ),
    '',
    ...answers(result).flatMap((sentence) => [...wrapText(sentence, terminalWidth), '']),
    `${(seconds / 60).toFixed(1)} minutes of trials`,
    `result   ${join(out, 'result.json')}`,
    `report   ${join(out, 'report.html')}`,
    '',
  ].join('\n');
}
