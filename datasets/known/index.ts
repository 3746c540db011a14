/** The published data sets that sonotag knows, one file each. */

import { DatasetError } from '../dataset.ts';
import type { KnownDataset } from '../facts.ts';
import { didYouMean } from '../knownTags.ts';
import { emoMusic } from './emoMusic.ts';
import { esc10, esc50 } from './esc50.ts';
import { extendedBallroom } from './extendedBallroom.ts';
import { fmaLarge, fmaMedium, fmaSmall } from './fma.ts';
import { fsdKaggle2018 } from './fsdKaggle2018.ts';
import { generatedMusic } from './generatedMusic.ts';
import { gtzanGenre } from './gtzanGenre.ts';
import { gtzanSpeechMusic } from './gtzanSpeechMusic.ts';
import { jamendoSinging } from './jamendoSinging.ts';
import { magnaTagATune } from './magnaTagATune.ts';
import { millionSong } from './millionSong.ts';
import { mtgJamendo } from './mtgJamendo.ts';
import { openMic2018 } from './openMic2018.ts';
import { renderedChords } from './renderedChords.ts';
import { urbanSound8k } from './urbanSound8k.ts';

/** In the order in which `sonotag datasets` lists them. */
export const knownDatasets: readonly KnownDataset[] = [
  generatedMusic,
  renderedChords,
  magnaTagATune,
  millionSong,
  mtgJamendo,
  fmaSmall,
  fmaMedium,
  fmaLarge,
  openMic2018,
  gtzanGenre,
  gtzanSpeechMusic,
  extendedBallroom,
  emoMusic,
  jamendoSinging,
  urbanSound8k,
  esc50,
  esc10,
  fsdKaggle2018,
];

/**
 * The data set of that name.
 *
 * @throws DatasetError naming those that there are, and the nearest.
 * @example findKnownDataset('gtzan-genre').facts.licence
 */
export function findKnownDataset(name: string): KnownDataset {
  const found = knownDatasets.find(({ facts }) => facts.name === name);
  if (found) return found;
  const names = knownDatasets.map(({ facts }) => facts.name);
  throw new DatasetError(`no data set "${name}"; there are ${names.join(', ')}${didYouMean(name, names)}`);
}
