import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();

/** Writes 100,000 rows of 160 made-up numbers in two shards, puts them together, and reads them again. */
const script = (root: string) => `
  import { writeFeatures } from ${JSON.stringify(`${root}src/features/writeFeatures.ts`)};
  import { mergeFeatures } from ${JSON.stringify(`${root}src/features/mergeFeatures.ts`)};
  import { openFeatures, readFeatureRows } from ${JSON.stringify(`${root}src/features/featureFile.ts`)};
  const units = Array.from({ length: 32 }, (_, i) => String(i));
  const parts = [0, 1, 2, 3, 4].map((i) => ({ dataset: 'layer' + i, layer: 'block' + i, pooling: 'none', units }));
  async function* rows(waveforms) {
    for await (const [id] of waveforms) yield Float32Array.from({ length: 160 }, (_, i) => id + i);
  }
  const extractor = { parts, sampleRate: 8000, provenance: {}, rows };
  const clips = Array.from({ length: 100_000 }, (_, i) => ({ id: 'clip ' + i, source: () => Float32Array.of(i), labels: [] }));
  const dataset = { name: 'many', clips, tags: [], exclusive: false, skipped: [] };
  const [one, two, all] = process.argv.slice(2);
  await writeFeatures(extractor, dataset, one, { engine: 'none', shard: { number: 1, of: 2 } });
  await writeFeatures(extractor, dataset, two, { engine: 'none', shard: { number: 2, of: 2 } });
  const count = await mergeFeatures([one, two], all);
  const { ids } = await openFeatures(all);
  let wrong = 0;
  for (let start = 0; start < count; start += 1000) {
    for (const [layer, { dataset }] of parts.entries()) {
      const values = await readFeatureRows(all, dataset, start, start + 1000);
      values.forEach((value, i) => { wrong += value === start + Math.floor(i / 32) + 32 * layer + (i % 32) ? 0 : 1; });
    }
  }
  console.log(JSON.stringify({ count, last: ids.at(-1), wrong, megabytes: process.resourceUsage().maxRSS / 1024 }));
`;

test('100,000 rows are written, put together and read in less than 500 MB', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  writeFileSync(temp('many.ts'), script(root));
  symlinkSync(`${root}node_modules`, temp('node_modules'), 'junction');
  // as an installed package runs it: tsx 4.23 alone takes 650 MB to look through the 4 MB of h5wasm's module
  const [entryPoints, outfile] = [[temp('many.ts')], temp('many.mjs')];
  buildSync({ entryPoints, outfile, bundle: true, packages: 'external', format: 'esm', platform: 'node' });
  const paths = [temp('1.h5'), temp('2.h5'), temp('all.h5')];
  const { stdout, stderr } = spawnSync(process.execPath, [outfile, ...paths], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { megabytes, ...rest } = JSON.parse(stdout) as { megabytes: number };
  expect(rest).toEqual({ count: 100_000, last: 'clip 99999', wrong: 0 });
  expect(megabytes).toBeLessThan(500);
});
