/** The clips that the taggers learn from, and those whose classes are then told by their features. */
import { resolve } from 'node:path';
import { listDataset, listGenerated, type Clip, type Dataset } from '../../datasets/index.ts';
import { InputError } from '../../src/errors.ts';
import type { Targets } from '../../src/transfer/transferTask.ts';

const generated = 'generated';

/** Of the held-out part of the generated data: the tempo, which a longer input can hear better. */
const tempos = ['fast', 'moderate', 'slow'];

/** Of `generated`, the training part; of anything else, all. */
export async function listTraining(data: string, seed: number): Promise<Dataset> {
  return data === generated ? listGenerated({ seed, valid: 0, test: 0 }) : listDataset(data);
}

/**
 * The clips to be told apart, one class each. Of `generated`, the test part by its tempo.
 *
 * @param training what the taggers are trained on; null where they are given
 * @throws InputError if clips carry several tags, or the taggers are trained on the same recordings.
 */
export async function listEvaluation(data: string, training: string | null, seed: number): Promise<Dataset> {
  if (data === generated) return byTempo(listGenerated({ seed, train: 0, valid: 0 }));
  if (training !== null && resolve(training) === resolve(data)) {
    throw new InputError(
      `${data}: the taggers would be trained on the clips that are then told apart. Choose another --train-data.`,
    );
  }
  const dataset = await listDataset(data);
  if (dataset.exclusive) return dataset;
  const many = dataset.clips.find(({ labels }) => labels.length !== 1) ?? dataset.clips[0];
  throw new InputError(
    `${data}: expected one class a clip, but "${many.id}" has ${many.labels.length} tags (${many.labels.join(', ') || 'none'}). ` +
      'Name a folder of class folders, or a manifest with one tag a clip.',
  );
}

function byTempo(dataset: Dataset): Dataset {
  const clips = dataset.clips.map((clip) => ({
    ...clip,
    labels: [clip.labels.find((tag) => tempos.includes(tag)) ?? 'moderate'],
  }));
  return { ...dataset, name: 'generated, test part by tempo', clips, tags: tempos, exclusive: true };
}

/**
 * The classes of the clips by number.
 *
 * @throws InputError if there is a single class, or one has fewer clips than there are folds.
 */
export function classTargets({ name, tags }: Dataset, clips: readonly Clip[], folds: number): Targets {
  const classes = tags.filter((tag) => clips.some(({ labels }) => labels[0] === tag));
  const counts = classes.map((one) => clips.filter(({ labels }) => labels[0] === one).length);
  if (classes.length < 2) {
    throw new InputError(`${name}: all clips are "${classes[0]}"; there must be two classes at least.`);
  }
  const fewest = Math.min(...counts);
  if (fewest < folds) {
    throw new InputError(
      `${name}: ${folds} folds need ${folds} clips of every class; "${classes[counts.indexOf(fewest)]}" has ${fewest}. ` +
        `${fewest >= 3 ? `Pass --folds ${fewest} or less, or add` : 'Add'} recordings.`,
    );
  }
  const values = Float64Array.from(clips, ({ labels }) => classes.indexOf(labels[0]));
  return { kind: 'classification', values, classes };
}
