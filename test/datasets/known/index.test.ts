import { expect, test } from 'vitest';
import { findKnownDataset, knownDatasets } from '../../../datasets/index.ts';

test('names are unique, lower case and hyphens, so that NAME:DIR can be told from a path', () => {
  const names = knownDatasets.map(({ facts }) => facts.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
});

test.each(knownDatasets.map(({ facts }) => [facts.name, facts] as const))(
  'the facts of %s are complete',
  (_, facts) => {
    for (const text of [
      facts.title,
      facts.citation,
      facts.homepage,
      facts.licence,
      facts.audio,
      facts.howToGet,
    ]) {
      expect(text.length).toBeGreaterThan(3);
    }
    for (const { path, md5, sha1, url } of facts.files) {
      expect(path).not.toMatch(/^\/|\.\./);
      if (md5) expect(md5).toMatch(/^[0-9a-f]{32}$/);
      if (sha1) expect(sha1).toMatch(/^[0-9a-f]{40}$/);
      if (url) expect(url).toMatch(/^https:\/\//);
    }
    const splits = facts.splits.map(({ name }) => name);
    expect(new Set(splits).size).toBe(splits.length);
  },
);

test('a mistyped name is refused with the nearest', () => {
  expect(() => findKnownDataset('gtzan-gerne')).toThrow('did you mean "gtzan-genre"?');
});

test('generated is listed without a folder', async () => {
  const { clips, tags } = await findKnownDataset('generated').list('nowhere');
  const { train, valid, test: held } = findKnownDataset('generated').facts.splits[0].sizes!;
  expect([clips.length, tags.length]).toEqual([train! + valid! + held!, 15]);
});

test('chords are listed without a folder: classes of 24 chords and none, test chords on timbres that training never hears', async () => {
  const { clips, tags, exclusive, split } = await findKnownDataset('chords').list('nowhere');
  expect([tags.length, tags[0], tags[11], tags[12], tags[24]]).toEqual([25, 'C:maj', 'B:maj', 'C:min', 'N']);
  expect([exclusive, split]).toEqual([true, 'unseen-timbres']);
  expect(clips.every(({ labels }) => labels.length === 1 && tags.includes(labels[0]))).toBe(true);
  expect(new Set(clips.map((clip) => clip.split))).toEqual(new Set(['train', 'valid', 'test']));
});
