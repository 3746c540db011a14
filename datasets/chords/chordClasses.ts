/** Rendered chords as classes: what a tagger learns them from. */
import type { Dataset, RenderedClip } from '../dataset.ts';
import { parseHarte } from './harte.ts';
import { listChords, type ChordsOptions, type RenderedChordClip } from './index.ts';

const roots = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/** The 24 major and minor chords, quality by quality from C, and `N`, no chord. */
export const chordClasses: readonly string[] = [
  ...['maj', 'min'].flatMap((quality) => roots.map((root) => `${root}:${quality}`)),
  'N',
];

/** Shorter stretches are left out: nobody hears their chord. */
const leastSeconds = 0.5;

/**
 * The stretches of `listChords` between two changes of chord, at least half a second long, one clip each. A chord with
 * more tones counts as the major or minor chord below it; the others are left out.
 *
 * @throws RangeError as `listChords` does.
 * @example listChordClasses({ train: 2, valid: 0, test: 0 }).clips[0].labels // ['C:maj']
 */
export function listChordClasses(options: ChordsOptions = {}): Dataset {
  const { clips } = listChords(options);
  return {
    ...{ name: 'chords', clips: clips.flatMap(stretchesOf), tags: [...chordClasses] },
    ...{ exclusive: true, skipped: [] },
  };
}

function stretchesOf({ id, source, split, segments }: RenderedChordClip): RenderedClip[] {
  return segments.flatMap(({ start, end, label }, index) => {
    const chord = classOf(label);
    if (chord === null || end - start < leastSeconds) return [];
    const samplesOf = (sampleRate: number) =>
      source(sampleRate).slice(Math.round(start * sampleRate), Math.round(end * sampleRate));
    return [{ id: `${id}/${index + 1}`, source: samplesOf, labels: [chord], split }];
  });
}

/** By the tones up to the fifth; null where they are neither of a major nor of a minor chord. */
function classOf(label: string): string | null {
  if (label === 'N') return 'N';
  const { root, intervals } = parseHarte(label);
  const upToFifth = intervals.slice(0, 8).join('');
  const quality = { '10001001': 'maj', '10010001': 'min' }[upToFifth];
  return quality === undefined ? null : `${roots[root]}:${quality}`;
}
