/** GTZAN music/speech: 128 excerpts of 30 s, half of them speech. */

import type { Dataset } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { listClassFolders } from './classFolders.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';

const facts: DatasetFacts = {
  name: 'gtzan-speech-music',
  title: 'GTZAN music/speech collection',
  citation: 'G. Tzanetakis, "GTZAN Music/Speech Collection", 1999',
  homepage: 'http://marsyas.info/downloads/datasets.html',
  licence: 'not stated; some recordings are commercial music, for research only',
  audio: '128 excerpts of 30 s, 22 050 Hz mono 16-bit WAV, 64 of each class',
  howToGet:
    'Get music_speech.tar.gz (about 297 MB) of the GTZAN music/speech collection and unpack it so that ' +
    'DIR/music_speech/music_wav/ and DIR/music_speech/speech_wav/ are there (DIR/music_wav/ will do too).',
  files: [{ path: 'music_speech.tar.gz', md5: 'b063639094c169062940becacd3108a0', archive: true }],
  splits: [],
  knownFaults: ['The page of the data set speaks of 120 excerpts; the archive holds 128.'],
};

async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
  chooseSplit(facts, options.split);
  const files = new PresentFiles(root);
  const folder = await files.folderWith('music_wav', ['music_speech']);
  const listed = await listClassFolders(facts, files, folder, { music_wav: 'music', speech_wav: 'speech' });
  return datasetOf(facts, await listFiles(facts, files, listed), {
    tags: ['music', 'speech'],
    exclusive: true,
  });
}

export const gtzanSpeechMusic: KnownDataset = { facts, list };
