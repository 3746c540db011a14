/** From a file on disk to a mono waveform, on this thread. */
import { loadAudio } from '../../src/audio/loadAudio.ts';
import type { OurTask } from './tasks.ts';

export interface LoadOptions {
  path: string;
  /** Hz. */
  sampleRate: number;
}

export function loadTask({ path, sampleRate }: LoadOptions): OurTask {
  const load = () => loadAudio(path, { sampleRate });
  return { run: load, output: async () => (await load()).samples };
}
