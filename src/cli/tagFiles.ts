/** Tags many files: the next ones are decoded while one is tagged; a bad one is named and left out. */
import type { Clip } from '../../datasets/index.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { loadAhead } from '../features/loadAhead.ts';
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
  const clips = files.map((path): Clip => ({ id: path, source: path, labels: [] }));
  const result: TagFilesResult = { tagged: [], skipped: [] };
  const bar = reporter.bar('tagging', files.length);
  let done = 0;
  try {
    for await (const loaded of loadAhead(pool, clips, { sampleRate, durationSeconds })) {
      const path = loaded.clip.id;
      if ('reason' in loaded) {
        result.skipped.push({ path, reason: loaded.reason });
      } else {
        const waveform = { samples: loaded.samples, sampleRate };
        const ranked = (await tagWaveform(tagger, waveform, { windows })).slice(0, top);
        const taggram = overTime ? await tagOverTime(tagger, loaded.samples, top) : undefined;
        result.tagged.push({ path, tags: ranked, ...(taggram && { overTime: taggram }) });
      }
      bar.update(++done);
    }
  } finally {
    bar.done();
    await pool.close();
  }
  return result;

  async function tagOverTime({ model }: Tagger, waveform: Float32Array, count: number) {
    const { offsets, probabilities } = await predictOverTime(model, waveform);
    return offsets.map((offset, i) => ({
      seconds: offset / sampleRate,
      tags: rankTags(tags, probabilities[i]).slice(0, count),
    }));
  }
}
