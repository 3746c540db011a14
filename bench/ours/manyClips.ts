/**
 * A step of the job on very many short clips, in a process of its own: `prepare DATA STORE` or `read STORE CROPS`.
 * Prints seconds, clips, and the most memory that the process ever held.
 */
import { listDataset, type StoredSamples } from '../../datasets/index.ts';
import { createRandom } from '../../datasets/random.ts';
import { prepareStore } from '../../src/store/prepareStore.ts';
import { StoreReader } from '../../src/store/storeReader.ts';

const [step, ...args] = process.argv.slice(2);
const start = performance.now();
let listed = start;
let clips = 0;
if (step === 'prepare') {
  const dataset = await listDataset(args[0]);
  listed = performance.now();
  ({ clips } = await prepareStore(dataset, args[1], { sampleRate: 8000 }));
} else {
  const dataset = await listDataset(args[0]);
  listed = performance.now();
  const reader = new StoreReader();
  const random = createRandom(1);
  for (clips = 0; clips < Number(args[1]); clips += 16) {
    const crops = Array.from({ length: 16 }, () => {
      const source = dataset.clips[Math.floor(random.uniform(0, dataset.clips.length))]
        .source as StoredSamples;
      const first = Math.floor(random.uniform(0, source.length / 2));
      return reader.read(source, first, first + Math.floor(source.length / 2));
    });
    await Promise.all(crops);
  }
  await reader.close();
}
const end = performance.now();
process.stdout.write(
  JSON.stringify({
    clips,
    listSeconds: (listed - start) / 1000,
    seconds: (end - listed) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
