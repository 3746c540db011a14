import { expect, test } from 'vitest';
import { analyse, testRecall } from '../../../experiments/learnedChroma/analysis.ts';
import { armName, arms, describeArm, type Arm } from '../../../experiments/learnedChroma/design.ts';
import type { Trial } from '../../../experiments/learnedChroma/trialStore.ts';

const nClips = 40;

/** Every clip has the recall given, but for a swing that all trials share. */
function trialOf(arm: Arm, trial: number, recalls: { valid: number; clean: number; noise: number }): Trial {
  const clips = (recall: number, swing: number) =>
    Array.from({ length: nClips }, (_, i) => ({
      recall: recall + (i % 2 === 0 ? swing : -swing),
      seconds: 10,
    }));
  return {
    ...{ arm, trial, seconds: 1, valid: recalls.valid, validByCondition: { clean: recalls.valid } },
    test: { clean: clips(recalls.clean, 0.02), 'noise 0 dB': clips(recalls.noise, 0.2) },
    decoding: { by: 'distance', noChord: 'silent', floor: 1, sharpness: 1, selfTransition: 0.9 },
    ...{ curve: [], weights: null },
  };
}

const trials = arms.flatMap((arm) => {
  const gain =
    arm.layers === 0 ? 0 : arm.layers === 2 && arm.regularised && arm.training.length > 1 ? 0.1 : 0.03;
  return [1, 2].map((trial) =>
    // the second is worse on the validation clips and better on those that are tested
    trialOf(arm, trial, {
      valid: 0.7 + gain - 0.05 * trial,
      clean: 0.7 + gain + 0.01 * trial,
      noise: 0.5 + gain / 2,
    }),
  );
});
const analysis = analyse(trials, ['clean', 'noise 0 dB']);

test('the trial and the arm are chosen by the validation clips, not by those that are tested', () => {
  expect(analysis.arms.map(({ best }) => best)).toEqual(arms.map(() => 1));
  expect(analysis.chosen).toBe('2-layer-regularised-all');
  expect(analysis.arms[0].recalls.clean!.value).toBeCloseTo(0.71, 12);
});

test('differences are paired: a swing that both share does not widen them', () => {
  const chosen = analysis.arms.find(({ arm }) => armName(arm) === analysis.chosen)!;
  expect(chosen.gains.clean!.value).toBeCloseTo(0.1, 12);
  expect(chosen.gains.clean!.interval![0]).toBeCloseTo(0.1, 12);
  expect(
    chosen.recalls['noise 0 dB']!.interval![1] - chosen.recalls['noise 0 dB']!.interval![0],
  ).toBeGreaterThan(0.08);
});

test('apart without overlap is better, apart with overlap is said so', () => {
  expect(analysis.outcomes.clean).toBe('better');
  expect(analysis.outcomes['noise 0 dB']).toBe('overlap');
  expect(
    analysis.effects.find(({ name }) => name === 'regularised: 2 layers − 1 layer')!.clean.value,
  ).toBeCloseTo(0.07, 12);
  expect(
    analysis.effects.find(({ name }) => name === '1 layer: regularised − free')!.clean.value,
  ).toBeCloseTo(0, 12);
});

test('recall pools seconds over clips and conditions', () => {
  const trial = trialOf(arms[0], 1, { valid: 0, clean: 0.8, noise: 0.4 });
  trial.test.clean = [
    { recall: 1, seconds: 30 },
    { recall: null, seconds: 0 },
  ];
  trial.test['noise 0 dB'] = [
    { recall: 0.5, seconds: 10 },
    { recall: 0, seconds: 20 },
  ];
  expect(testRecall(trial, ['clean', 'noise 0 dB'])).toBeCloseTo(35 / 60, 12);
});

test('every kind has a name of its own', () => {
  expect(new Set(arms.map(armName)).size).toBe(arms.length);
  expect(new Set(arms.map(describeArm)).size).toBe(arms.length);
  expect(describeArm(arms[0])).toBe('octave equivalence');
});
