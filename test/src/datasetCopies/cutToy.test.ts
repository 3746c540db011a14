import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listDataset, listFolder } from '../../../datasets/index.ts';
import { runCommandLine } from '../../../src/cli/runCommandLine.ts';
import { cutToy } from '../../../src/datasetCopies/cutToy.ts';
import { folder } from '../audio/temporaryFolder.ts';

/** Three classes of 10, 6 and 4 files; audio is copied unheard, so any bytes will do. */
const root = join(folder, 'whole');
for (const [name, n] of [
  ['a', 10],
  ['b', 6],
  ['c', 4],
] as const) {
  mkdirSync(join(root, name), { recursive: true });
  for (let i = 0; i < n; i++) writeFileSync(join(root, name, `${i}.wav`), `${name}${i}`);
}
writeFileSync(join(root, 'LICENSE'), 'free');
writeFileSync(join(root, 'all.zip'), 'an archive');

test('a toy keeps the layout, the shares of the classes and the lists, and leaves archives', async () => {
  const out = join(folder, 'toy');
  const toy = await cutToy(await listFolder(root), { root, out, clips: 10 });
  expect(['a', 'b', 'c'].map((name) => readdirSync(join(out, name)).length)).toEqual([5, 3, 2]);
  expect(readdirSync(out).sort()).toEqual(['LICENSE', 'a', 'b', 'c']);
  const { id, source } = toy.dataset.clips[0];
  expect(readFileSync(source as string, 'utf8')).toBe(id.replace('/', '').replace('.wav', ''));
  expect(toy.bytes).toBe(24);
});

test('the command writes a manifest that lists the same clips as the folder', async () => {
  const out = join(folder, 'by command');
  expect(
    await runCommandLine(['datasets', 'toy', root, '--out', out, '--clips', '7', '--seed', '3', '--json']),
  ).toBe(0);
  const [byFolder, byManifest] = await Promise.all([listFolder(out), listDataset(join(out, 'toy.csv'))]);
  expect(byManifest.clips.map(({ id, labels }) => [id, labels])).toEqual(
    byFolder.clips.map(({ id, labels }) => [id, labels]),
  );
  expect(byManifest.clips).toHaveLength(7);
});

test('a folder that is there, or inside the data set, is refused, and nothing is left where a file fails', async () => {
  const dataset = await listFolder(root);
  await expect(cutToy(dataset, { root, out: folder })).rejects.toThrow(/is there already/);
  await expect(cutToy(dataset, { root, out: join(root, 'toy') })).rejects.toThrow(
    /lies in .* which it is cut from/,
  );
  await expect(cutToy(dataset, { root: join(root, 'a'), out: join(folder, 'x') })).rejects.toThrow(
    /is not below/,
  );
  const gone = {
    ...dataset,
    clips: dataset.clips.map((clip) => ({ ...clip, source: `${String(clip.source)}.gone` })),
  };
  await expect(cutToy(gone, { root, out: join(folder, 'y') })).rejects.toThrow(/ENOENT/);
  expect(existsSync(join(folder, 'y'))).toBe(false);
});
