import { expect, test } from 'vitest';
import type { Clip, Dataset } from '../../../datasets/index.ts';
import {
  requireParts,
  requireTrainable,
  requireTrainingClips,
} from '../../../src/training/requireTrainable.ts';
import { trainDefaults } from '../../../src/training/trainConfig.ts';

const clip = (id: string, ...labels: string[]): Clip => ({ id, source: id, labels });
const clips = [
  clip('1', 'a'),
  clip('2', 'a'),
  clip('3', 'a'),
  clip('4', 'b'),
  clip('5', 'b'),
  clip('6', 'c'),
];
const classes: Dataset = { name: 'songs', clips, tags: ['a', 'b', 'c'], exclusive: true, skipped: [] };
const gone = [{ path: 'x.wav', reason: 'x.wav: silent. Remove it.' }];

test('tags that no usable clip carries any more are left out, in their order', () => {
  const { tags, clips: left } = requireTrainable(classes, [clips[5], clips[0]], []);
  expect(tags).toEqual(['a', 'c']);
  expect(left).toEqual([clips[5], clips[0]]);
});

test('one class left is refused with the first reason; one tag that some clips lack is not', () => {
  expect(() => requireTrainable(classes, clips.slice(0, 2), gone)).toThrow(
    'songs: 2 usable clips of 1 tag are left, 1 were skipped, the first since: x.wav: silent. Remove it.',
  );
  const one = { ...classes, exclusive: false };
  expect(requireTrainable(one, [clips[0], clip('7')], gone).tags).toEqual(['a']);
  expect(() => requireTrainable(one, [clips[0]], [])).toThrow('1 usable clip of 1 tag');
});

test('shares that add up to 1 are refused, but play no part in cross-validation', () => {
  const shares = { ...trainDefaults, valid: 0.5, test: 0.5 };
  expect(() => requireParts(classes, shares)).toThrow(
    '--valid 0.5 and --test 0.5 leave no clips to train on.',
  );
  expect(() => requireParts(classes, { ...shares, test: 0.4 })).not.toThrow();
  const pairs = { ...classes, clips: clips.slice(0, 5), tags: ['a', 'b'] };
  expect(() => requireParts(pairs, { ...shares, folds: 2 })).not.toThrow();
});

test('folds are refused where a class has fewer clips, with the most that there may be', () => {
  const folds = (k: number) => ({ ...trainDefaults, folds: k });
  const pairs = { ...classes, clips: clips.slice(0, 5), tags: ['a', 'b'] };
  expect(() => requireParts(pairs, folds(3))).toThrow(
    'songs: --folds 3 needs at least 3 clips of every class; "b" has 2. Pass --folds 2 or less, or add recordings.',
  );
  expect(() => requireParts(classes, folds(2))).toThrow(
    '"c" has 1. Train without --folds, or add recordings.',
  );
  const tags = { ...classes, exclusive: false };
  expect(() => requireParts(tags, folds(6))).not.toThrow();
  expect(() => requireParts(tags, folds(7))).toThrow('needs at least 7 clips; there are 6.');
});

test('parts without a clip to train on are refused', () => {
  const split = (part: Clip['split']) => clips.map((each) => ({ ...each, split: part }));
  expect(() => requireTrainingClips(classes, split('train'))).not.toThrow();
  expect(() => requireTrainingClips(classes, split('test'))).toThrow(
    'songs: none of its 6 usable clips is to train on.',
  );
});
