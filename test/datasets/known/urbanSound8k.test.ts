import { join } from 'node:path';
import { expect, test } from 'vitest';
import { urbanSound8k } from '../../../datasets/known/urbanSound8k.ts';
import { empty, expectRefused, writeTree } from './tree.ts';

const header = 'slice_file_name,fsID,start,end,salience,fold,classID,class\n';
const rows =
  '100032-3-0-0.wav,100032,0.0,0.317551,1,5,3,dog_bark\n100263-2-0-117.wav,100263,58.5,62.5,1,10,2,children_playing\n';
const table = 'metadata/UrbanSound8K.csv';

test('class, fold and source recording come from the list; a missing excerpt is skipped', async () => {
  const root = await writeTree({ [table]: header + rows, ...empty('audio/fold5/100032-3-0-0.wav') });
  expect(await urbanSound8k.list(root)).toEqual({
    name: 'urbansound8k',
    clips: [
      {
        id: 'fold5/100032-3-0-0.wav',
        source: join(root, 'audio/fold5/100032-3-0-0.wav'),
        labels: ['dog_bark'],
        fold: 5,
        album: 'freesound 100032',
      },
    ],
    tags: [
      ...['air_conditioner', 'car_horn', 'children_playing', 'dog_bark', 'drilling', 'engine_idling'],
      ...['gun_shot', 'jackhammer', 'siren', 'street_music'],
    ],
    exclusive: true,
    skipped: [{ path: join(root, 'audio/fold10/100263-2-0-117.wav'), reason: 'file not found' }],
    split: 'folds',
  });
});

test('the folder that the archive unpacks into is found', async () => {
  const root = await writeTree({
    [`UrbanSound8K/${table}`]: header + rows,
    ...empty('UrbanSound8K/audio/fold5/100032-3-0-0.wav'),
  });
  const { clips } = await urbanSound8k.list(root);
  expect(clips.map(({ id }) => id)).toEqual(['fold5/100032-3-0-0.wav']);
});

test.each([
  ['no list', empty('audio/fold5/100032-3-0-0.wav'), 'UrbanSound8K.csv is missing. Get UrbanSound8K.tar.gz'],
  ['no audio', { [table]: header + rows }, 'none of its 2 recordings is in'],
  ['another header', { [table]: 'file,fold,class\n' }, 'no column "slice_file_name"'],
  [
    'an unknown class',
    { [table]: `${header}a.wav,1,0,1,1,5,3,dog_barks\n` },
    'line 2: unknown tag "dog_barks"',
  ],
  [
    'a fold too high',
    { [table]: `${header}a.wav,1,0,1,1,11,3,dog_bark\n` },
    'the fold is "11"; expected a whole number 1 … 10',
  ],
  [
    'a row cut off',
    { [table]: `${header}a.wav,1,0\n` },
    'line 2: 3 fields where the header has 8; the file is damaged',
  ],
  ['no UTF-8', { [table]: Uint8Array.of(0xff, 0xfe, 0x31) }, 'not UTF-8 text'],
])('%s is refused with what to get', (_, files, message) => expectRefused(urbanSound8k, files, message));
