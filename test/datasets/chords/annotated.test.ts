import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { listAnnotated } from '../../../datasets/chords/index.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const write = (path: string, text = '') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

test('annotations are found beside their recordings, in folders below, and faults are named', async () => {
  write(temp('set', 'b', 'song.lab'), '0 1 C\n1 2 N\n');
  write(temp('set', 'b', 'song.MP3'));
  write(temp('set', 'a.lab'), '0 1 G:7\n');
  write(temp('set', 'a.flac'));
  write(temp('set', 'a.txt'));
  write(temp('set', 'alone.lab'), '0 1 C\n');
  write(temp('set', 'twice.lab'), '0 1 C\n');
  write(temp('set', 'twice.wav'));
  write(temp('set', 'twice.ogg'));
  write(temp('set', 'bad.lab'), '0 1 C\n1 2 Q\n');
  write(temp('set', 'bad.wav'));
  write(temp('set', '.hidden', 'x.lab'), 'nonsense');
  write(temp('set', 'unlabelled.wav'));
  const { clips, skipped } = await listAnnotated(temp('set'));
  expect(clips).toEqual([
    {
      id: 'a.flac',
      source: temp('set', 'a.flac'),
      labels: [],
      segments: [{ start: 0, end: 1, label: 'G:7' }],
    },
    {
      ...{ id: 'b/song.MP3', source: temp('set', 'b', 'song.MP3'), labels: [] },
      segments: [
        { start: 0, end: 1, label: 'C' },
        { start: 1, end: 2, label: 'N' },
      ],
    },
  ]);
  expect(skipped.map(({ reason }) => reason.replace(temp('set'), 'set'))).toEqual([
    expect.stringContaining('alone.lab: no recording of the same name beside it'),
    expect.stringContaining('bad.lab, line 2: no chord label: "Q"'),
    expect.stringContaining('twice.lab: 2 recordings of the same name beside it; leave one'),
  ]);
});

test('a folder that is not there, and one without annotated recordings, are refused with the first fault', async () => {
  await expect(listAnnotated(temp('nowhere'))).rejects.toThrow('nowhere: cannot be read (ENOENT)');
  write(temp('poor', 'a.lab'), '0 1 C\n');
  await expect(listAnnotated(temp('poor'))).rejects.toThrow(
    /no annotated recording; expected song\.lab.*first fault.*a\.lab/,
  );
});
