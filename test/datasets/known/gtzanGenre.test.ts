import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gtzanGenre } from '../../../datasets/known/gtzanGenre.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

const genres = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock'];
const all = genres.flatMap((genre) =>
  Array.from({ length: 100 }, (_, i) => `genres/${genre}/${genre}.${String(i).padStart(5, '0')}.au`),
);

/** A whole copy, empty files, written once. */
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'gtzan-'));
  for (const genre of genres) await mkdir(join(copy, 'genres', genre), { recursive: true });
  await Promise.all(all.map((path) => writeFile(join(copy, path), '')));
});
afterAll(() => rm(copy, { recursive: true }));

test('the fault-filtered split has its published sizes, and 70 excerpts are left out', async () => {
  const { clips, tags, exclusive, skipped, split } = await gtzanGenre.list(copy);
  const count = (part: string) => clips.filter((clip) => clip.split === part).length;
  expect({ train: count('train'), valid: count('valid'), test: count('test') }).toEqual(
    gtzanGenre.facts.splits[0].sizes,
  );
  expect([clips.length, skipped.length, exclusive, split]).toEqual([930, 0, true, 'fault-filtered']);
  expect(tags).toEqual(genres);
  expect(clips.every(({ id, labels }) => labels.length === 1 && id.startsWith(`${labels[0]}/`))).toBe(true);
});

test('--split all has all 1000 excerpts, 100 a genre, and no parts', async () => {
  const { clips } = await gtzanGenre.list(copy, { split: 'all' });
  expect(clips).toHaveLength(1000);
  expect(clips.some(({ split }) => split !== undefined)).toBe(false);
  for (const genre of genres) expect(clips.filter(({ labels }) => labels[0] === genre)).toHaveLength(100);
});

test('excerpts of the published lists: first and last of a range, single numbers, and one that is left out', async () => {
  const clips = withoutSources(await gtzanGenre.list(copy));
  // from the lists: blues 29-49 train, 12-28 test; reggae 63 train; jazz 54 train; metal 34 in none
  expect(clips['blues/blues.00029.wav']).toEqual({ labels: ['blues'], split: 'train' });
  expect(clips['blues/blues.00049.wav']).toEqual({ labels: ['blues'], split: 'train' });
  expect(clips['blues/blues.00028.wav']).toEqual({ labels: ['blues'], split: 'test' });
  expect(clips['reggae/reggae.00063.wav']).toEqual({ labels: ['reggae'], split: 'train' });
  expect(clips['metal/metal.00034.wav']).toBeUndefined();
});

const lists = '../shared/data/gtzan';
test.skipIf(!existsSync(lists))(
  'the shipped split is that of the published lists, line by line',
  async () => {
    const clips = withoutSources(await gtzanGenre.list(copy));
    const published = (['train', 'valid', 'test'] as const).flatMap((split) =>
      readFileSync(join(lists, `${split}_filtered.txt`), 'utf8')
        .trim()
        .split('\n')
        .map((id) => [id.trim(), { labels: [id.split('/')[0]], split }]),
    );
    expect(clips).toEqual(Object.fromEntries(published));
  },
);

test('WAV copies in genres_original/ or in the root are found; ids stay the same', async () => {
  for (const folder of ['genres_original/', '']) {
    const root = await writeTree(empty(`${folder}rock/rock.00010.wav`));
    const { clips, skipped } = await gtzanGenre.list(root);
    expect(clips).toEqual([
      {
        id: 'rock/rock.00010.wav',
        source: join(root, folder, 'rock/rock.00010.wav'),
        labels: ['rock'],
        split: 'test',
      },
    ]);
    expect(skipped).toHaveLength(929);
  }
});

test('an empty folder and an unknown split are refused with the way out', async () => {
  await expectRefused(gtzanGenre, empty('README'), 'none of its 930 recordings is in');
  await expectRefused(gtzanGenre, empty('README'), 'Get genres.tar.gz');
  await expect(gtzanGenre.list(copy, { split: 'filtered' })).rejects.toThrow(
    'no split "filtered"; it has fault-filtered, all',
  );
});
