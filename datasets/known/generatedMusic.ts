/** The embedded data set beside the published ones: nothing to get, nothing on disk. */

import type { DatasetFacts, KnownDataset } from '../facts.ts';
import { listGenerated } from '../generated/index.ts';
import { chooseSplit } from './listFiles.ts';

const facts: DatasetFacts = {
  name: 'generated',
  title: 'Generated music',
  citation: 'this package',
  homepage: 'this package, datasets/generated',
  licence: "the package's own",
  audio: '960 clips of 4 s, rendered at any rate: 11 instruments, two tempos, two modes, 15 tags',
  howToGet: 'Nothing to get: it is rendered from a seed.',
  files: [],
  splits: [
    {
      name: 'published',
      source: 'by rendering seed: no clip, score or seed is in two parts',
      sizes: { train: 600, valid: 120, test: 240 },
    },
  ],
  knownFaults: [],
  rendered: true,
};

export const generatedMusic: KnownDataset = {
  facts,
  list: (_root, options = {}) => {
    const split = chooseSplit(facts, options.split)!;
    return Promise.resolve({ ...listGenerated(), split: split.name });
  },
};
