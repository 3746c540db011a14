/** Chord labels in Harte's syntax: `C:maj`, `A:min7/b3`, `G:(3,5,b7)`, `N` for no chord, `X` for one without a name. */

/** A chord as numbers. */
export interface HarteChord {
  /** Semitones of the root above C, 0 … 11; -1 for `N` and `X`. */
  root: number;
  /** Which of the twelve semitones above the root sound, the bass included: 0 or 1; all 0 for `N`, all -1 for `X`. */
  intervals: readonly number[];
  /** Semitones of the bass above the root, 0 … 11; -1 for `N` and `X`. */
  bass: number;
}

/** Semitones above the root of each shorthand. */
const qualities: Record<string, readonly number[]> = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  aug: [0, 4, 8],
  dim: [0, 3, 6],
  sus4: [0, 5, 7],
  sus2: [0, 2, 7],
  '7': [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  min7: [0, 3, 7, 10],
  minmaj7: [0, 3, 7, 11],
  maj6: [0, 4, 7, 9],
  min6: [0, 3, 7, 9],
  dim7: [0, 3, 6, 9],
  hdim7: [0, 3, 6, 10],
  maj9: [0, 4, 7, 11, 14],
  min9: [0, 3, 7, 10, 14],
  '9': [0, 4, 7, 10, 14],
  min11: [0, 3, 7, 10, 14, 17],
  '11': [0, 4, 7, 10, 14, 17],
  maj13: [0, 4, 7, 11, 14, 17, 21],
  min13: [0, 3, 7, 10, 14, 17, 21],
  '13': [0, 4, 7, 10, 14, 17, 21],
  '1': [0],
  '5': [0, 7],
};

/** The shorthands that a label may have. */
export const chordQualities: readonly string[] = Object.keys(qualities);

/** Semitones above C. */
const naturals: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** Semitones above the root of the degrees 1 … 13 of the major scale. */
const degrees = [0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21];

const syntax =
  /^(?<root>[A-G](?:b*|#*))(?::(?<quality>[a-z0-9]+)?(?:\((?<degrees>[^()]+)\))?)?(?:\/(?<bass>[^/]+))?$/;
const degreeSyntax = /^(?<omitted>\*?)(?<shift>b*|#*)(?<degree>[1-9]|1[0-3])$/;

export interface ParseHarteOptions {
  /** What becomes of tones beyond the octave: `'drop'` leaves them out, `'fold'` puts them into it. Default `'drop'`. */
  extensions?: 'drop' | 'fold';
}

/**
 * Reads a chord label. Without a quality or degrees it is major; degrees add to the quality, `*` takes one away.
 *
 * Same numbers as mir_eval 0.8 `chord.encode`, whose `reduce_extended_chords` is `extensions: 'fold'`. Harte 2010, "Towards Automatic Extraction of Harmony Information from
 * Music Signals", PhD thesis, Queen Mary University of London, chapter 4.
 *
 * @throws RangeError if the label is not in this syntax, or its shorthand is unknown.
 * @example parseHarte('A:min/b3') // { root: 9, intervals: [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0], bass: 3 }
 */
export function parseHarte(label: string, { extensions = 'drop' }: ParseHarteOptions = {}): HarteChord {
  if (label === 'N') return { root: -1, intervals: new Array<number>(12).fill(0), bass: -1 };
  if (label === 'X') return { root: -1, intervals: new Array<number>(12).fill(-1), bass: -1 };
  const parts = syntax.exec(label)?.groups;
  if (!parts || /:(\/|$)/.test(label)) throw fault(label, 'expected one such as C:maj, F#:min7, A:min/b3, N');
  const { root, quality = parts['degrees'] ? '1' : 'maj' } = parts;
  if (!Object.hasOwn(qualities, quality))
    throw fault(label, `the shorthand "${quality}" is none of ${chordQualities.join(' ')}`);
  const counts = new Array<number>(12).fill(0);
  const count = (semitones: number, change: number): void => {
    if (semitones < 12 || extensions === 'fold') counts[modulo12(semitones)] += change;
  };
  for (const semitones of qualities[quality]) count(semitones, 1);
  for (const text of new Set(parts['degrees']?.split(',') ?? [])) {
    const { semitones, omitted } = readDegree(label, text);
    count(semitones, omitted ? -1 : 1);
  }
  const bass = readDegree(label, parts['bass'] ?? '1');
  if (bass.omitted) throw fault(label, 'a bass cannot be left out');
  const bassSemitones = modulo12(bass.semitones);
  const intervals = counts.map((times, semitone) => Number(times > 0 || semitone === bassSemitones));
  return { root: pitchClass(root), intervals, bass: bassSemitones };
}

/** Semitones above C. */
function pitchClass(name: string): number {
  return modulo12(naturals[name[0]] + shiftOf(name.slice(1)));
}

function readDegree(label: string, text: string): { semitones: number; omitted: boolean } {
  const parts = degreeSyntax.exec(text)?.groups;
  if (!parts) throw fault(label, `"${text}" is no degree 1 … 13 with b or # before it`);
  const { omitted, shift, degree } = parts;
  return { semitones: degrees[Number(degree) - 1] + shiftOf(shift), omitted: omitted === '*' };
}

/** Of sharps and flats. */
function shiftOf(signs: string): number {
  return signs.startsWith('b') ? -signs.length : signs.length;
}

function modulo12(semitones: number): number {
  return ((semitones % 12) + 12) % 12;
}

function fault(label: string, what: string): RangeError {
  return new RangeError(`no chord label: "${label}"; ${what}`);
}
