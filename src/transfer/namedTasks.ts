/** The six tasks of the paper, by the names of its files: `<task>_layer_0.npy`, `<task>_mfcc.npy`, `<task>.csv`. */
import { InputError } from '../errors.ts';
import { nearestName } from '../engine/nearestName.ts';
import type { TaskKind } from './transferTask.ts';

export interface NamedTask {
  /** What its files' names begin with. */
  files: string;
  kind: TaskKind;
  /** Column of the labels. */
  label: string;
  /** Column that fixes the folds; undefined for ten folds. */
  split?: string;
}

/** Choi et al. 2017, arXiv:1703.09179, table 1; emoMusic has two targets. */
const tasks: Record<string, NamedTask> = {
  ballroom_extended: { files: 'ballroom_extended', kind: 'classification', label: 'label' },
  gtzan_genre: { files: 'gtzan_genre', kind: 'classification', label: 'label' },
  gtzan_speechmusic: { files: 'gtzan_speechmusic', kind: 'classification', label: 'label' },
  emoMusic_a: { files: 'emoMusic', kind: 'regression', label: 'label_arousal' },
  emoMusic_v: { files: 'emoMusic', kind: 'regression', label: 'label_valence' },
  jamendo_vd: { files: 'jamendo_vd', kind: 'classification', label: 'label', split: 'category' },
  urbansound: { files: 'urbansound', kind: 'classification', label: 'label', split: 'fold' },
};

/** @throws InputError if there is no such task. */
export function namedTask(name: string): NamedTask {
  if (Object.hasOwn(tasks, name)) return tasks[name];
  const names = Object.keys(tasks);
  const meant = name === 'emoMusic' ? 'emoMusic_v" or "emoMusic_a' : nearestName(name, names);
  throw new InputError(
    `--task-name ${name}: no such task${meant === undefined ? '' : `; did you mean "${meant}"?`} There are ${names.join(', ')}.`,
  );
}
