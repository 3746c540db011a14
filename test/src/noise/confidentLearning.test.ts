import { expect, test } from 'vitest';
import { confidentLearning, errorProbabilities } from '../../../src/noise/confidentLearning.ts';
import { findSuspects } from '../../../src/noise/findSuspects.ts';
import { noiseFixture } from './noiseFixture.ts';

const column = (matrix: number[], tag: number, tags: number) => matrix.filter((_, i) => i % tags === tag);

test.each(noiseFixture.confident)(
  'joint, counts and issues of every tag equal cleanlab: $name',
  (fixture) => {
    for (let tag = 0; tag < fixture.tags; tag++) {
      const found = confidentLearning(
        column(fixture.given, tag, fixture.tags),
        column(fixture.scores, tag, fixture.tags),
      );
      expect(found.confidentJoint).toEqual(fixture.confidentJoint[tag]);
      found.joint.flat().forEach((share, i) => expect(share).toBeCloseTo(fixture.joint[tag].flat()[i], 9));
      expect([...found.issues]).toEqual(column(fixture.issues, tag, fixture.tags));
    }
  },
);

test.each(noiseFixture.confident)('issues and quality of whole clips equal cleanlab: $name', (fixture) => {
  const tags = Array.from({ length: fixture.tags }, (_, tag) => `tag ${tag}`);
  const { clips } = findSuspects({ tags, given: fixture.given, scores: fixture.scores });
  expect(clips.map(({ issue }) => Number(issue))).toEqual(fixture.clipIssues);
  clips.forEach(({ quality }, i) => expect(quality).toBeCloseTo(fixture.clipQuality[i], 9));
});

test('clips of one score are issues together', () => {
  const given = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
  const scores = [0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
  expect([...confidentLearning(given, scores).issues]).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
});

test('with half of the positives missing, a clip that scores one half and is not given is surely wrong', () => {
  // P(given | true) = 0.5, P(given | not true) = 0; a score of 0.25 means P(true) = 0.5
  const joint: [[number, number], [number, number]] = [[0.6, 0.2], [0, 0.2]]; // prettier-ignore
  const wrong = errorProbabilities([0, 0, 0, 1], [0.5, 0.25, 0, 0.25], joint)!;
  expect(wrong[0]).toBeCloseTo(1, 12);
  expect(wrong[1]).toBeCloseTo((0.5 * 0.5) / (0.5 * 0.5 + 0.5), 12);
  expect(wrong[2]).toBe(0);
  expect(wrong[3]).toBe(0); // nobody gives it where it does not apply
});

test('labels that say nothing of the truth have no error probability', () => {
  expect(errorProbabilities([0, 1], [0.2, 0.8], [[0.25, 0.25], [0.25, 0.25]])).toBeNull(); // prettier-ignore
});

test('one class, scores outside [0, 1] and sizes that do not agree are refused', () => {
  expect(() => confidentLearning([1, 1], [0.5, 0.5])).toThrow('no clip is given 0');
  expect(() => confidentLearning([1, 0], [0.5, 1.5])).toThrow('got 1.5 at clip 1');
  expect(() => confidentLearning([1, 2], [0.5, 0.5])).toThrow('got 2 at clip 1');
  expect(() => confidentLearning([1, 0], [0.5])).toThrow('got 1 scores, 2 labels');
});
