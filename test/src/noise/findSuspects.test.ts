import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { averagePrecision } from '../../../src/metrics/averagePrecision.ts';
import { findSuspects } from '../../../src/noise/findSuspects.ts';
import { judgeRanking } from '../../../src/noise/judgeRanking.ts';
import { relateTags, scoreOutOfFold } from '../../../src/noise/outOfFold.ts';

const tags = ['guitar', 'guitars', 'drums'];

/** Two names of one thing and a tag of its own; a share of the positive labels is missing. */
function simulate(clips: number, missing: number) {
  const random = createRandom(4);
  const rows = Array.from({ length: clips }, () => {
    const [guitar, drums] = [random.chance(0.4), random.chance(0.3)];
    const truth = [guitar, guitar, drums].map(Number);
    const given = truth.map((label) => (label === 1 && random.chance(missing) ? 0 : label));
    const heard = () => random.uniform(-1, 1) + random.uniform(-1, 1);
    return { truth, given, features: [2 * Number(guitar) + heard(), 2 * Number(drums) + heard()] };
  });
  return {
    truth: rows.flatMap(({ truth }) => truth),
    given: rows.flatMap(({ given }) => given),
    features: Float64Array.from(rows.flatMap(({ features }) => features)),
  };
}

/** Average precision of the error probabilities at the labels that are wrong. */
function meets(data: ReturnType<typeof simulate>, scores: Float64Array) {
  const { ranked } = findSuspects({ tags, given: data.given, scores });
  const wrong = ranked.map(({ clip, tag, given }) => Number(data.truth[clip * tags.length + tag] !== given));
  return {
    wrong,
    ranked,
    averagePrecision: averagePrecision(
      wrong,
      ranked.map((_, rank) => -rank),
    ),
  };
}

const data = simulate(1200, 0.3);
const options = { tags, given: data.given, exclusive: false, folds: 4, seed: 2 };
const scores = scoreOutOfFold(data.features, options);

test('missing positives come first, and as often as expected', () => {
  const { wrong, ranked } = meets(data, scores);
  const { precisionAt, chance } = judgeRanking(
    wrong,
    ranked.map(({ errorProbability }) => errorProbability),
    [50, 300],
  );
  expect(chance).toBeLessThan(0.12);
  for (const { precision, expected, interval, lift } of precisionAt) {
    expect(lift).toBeGreaterThan(4);
    expect(Math.abs(precision - expected!)).toBeLessThan(0.15);
    expect(interval[0]).toBeLessThan(precision);
  }
  expect(ranked[0].given).toBe(0);
});

test('the rates of the missing positives are estimated from the joint', () => {
  const { perTag } = findSuspects({ tags, given: data.given, scores });
  for (const { joint } of perTag) {
    const missing = joint![0][1] / (joint![0][1] + joint![1][1]);
    expect(missing).toBeGreaterThan(0.2);
    expect(missing).toBeLessThan(0.45);
  }
});

test('related tags find more: who was given one name of a thing lacks the other', () => {
  const related = relateTags(scores, options);
  const [alone, together] = [meets(data, scores), meets(data, related)];
  expect(together.averagePrecision).toBeGreaterThan(alone.averagePrecision + 0.05);
});

test('no clip’s score depends on its own label', () => {
  const given = [...data.given];
  given[0] = 1 - given[0]; // guitar of the first clip
  const changed = relateTags(scores, { ...options, given });
  const before = relateTags(scores, options);
  // the folds are drawn from the labels, so compare the score's side, not its digits
  expect(Math.abs(changed[0] - before[0])).toBeLessThan(0.1);
});

test('where tags are classes the given class alone is judged, and related tags are refused', () => {
  const exclusive = [1, 0, 1, 0, 0, 1, 0, 1];
  const own = [0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4];
  const { ranked } = findSuspects({ tags: ['a', 'b'], given: exclusive, scores: own, positivesOnly: true });
  expect(ranked.map(({ given }) => given)).toEqual([1, 1, 1, 1]);
  expect(ranked[0].clip).toBe(3);
  expect(() => relateTags(own, { tags: ['a', 'b'], given: exclusive, exclusive: true, seed: 1 })).toThrow(
    'tell the label itself',
  );
});

test('a tag that no clip carries is passed over, and says so', () => {
  const { perTag, ranked } = findSuspects({
    tags: ['a', 'never'],
    given: [1, 0, 0, 0, 1, 0, 0, 0],
    scores: [0.9, 0.1, 0.2, 0.1, 0.8, 0.1, 0.1, 0.1],
  });
  expect(perTag[1]).toEqual({
    tag: 'never',
    positives: 0,
    wrongPositives: 0,
    wrongNegatives: 0,
    joint: null,
  });
  expect(ranked).toHaveLength(4);
});

test('precision, lift and average precision by hand', () => {
  const judged = judgeRanking([1, 0, 1, 0, 0, 0, 0, 0], [0.8, 0.4, null, 0, 0, 0, 0, 0], [2, 4, 100]);
  expect(judged).toMatchObject({ items: 8, errors: 2, chance: 0.25 });
  expect(judged.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 12);
  expect(judged.rocAuc).toBeCloseTo(11 / 12, 12);
  expect(judged.precisionAt).toHaveLength(2);
  expect(judged.precisionAt[0]).toMatchObject({ k: 2, found: 1, precision: 0.5, lift: 2 });
  expect(judged.precisionAt[0].expected).toBeCloseTo(0.6, 12);
  expect(judged.precisionAt[1].expected).toBeNull();
  expect(() => judgeRanking([0, 0], [0, 0], [1])).toThrow('0 errors of 2');
});

test('sizes that do not agree are refused', () => {
  expect(() => findSuspects({ tags, given: [1, 0], scores: [0.1, 0.2] })).toThrow('[clips, 3]');
  expect(() => scoreOutOfFold(Float64Array.of(1), options)).toThrow('a row of features for each');
});
