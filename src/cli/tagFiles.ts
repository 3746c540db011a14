/** Tags many files: the next ones are decoded while one is tagged; a bad one is named and left out. */
import { AudioPool } from '../audio/audioPool.ts';
import { inOrder } from '../audio/inOrder.ts';
import type { Waveform } from '../audio/loadAudio.ts';
import { requireLength } from '../audio/requireLength.ts';
import { InputError } from '../errors.ts';
import { predictOverTime } from '../models/predict.ts';
import type { Tagger } from '../models/tagger.ts';
import { rankTags, tagWaveform } from '../models/tagWaveform.ts';
import type { Windows } from '../models/windows.ts';
import type { Reporter } from '../reporter.ts';
import type { TagFilesResult } from './commands/tag.ts';

export async function tagFiles(
  tagger: Tagger,
  files: string[],
  { top, windows, overTime }: { top: number; windows: Windows; overTime: boolean },
  reporter: Reporter,
): Promise<TagFilesResult> {
  const { sampleRate, samples, tags } = tagger.info;
  const pool = new AudioPool();
  const durationSeconds = windows === 'first' && !overTime ? samples / sampleRate : undefined;
  const load = (path: string): Promise<Waveform | InputError> =>
    loadClip(path).catch((error: unknown) => {
      if (error instanceof InputError) return error;
      throw error;
    });
  const loadClip = async (path: string): Promise<Waveform> => {
    const waveform = await pool.load(path, { sampleRate, durationSeconds });
    requireLength(path, waveform.samples, sampleRate);
    return waveform;
  };
  const result: TagFilesResult = { tagged: [], skipped: [] };
  const bar = reporter.bar('tagging', files.length);
  try {
    let done = 0;
    const loaded = inOrder(files, pool.threads + 1, async (path) => ({ path, waveform: await load(path) }));
    for await (const { path, waveform } of loaded) {
      if (waveform instanceof InputError) {
        result.skipped.push({ path, reason: waveform.message });
      } else {
        const ranked = (await tagWaveform(tagger, waveform, { windows })).slice(0, top);
        const taggram = overTime ? await tagOverTime(tagger, waveform, top) : undefined;
        result.tagged.push({ path, tags: ranked, ...(taggram && { overTime: taggram }) });
      }
      bar.update(++done);
    }
  } finally {
    bar.done();
    await pool.close();
  }
  return result;

  async function tagOverTime({ model }: Tagger, waveform: Waveform, count: number) {
    const { offsets, probabilities } = await predictOverTime(model, waveform.samples);
    return offsets.map((offset, i) => ({
      seconds: offset / sampleRate,
      tags: rankTags(tags, probabilities[i]).slice(0, count),
    }));
  }
}
