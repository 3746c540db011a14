import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../../datasets/random.ts';
import { evaluateSystems, type System } from '../../../src/noise/evaluateSystems.ts';
import { trustedDifference, type TagNoiseModel } from '../../../src/noise/trustedDifference.ts';
import { noiseFixture } from './noiseFixture.ts';

/** Systems of rising skill on two tags, and labels by the noise model. */
function simulate(random: Random, clips: number, skills: number[], noise: TagNoiseModel) {
  const tags = ['guitar', 'drums'];
  const trueLabels = Array.from({ length: 2 * clips }, () => Number(random.chance(0.4)));
  const given = trueLabels.map((label) =>
    Number(random.chance(label === 1 ? noise.tagability : 1 - noise.specificity)),
  );
  const heard = () => random.uniform(-1, 1) + random.uniform(-1, 1);
  const systems = skills.map((skill, i): System => ({
    name: `system ${i}`,
    scores: trueLabels.map((label) => skill * label + heard()),
  }));
  return { systems, truths: { tags, given, trueLabels } };
}

const clean = { tagability: 1, specificity: 1 };
const noisy = { tagability: 0.6, specificity: 0.9 };
const both = (model: TagNoiseModel) => new Map(['guitar', 'drums'].map((tag) => [tag, model]));

test.each(noiseFixture.auc)('both measures under both ground truths equal scikit-learn', (fixture) => {
  const reversed = fixture.scores.map((score) => -score);
  const { perTag } = evaluateSystems(
    [{ name: 'own', scores: fixture.scores }, { name: 'reversed', scores: reversed }], // prettier-ignore
    { tags: ['guitar'], given: fixture.given, trueLabels: fixture.truth },
    { seed: 1, resamples: 1 },
  );
  expect(perTag[0].rocAuc.given).toBeCloseTo(fixture.rocAuc[0], 12);
  expect(perTag[0].rocAuc.audited).toBeCloseTo(fixture.rocAuc[1], 12);
  expect(perTag[0].prAuc.given).toBeCloseTo(fixture.prAuc[0], 12);
  expect(perTag[0].prAuc.audited).toBeCloseTo(fixture.prAuc[1], 12);
  expect(perTag[1].rocAuc.audited).toBeCloseTo(1 - fixture.rocAuc[1], 12);
});

test('under labels without noise both ground truths agree wholly', () => {
  const { systems, truths } = simulate(createRandom(5), 150, [0.2, 0.6, 1, 1.5], clean);
  const { givenAgainstAudited } = evaluateSystems(systems, truths, { seed: 3, resamples: 40 });
  for (const found of Object.values(givenAgainstAudited!.prAuc)) {
    expect(found.value).toBeCloseTo(1, 12);
    expect(found.interval![0]).toBeCloseTo(1, 12);
  }
});

test('labels that were not audited count for all tags alone', () => {
  const { systems, truths } = simulate(createRandom(6), 120, [0, 1, 3], clean);
  const trueLabels = truths.trueLabels.map((label, i) => (i % 2 === 1 || i >= 120 ? NaN : label));
  const found = evaluateSystems(systems, { ...truths, trueLabels }, { seed: 3, resamples: 40 });
  expect(found.perTag.map(({ tag, clips }) => [tag, clips])).toEqual(Array(3).fill(['guitar', 60]));
  const everything = evaluateSystems(systems, truths, { seed: 3, resamples: 40 });
  found.systems.forEach(({ rocAuc, prAuc }, i) => {
    expect(rocAuc.allTags).toBeCloseTo(everything.systems[i].rocAuc.given!, 12);
    expect(prAuc.allTags).toBeCloseTo(everything.systems[i].prAuc.given!, 12);
  });
  expect(found.auditedTagsAgainstAll!.rocAuc.kendall.value).toBeCloseTo(1, 12);
  expect(everything.auditedTagsAgainstAll).toBeNull();
});

test('two systems have no correlation', () => {
  const { systems, truths } = simulate(createRandom(6), 50, [0.3, 0.9], noisy);
  expect(evaluateSystems(systems, truths, { seed: 1 }).givenAgainstAudited).toBeNull();
});

test('labels without noise make no difference, clips do', () => {
  const { systems, truths } = simulate(createRandom(7), 150, [0.5, 1], clean);
  const { rocAuc } = trustedDifference(systems, truths, { noise: both(clean), seed: 1, draws: 100 });
  expect(rocAuc.byLabels).toBeCloseTo(0, 12);
  expect(rocAuc.byLabelsAndClips).toBeGreaterThan(0.02);
  expect(rocAuc.attenuation).toBeCloseTo(1, 12);
  expect(rocAuc.pairs[0].orderKept).toBe(1);
});

test('the noise leaves of a difference what theory says: P(true | given) − P(true | not given)', () => {
  const { systems, truths } = simulate(createRandom(8), 3000, [0.3, 1.5], noisy);
  const { rocAuc } = trustedDifference(systems, truths, { noise: both(noisy), seed: 1, draws: 60 });
  // prevalence 0.4: given and true 0.24, given and not true 0.06, not given and true 0.16, neither 0.54
  expect(Math.abs(rocAuc.attenuation! - (0.24 / 0.3 - 0.16 / 0.7))).toBeLessThan(0.02);
});

test('equal systems differ by more than the trusted difference about once in twenty', () => {
  const random = createRandom(12);
  const trials = 300;
  let beyond = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { systems, truths } = simulate(random, 120, [0.8, 0.8], noisy);
    const { rocAuc } = trustedDifference(systems, truths, { noise: both(noisy), seed: trial, draws: 150 });
    beyond += Number(Math.abs(rocAuc.pairs[0].given) > rocAuc.byLabelsAndClips);
  }
  expect(beyond / trials).toBeGreaterThan(0.015);
  expect(beyond / trials).toBeLessThan(0.09);
});

test('one system, sizes that do not agree and a tag without rates are refused', () => {
  const { systems, truths } = simulate(createRandom(1), 20, [0.5, 1], noisy);
  expect(() => evaluateSystems([systems[0]], truths, { seed: 1 })).toThrow('two systems');
  const short = [systems[0], { name: 'short', scores: [1, 2] }];
  expect(() => evaluateSystems(short, truths, { seed: 1 })).toThrow('2 scores of "short"');
  const nothing = { ...truths, trueLabels: truths.trueLabels.map(() => NaN) };
  expect(() => evaluateSystems(systems, nothing, { seed: 1 })).toThrow('no label of these clips was audited');
  expect(() => trustedDifference(systems, truths, { noise: new Map(), seed: 1 })).toThrow(
    '"guitar" needs noise rates',
  );
});
