import { expect, test } from 'vitest';
import { accuracy } from '../../../src/metrics/accuracy.ts';
import { confusionMatrix } from '../../../src/metrics/confusionMatrix.ts';

test('rows are true classes and columns predicted ones', () => {
  expect(confusionMatrix([0, 0, 0, 2], [0, 1, 1, 0], 3)).toEqual([
    [1, 2, 0],
    [0, 0, 0],
    [1, 0, 0],
  ]);
});

test('a class index outside the classes is refused', () => {
  expect(() => confusionMatrix([0, 3], [0, 1], 3)).toThrow(
    'trueClasses must be class indices from 0 to 2; got 3',
  );
  expect(() => confusionMatrix([0], [-1], 3)).toThrow('predictedClasses');
  expect(() => confusionMatrix([0, 1], [0], 3)).toThrow('got 1 for 2 clips');
});

test('accuracy is the share of equal classes, NaN for no clips, and needs equal lengths', () => {
  expect(accuracy([0, 1, 2, 2], [0, 1, 1, 2])).toBe(0.75);
  expect(accuracy([], [])).toBeNaN();
  expect(() => accuracy([0, 1], [0])).toThrow('got 1 for 2 clips');
});
