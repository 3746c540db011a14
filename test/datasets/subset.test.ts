import { expect, test } from 'vitest';
import type { Clip, Dataset, Split } from '../../datasets/dataset.ts';
import { drawSubset } from '../../datasets/subset.ts';

/** 400 clips: half train, a quarter valid, a quarter test; classes of 200, 120, 79 and 1 clips. */
function made(): Dataset {
  const splits: Split[] = ['train', 'train', 'valid', 'test'];
  const classOf = (i: number): string => (i < 200 ? 'a' : i < 320 ? 'b' : i < 399 ? 'c' : 'rare');
  const clips = Array.from({ length: 400 }, (_, i): Clip => {
    return { id: `${i}`, source: '', labels: [classOf(i)], split: splits[i % 4], artist: 'x' };
  });
  return { name: 'made', clips, tags: ['a', 'b', 'c', 'rare'], exclusive: true, skipped: [] };
}

test('parts and classes keep their shares, rare classes stay, clips keep their order and all they carry', () => {
  const subset = drawSubset(made(), 40, 1);
  const size = (wanted: (clip: Clip) => boolean): number => subset.filter(wanted).length;
  expect(subset).toHaveLength(40);
  expect(size(({ labels }) => labels[0] === 'rare')).toBe(1);
  for (const [split, n] of [
    ['train', 20],
    ['valid', 10],
    ['test', 10],
  ] as const) {
    expect(Math.abs(size((clip) => clip.split === split) - n)).toBeLessThanOrEqual(1);
  }
  for (const [tag, n] of [
    ['a', 20],
    ['b', 12],
    ['c', 8],
  ] as const) {
    expect(Math.abs(size(({ labels }) => labels[0] === tag) - n)).toBeLessThanOrEqual(2);
  }
  const ids = subset.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(subset[0]).toEqual(made().clips[ids[0]]);
});

test('the seed draws; more clips than there are give all', () => {
  const ids = (seed: number) => drawSubset(made(), 40, seed).map(({ id }) => id);
  expect(ids(1)).toEqual(ids(1));
  expect(ids(1)).not.toEqual(ids(2));
  expect(drawSubset(made(), 400, 1)).toEqual(made().clips);
});

test('the fewest clips that keep every tag are taken; fewer are refused with their number', () => {
  expect(
    drawSubset(made(), 4, 1)
      .map(({ labels }) => labels[0])
      .sort(),
  ).toEqual(['a', 'b', 'c', 'rare']);
  expect(() => drawSubset(made(), 3, 1)).toThrow(
    '3 clips cannot keep all 4 tags; got count = 3. Pass 4 or more.',
  );
});
