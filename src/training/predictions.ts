/** What a model said of clips that it was not trained on, as a table. */
import type { ClipSet } from '../audio/clipSet.ts';
import { quoteCsv } from '../files/quoteCsv.ts';

export interface Predictions {
  ids: string[];
  tags: readonly string[];
  /** 0 or 1, NaN where it is unknown; row-major `[clips, tags]`. */
  labels: Float32Array;
  /** Probabilities, row-major `[clips, tags]`. */
  scores: Float32Array;
}

export function predictionsOf(set: ClipSet, tags: readonly string[], scores: Float32Array): Predictions {
  return { ids: set.ids, tags, labels: set.targets, scores };
}

/** The rows of several sets, one after the other. */
export function joinPredictions(parts: Predictions[]): Predictions {
  return {
    ids: parts.flatMap(({ ids }) => ids),
    tags: parts[0].tags,
    labels: Float32Array.from(parts.flatMap(({ labels }) => Array.from(labels))),
    scores: Float32Array.from(parts.flatMap(({ scores }) => Array.from(scores))),
  };
}

/**
 * CSV: `path`, the true tags joined by `;` (`?tag` where it is unknown whether it applies), and a column of
 * probabilities for every tag.
 */
export function predictionsToCsv({ ids, tags, labels, scores }: Predictions): string {
  const head = ['path', 'tags', ...tags].map(quoteCsv).join(',');
  const lines = ids.map((id, row) => {
    const own = tags.flatMap((tag, column) => {
      const label = labels[row * tags.length + column];
      return label === 1 ? [tag] : Number.isNaN(label) ? [`?${tag}`] : [];
    });
    const probabilities = tags.map((_, column) => scores[row * tags.length + column].toFixed(6));
    return [quoteCsv(id), quoteCsv(own.join(';')), ...probabilities].join(',');
  });
  return `${[head, ...lines].join('\n')}\n`;
}
