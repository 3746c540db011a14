/** A trained tagger on a labelled data set. */
import { DatasetError, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import { WaveformStore } from '../audio/waveformStore.ts';
import { evaluateTags, type TagEvaluation } from '../metrics/evaluateTags.ts';
import type { Tagger } from '../models/tagger.ts';
import type { Reporter } from '../reporter.ts';
import { scoreClips } from './fit.ts';

/**
 * Scores every clip that can be read, or the test part where the data set names one, and compares with the labels.
 *
 * @param dataset whose tags are the tagger's, in its order
 * @throws DatasetError if no clip can be read.
 */
export async function evaluateTagger(
  { model, info }: Tagger,
  dataset: Dataset,
  { seed, reporter, batchSize = 16 }: { seed: number; reporter: Reporter; batchSize?: number },
): Promise<{ evaluation: TagEvaluation; skipped: SkippedClip[] }> {
  const hasTest = dataset.clips.some(({ split }) => split === 'test');
  const clips = hasTest ? dataset.clips.filter(({ split }) => split === 'test') : dataset.clips;
  if (hasTest) reporter.line(`${clips.length} of ${dataset.clips.length} clips: the part called "test"`);
  const store = new WaveformStore({ sampleRate: info.sampleRate });
  try {
    const reading = reporter.bar('reading audio', clips.length);
    const { usable, skipped } = await store.check(clips, reading).finally(() => reading.done());
    const allSkipped = [...dataset.skipped, ...skipped];
    if (usable.length === 0) {
      throw new DatasetError(
        `${dataset.name}: no clip can be read; the first since: ${allSkipped[0]?.reason}`,
      );
    }
    const set = store.clipSet(usable, info.tags);
    const bar = reporter.bar('tagging', usable.length);
    let done = 0;
    const scoring = scoreClips(model, set, { batchSize, onClip: () => bar.update(++done) });
    const scores = await scoring.finally(() => bar.done());
    const exclusive = info.exclusive && dataset.exclusive;
    return {
      evaluation: evaluateTags({ labels: set.targets, scores, tags: info.tags, exclusive, seed }),
      skipped: allSkipped,
    };
  } finally {
    await store.close();
  }
}
