/** Every layer of `sonotag/layers`, by family; a new layer is a new entry in one of these files. */
import { augmentationEntries } from './entries/augmentations.ts';
import { featureEntries } from './entries/features.ts';
import { levelEntries } from './entries/levels.ts';
import { networkEntries } from './entries/network.ts';
import { pitchEntries } from './entries/pitch.ts';
import { spectrogramEntries } from './entries/spectrograms.ts';
import { waveformEntries } from './entries/waveforms.ts';
import type { GalleryEntry } from './galleryEntry.ts';

export interface GalleryFamily {
  title: string;
  entries: GalleryEntry[];
}

export const galleryFamilies: GalleryFamily[] = [
  { title: 'Spectrograms', entries: spectrogramEntries },
  { title: 'Pitch', entries: pitchEntries },
  { title: 'Levels', entries: levelEntries },
  { title: 'Features', entries: featureEntries },
  { title: 'Waveforms and frames', entries: waveformEntries },
  { title: 'Augmentation', entries: augmentationEntries },
  { title: 'Network', entries: networkEntries },
];

export const galleryEntries: GalleryEntry[] = galleryFamilies.flatMap(({ entries }) => entries);
