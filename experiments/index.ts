/** The studies by name; each file says what it asks, and is loaded only when it is run. */
import type { Command } from 'commander';

export interface Experiment {
  name: string;
  /** One line: the question. */
  summary: string;
  /** The study as a command with its own options. */
  load: () => Promise<() => Command>;
}

export const experiments: Experiment[] = [
  {
    name: 'quickstart',
    summary: 'render the embedded data set, train a tagger on it, evaluate it, tag an unseen clip',
    load: async () => (await import('./quickstart.ts')).quickstart,
  },
  {
    name: 'kapreOverhead',
    summary: 'time the front end, and its share of training and inference, for three sizes of the convnet',
    load: async () => (await import('./kapreOverhead.ts')).kapreOverhead,
  },
  {
    name: 'frontEndStudy',
    summary:
      'X or log X: compare 24 front ends with less and less data, and ask whether log halves the data needed',
    load: async () => (await import('./frontEndStudy.ts')).frontEndStudy,
  },
  {
    name: 'similarity',
    summary: 'find clips that belong together by the cosine of their features, and listen to them',
    load: async () => (await import('./similarity.ts')).similarity,
  },
  {
    name: 'auditCoverage',
    summary: 'do the intervals of "noise audit" hold the truth as often as they say, and where do they not',
    load: async () => (await import('./auditCoverage.ts')).auditCoverage,
  },
  {
    name: 'labelNoise',
    summary:
      'wrong labels: do training and evaluation survive them, when not, and which remedy helps, where the truth is known',
    load: async () => (await import('./labelNoise.ts')).labelNoise,
  },
  {
    name: 'multiScale',
    summary:
      'several levels of several taggers with inputs of different length: do all tell classes better than one?',
    load: async () => (await import('./multiScale.ts')).multiScale,
  },
  {
    name: 'learnedChroma',
    summary:
      'chroma is octave equivalence; what if its weights are learned? chords of instruments never heard, clean and distorted',
    load: async () => (await import('./learnedChroma.ts')).learnedChroma,
  },
];
