import { expect, test } from 'vitest';
import { extendedBallroom } from '../../../datasets/known/extendedBallroom.ts';
import { gtzanSpeechMusic } from '../../../datasets/known/gtzanSpeechMusic.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

test('GTZAN music/speech: the two folders of the archive are the two classes', async () => {
  const files = empty(
    'music_speech/music_wav/bagpipe.wav',
    'music_speech/speech_wav/acomic.wav',
    'music_speech/README',
  );
  const dataset = await gtzanSpeechMusic.list(await writeTree(files));
  expect(dataset.tags).toEqual(['music', 'speech']);
  expect(withoutSources(dataset)).toEqual({
    'music_wav/bagpipe.wav': { labels: ['music'] },
    'speech_wav/acomic.wav': { labels: ['speech'] },
  });
});

test('GTZAN music/speech: a missing class folder, one that is no class, and a split are refused', async () => {
  await expectRefused(gtzanSpeechMusic, empty('music_wav/a.wav'), 'the class folder "speech_wav" is not in');
  await expectRefused(
    gtzanSpeechMusic,
    empty('music_wav/a.wav', 'noise_wav/a.wav'),
    'unknown tag "noise_wav"',
  );
  await expectRefused(gtzanSpeechMusic, empty('music_wav/a.wav'), 'it has no published split', {
    split: 'x',
  });
});

const dances =
  'Chacha Foxtrot Jive Pasodoble Quickstep Rumba Salsa Samba Slowwaltz Tango Viennesewaltz Waltz Wcswing'.split(
    ' ',
  );

test('Extended Ballroom: 13 dances, one folder each; its XML and other files are passed over', async () => {
  const files = empty(
    'extendedballroom_v1.1.xml',
    'Chacha/cover.jpg',
    ...dances.map((dance) => `${dance}/1.mp3`),
  );
  const { tags, clips, exclusive } = await extendedBallroom.list(await writeTree(files));
  expect(tags).toEqual(dances);
  expect(exclusive).toBe(true);
  expect(clips.map(({ id, labels }) => [id, labels])).toEqual(
    dances.map((dance) => [`${dance}/1.mp3`, [dance]]),
  );
});

test('Extended Ballroom: a folder of another dance is refused, with a guess', async () => {
  await expectRefused(extendedBallroom, empty('Chacha/1.mp3', 'Walzt/2.mp3'), 'unknown tag "Walzt"');
  await expectRefused(extendedBallroom, empty('Chacha/1.mp3'), 'the class folder "Foxtrot" is not in');
});
