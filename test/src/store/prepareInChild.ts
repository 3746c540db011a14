/** Prepares rendered clips in a process of its own; prints a `.` for each clip, so that it can be killed after so many. */
import { writeSync } from 'node:fs';
import { renderSound, sounds } from '../../support/soundFolder.ts';
import { prepareStore } from '../../../src/store/prepareStore.ts';

const clips = Array.from({ length: 24 }, (_, i) => ({
  id: `${i}`,
  labels: [sounds[i % 3]],
  source: () => renderSound(sounds[i % 3], i),
}));
const dataset = { name: 'sounds', clips, tags: [...sounds], exclusive: true, skipped: [] };
const bar = () => ({ update: () => void writeSync(1, '.'), skip: () => undefined, done: () => undefined });
const reporter = { line: () => undefined, bar };
await prepareStore(dataset, process.argv[2], { sampleRate: 6000, shardClips: 3, threads: 1, reporter });
