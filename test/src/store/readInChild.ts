/** Reads a store in a process of its own: prints the SHA-256 of all clips, and of the same random crops everywhere. */
import { createHash } from 'node:crypto';
import type { StoredSamples } from '../../../datasets/dataset.ts';
import { createRandom } from '../../../datasets/random.ts';
import { listStore } from '../../../datasets/store/listStore.ts';
import { StoreReader } from '../../../src/store/storeReader.ts';

const { clips } = await listStore(process.argv[2]);
const reader = new StoreReader();
const hash = createHash('sha256');
const random = createRandom(1);
for (const clip of clips) {
  const source = clip.source as StoredSamples;
  hash.update(await reader.read(source));
  for (let i = 0; i < 20; i++) {
    const first = Math.floor(random.uniform(0, source.length - 100));
    hash.update(await reader.read(source, first, first + 100));
  }
}
await reader.close();
process.stdout.write(hash.digest('hex'));
