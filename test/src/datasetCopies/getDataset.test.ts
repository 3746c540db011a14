import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DatasetFacts, DatasetFile } from '../../../datasets/index.ts';
import { getDataset, planDownload } from '../../../src/datasetCopies/getDataset.ts';
import { buildZip } from '../archives/buildArchives.ts';
import { folder } from '../audio/temporaryFolder.ts';
import { serveFiles } from '../download/fileServer.ts';

const zip = buildZip([{ name: 'audio/a.wav', content: 'sound' }]);
const list = Buffer.from('a,b\n');
const facts = (files: DatasetFile[]): DatasetFacts => ({
  ...{ name: 'small-set', title: 'Small', citation: '', homepage: '', licence: 'CC0', audio: '' },
  ...{ howToGet: 'Ask its makers for small.zip.', files, splits: [], knownFaults: [] },
});
const published = facts([
  {
    path: 'small.zip',
    url: 'https://data.test/small.zip',
    archive: true,
    md5: createHash('md5').update(zip).digest('hex'),
  },
  { path: 'lists/train.csv', url: 'https://data.test/train.csv', bytes: 4 },
  { path: 'by-hand.csv' },
]);

test('files are fetched, checked and unpacked once; archives go, and a second call finds all done', async () => {
  const { fetch, requests } = await serveFiles({
    'small.zip': { content: zip },
    'train.csv': { content: list },
  });
  const root = join(folder, 'got');
  const plan = await planDownload(published, root, { fetch });
  expect(plan.map(({ path, size, done }) => [path, size, done])).toEqual([
    ['small.zip', zip.length, false],
    ['lists/train.csv', 4, false],
  ]);
  expect(requests.map(({ method }) => method)).toEqual(['HEAD']); // asked where no size is published
  expect(await getDataset(plan, root, { fetch })).toEqual({ fetched: 2, bytes: zip.length + 4, unpacked: 1 });
  expect(readFileSync(join(root, 'audio/a.wav'), 'utf8')).toBe('sound');
  expect(readdirSync(root).sort()).toEqual(['.sonotag-get.json', 'audio', 'lists']);
  const again = await planDownload(published, root, { fetch });
  expect(again.every(({ done }) => done)).toBe(true);
  expect(await getDataset(again, root, { fetch })).toEqual({ fetched: 0, bytes: 0, unpacked: 0 });
});

test('archives are kept on demand', async () => {
  const { fetch } = await serveFiles({ 'small.zip': { content: zip }, 'train.csv': { content: list } });
  const root = join(folder, 'kept');
  await getDataset(await planDownload(published, root, { fetch }), root, { fetch, keepArchives: true });
  expect(readdirSync(root)).toContain('small.zip');
});

test('a data set without a public address is refused with the instruction how to get it', async () => {
  await expect(planDownload(facts([{ path: 'small.zip' }]), folder)).rejects.toThrow(
    'small-set has no stable public address to fetch it from. Ask its makers for small.zip.',
  );
});

test('a server that is gone is named before anything is written', async () => {
  const { fetch } = await serveFiles({});
  await expect(planDownload(published, join(folder, 'none'), { fetch })).rejects.toThrow(
    /small.zip: the server answers 404/,
  );
});
