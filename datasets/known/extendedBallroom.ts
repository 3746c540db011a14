/** Extended Ballroom: 4180 excerpts of dance music in 13 classes. */

import type { Dataset } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { listClassFolders } from './classFolders.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';

const facts: DatasetFacts = {
  name: 'extended-ballroom',
  title: 'Extended Ballroom',
  citation: 'U. Marchand and G. Peeters, "The Extended Ballroom Dataset", ISMIR late-breaking session, 2016',
  homepage: 'http://anasynth.ircam.fr/home/media/ExtendedBallroom',
  licence: 'not stated; the recordings are previews of commercial music, for research only',
  audio: '4180 excerpts of about 30 s, MP3, 23 to 529 of each of 13 dances',
  howToGet:
    'Get the audio of Extended Ballroom (see its home page and paper), so that ' +
    'DIR/Chacha/100701.mp3 is there, one folder for each of the 13 dances.',
  files: [],
  splits: [],
  knownFaults: [
    'The classes are very uneven: from 23 excerpts (Wcswing) to 529 (Waltz).',
    'Some recordings are there several times; the XML file of the data set names the repetitions it knows.',
  ],
};

const dances =
  'Chacha Foxtrot Jive Pasodoble Quickstep Rumba Salsa Samba Slowwaltz Tango Viennesewaltz Waltz Wcswing'.split(
    ' ',
  );

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const folder = await files.folderWith('Chacha', ['ballroom_extended_2016', 'extendedballroom_v1.1']);
  const classOf = Object.fromEntries(dances.map((dance) => [dance, dance]));
  const listed = await listClassFolders(facts, files, folder, classOf);
  return datasetOf(facts, await listFiles(facts, files, listed), { tags: dances, exclusive: true });
}

export const extendedBallroom: KnownDataset = { facts, list };
