/** The rendered chords beside the published data sets: nothing to get, nothing on disk. */

import { listChordClasses } from '../chords/chordClasses.ts';
import type { DatasetFacts, KnownDataset } from '../facts.ts';
import { chooseSplit } from './listFiles.ts';

const facts: DatasetFacts = {
  name: 'chords',
  title: 'Rendered chords',
  citation: 'this package',
  homepage: 'this package, datasets/chords',
  licence: "the package's own",
  audio:
    'chords of 240 progressions of 16 s, rendered at any rate: 24 major and minor chords and none, under bass, melody and drums',
  howToGet: 'Nothing to get: it is rendered from a seed.',
  files: [],
  splits: [
    { name: 'unseen-timbres', source: 'test chords are played by instruments that training never hears' },
  ],
  knownFaults: [],
  rendered: true,
};

export const renderedChords: KnownDataset = {
  facts,
  list: (_root, options = {}) => {
    const split = chooseSplit(facts, options.split)!;
    return Promise.resolve({ ...listChordClasses(), split: split.name });
  },
};
