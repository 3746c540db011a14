/** Prepares clips of 20 s and reads a crop of each; prints the most memory held after 40 clips and at the end, MB. */
import { prepareStore } from '../../../src/store/prepareStore.ts';
import { StoreReader } from '../../../src/store/storeReader.ts';
import type { StoredSamples } from '../../../datasets/dataset.ts';
import { listStore } from '../../../datasets/store/listStore.ts';

const [out, count] = process.argv.slice(2);
const clips = Array.from({ length: Number(count) }, (_, i) => ({
  id: `${i}`,
  labels: [],
  source: () => new Float32Array(160_000).fill(i / 1000),
}));
const mostMemory = () => process.resourceUsage().maxRSS / 1024;
let early = 0;
const bar = () => ({
  update: (done: number) => void (done === 40 && (early = mostMemory())),
  skip: () => undefined,
  done: () => undefined,
});
const reporter = { line: () => undefined, bar };
await prepareStore({ name: 'long', clips, tags: [], exclusive: false, skipped: [] }, out, {
  sampleRate: 8000,
  shardClips: 100,
  threads: 1,
  reporter,
});
const reader = new StoreReader();
for (const { source } of (await listStore(out)).clips) await reader.read(source as StoredSamples, 5000, 6000);
await reader.close();
process.stdout.write(JSON.stringify({ early, late: mostMemory() }));
