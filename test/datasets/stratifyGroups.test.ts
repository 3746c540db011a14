import { expect, test } from 'vitest';
import type { Clip, Dataset, Split } from '../../datasets/dataset.ts';
import { createRandom } from '../../datasets/random.ts';
import { foldsOf, nameSplit, splitDataset } from '../../datasets/splits.ts';
import { groupsOf } from '../../datasets/stratifyGroups.ts';

/** 60 artists with 1 to 12 clips each, of one of four classes or with two of four tags. */
function byArtists(exclusive: boolean): Dataset {
  const random = createRandom(3);
  const clips: Clip[] = [];
  for (let artist = 0; artist < 60; artist++) {
    const first = random.integer(0, 3);
    for (let n = random.integer(1, 12); n > 0; n--) {
      const labels = [`t${first}`, ...(exclusive || random.chance(0.5) ? [] : [`t${(first + 1) % 4}`])];
      clips.push({
        id: `${artist}/${n}`,
        source: '',
        labels,
        artist: `artist ${artist}`,
        album: `${artist}/${n % 2}`,
      });
    }
  }
  return { name: 'made', clips, tags: ['t0', 't1', 't2', 't3'], exclusive, skipped: [] };
}

const partsPer = (clips: Clip[], key: 'artist' | 'album', parts: (number | Split)[]): number[] => {
  const seen = new Map<string, Set<number | Split>>();
  clips.forEach((clip, i) => seen.set(clip[key]!, (seen.get(clip[key]!) ?? new Set()).add(parts[i])));
  return [...seen.values()].map((set) => set.size);
};

test.each([true, false])(
  'an artist is in one part, and parts have their shares (classes: %s)',
  (exclusive) => {
    const dataset = byArtists(exclusive);
    const clips = splitDataset(dataset, { valid: 0.15, test: 0.25, seed: 2 });
    expect(
      Math.max(
        ...partsPer(
          clips,
          'artist',
          clips.map(({ split }) => split),
        ),
      ),
    ).toBe(1);
    const shares = { train: 0.6, valid: 0.15, test: 0.25 };
    for (const [split, share] of Object.entries(shares)) {
      const part = clips.filter((clip) => clip.split === split);
      expect(Math.abs(part.length / clips.length - share)).toBeLessThan(0.02);
      for (const tag of dataset.tags) {
        const has = (clip: Clip) => clip.labels.includes(tag);
        expect(
          Math.abs(part.filter(has).length / clips.filter(has).length - share),
          `${split} ${tag}`,
        ).toBeLessThan(0.08);
      }
    }
  },
);

test('folds keep artists, or albums, or nothing whole', () => {
  const dataset = byArtists(true);
  const most = (key: 'artist' | 'album', folds: number[]) => Math.max(...partsPer(dataset.clips, key, folds));
  expect(most('artist', foldsOf(dataset, 5, 1))).toBe(1);
  const albums = foldsOf(dataset, 5, 1, { keep: 'album' });
  expect([most('album', albums), most('artist', albums) > 1]).toEqual([1, true]);
  expect(most('album', foldsOf(dataset, 5, 1, { keep: null }))).toBeGreaterThan(1);
  const counts = [0, 1, 2, 3, 4].map((fold) => albums.filter((f) => f === fold).length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(6);
});

test('the same seed gives the same split, another one another', () => {
  const parts = (seed: number) => splitDataset(byArtists(false), { seed }).map(({ split }) => split);
  expect(parts(1)).toEqual(parts(1));
  expect(parts(1)).not.toEqual(parts(2));
});

test('members without a name are groups of their own', () => {
  expect(groupsOf(['a', undefined, 'b', 'a', undefined])).toEqual([[0, 3], [1], [2], [4]]);
});

test('a split is called by its published name, or by how it was drawn', () => {
  const dataset = byArtists(true);
  expect(nameSplit(dataset, { valid: 0.2, test: 0.3, seed: 7 })).toBe(
    'drawn: valid 0.2, test 0.3, seed 7, artists kept whole',
  );
  expect(nameSplit(dataset, { keep: null })).toBe('drawn: valid 0.1, test 0.2, seed 1');
  const fixed = (split: (i: number) => Split | undefined): Dataset => ({
    ...dataset,
    split: 'of 2015',
    clips: dataset.clips.map((clip, i) => ({ ...clip, artist: undefined, split: split(i) })),
  });
  const all: Split[] = ['train', 'valid', 'test'];
  expect(nameSplit(fixed((i) => all[i % 3]))).toBe('of 2015');
  expect(nameSplit({ ...fixed((i) => all[i % 3]), split: undefined })).toBe('given by the data');
  expect(
    nameSplit(
      fixed((i) => (i % 2 ? 'train' : 'test')),
      { seed: 4 },
    ),
  ).toBe('of 2015; validation drawn: valid 0.1, seed 4');
  expect(nameSplit(fixed((i) => (i === 0 ? 'train' : undefined)))).toBe(
    'of 2015; the rest drawn: valid 0.1, test 0.2, seed 1',
  );
});
