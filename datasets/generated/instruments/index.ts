/** All instruments under the names that are their tags. */

import { bass } from './bass.ts';
import { bowedString } from './bowedString.ts';
import { brass } from './brass.ts';
import { flute } from './flute.ts';
import { hiHat } from './hiHat.ts';
import type { Instrument } from './instrument.ts';
import { kick } from './kick.ts';
import { organ } from './organ.ts';
import { piano } from './piano.ts';
import { pluckedString } from './pluckedString.ts';
import { snare } from './snare.ts';
import { voice } from './voice.ts';

export const instruments = {
  'plucked string': pluckedString,
  'bowed string': bowedString,
  brass,
  flute,
  organ,
  piano,
  voice,
  bass,
  kick,
  snare,
  'hi-hat': hiHat,
} as const satisfies Record<string, Instrument>;

export type InstrumentName = keyof typeof instruments;
