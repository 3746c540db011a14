import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { knownDatasets } from '../../../../datasets/index.ts';
import { writeWav } from '../../../../src/audio/writeWav.ts';
import { expectRefusal, runCommand } from '../../../support/runCommand.ts';
import { renderSound, soundRate, type Sound } from '../../../support/soundFolder.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { tinyModel } from '../tinyModel.ts';

const temp = tempFolder();
function write(path: string, text: string): void {
  mkdirSync(dirname(temp(path)), { recursive: true });
  writeFileSync(temp(path), text);
}

/** A sound under the name of another format: a format is recognised by content. */
async function sound(path: string, kind: Sound, number: number): Promise<void> {
  mkdirSync(dirname(temp(path)), { recursive: true });
  await writeWav(temp(path), renderSound(kind, number), { sampleRate: soundRate });
}

test('datasets lists all of them with licence, and how to get those that are not there', async () => {
  const { code, stdout } = await runCommand('datasets', '--root', temp('none'));
  expect(code).toBe(0);
  for (const { facts } of knownDatasets) expect(stdout).toContain(`${facts.name}  ${facts.title}`);
  expect(stdout).toContain(`not in ${temp('none')}/gtzan-genre`);
  const lines = stdout.split('\n').filter((line) => !line.includes(temp('')));
  expect(lines.every((line) => line.length <= 80)).toBe(true);
});

test('a copy under --root is counted, and one that cannot be listed says why', async () => {
  write('root/gtzan-genre/genres/rock/rock.00010.wav', '');
  write('root/esc50/meta/esc50.csv', 'filename,fold\n');
  const { stdout } = await runCommand('datasets', '--root', temp('root'));
  const flat = stdout.replace(/\s+/g, ' ');
  expect(flat).toContain('1 clips, and 929 listed clips without audio: --data gtzan-genre:');
  expect(flat).toContain('cannot be listed: ');
  expect(flat).toContain('no column "category"');
});

test('datasets NAME gives the facts, and --json the same for programs', async () => {
  const { stdout } = await runCommand('datasets', 'fma-small', '--root', temp('none'));
  expect(stdout).toContain('sha1 ade154f733639d52e35e32f5593efe5be76c6d70');
  expect(stdout).toContain('(6400 train, 800 valid, 800 test)');
  const json = JSON.parse(
    (await runCommand('datasets', 'fma-small', '--json', '--root', temp('none'))).stdout,
  );
  expect(json).toMatchObject({ name: 'fma-small', found: { clips: null } });
  expect(JSON.parse((await runCommand('datasets', '--json')).stdout)).toHaveLength(knownDatasets.length);
});

test('a name that is none is refused with the nearest', async () => {
  expect(expectRefusal(await runCommand('datasets', 'esc-50'))).toContain('did you mean "esc50"?');
});

test('datasets manifest writes values as columns, which a manifest and transfer read', async () => {
  write(
    'emo/static_annotations.csv',
    'song_id,mean_arousal,std_arousal,mean_valence,std_valence\n2,3.1,1,3.5,1\n',
  );
  write('emo/songs_info.csv', 'song_id,Artist,Mediaeval 2013 set\n2,"A, B",development\n');
  write('emo/clips_45seconds/2.mp3', '');
  const ended = await runCommand('datasets', 'manifest', `emomusic:${temp('emo')}`, '--out', temp('emo.csv'));
  expect(ended.stdout).toContain('1 clips, 0 tags; 0 listed clips are not there');
  expect(readFileSync(temp('emo.csv'), 'utf8')).toBe(
    'path,tags,split,id,artist,arousal,valence\nemo/clips_45seconds/2.mp3,,train,2,"A, B",3.1,3.5\n',
  );
});

test('datasets manifest of clips that are no whole files is refused', async () => {
  const refused = await runCommand('datasets', 'manifest', 'generated', '--out', temp('generated.csv'));
  expect(expectRefusal(refused)).toContain('is rendered by code, and a manifest lists whole recordings');
});

test('OpenMIC trains and evaluates with its unknown labels left out, and predictions say which', async () => {
  const keys = Array.from({ length: 12 }, (_, i) => `00000${i % 10}_${i}`);
  const rows = keys.flatMap((key, i) => [
    `${key},flute,${i % 2},3`,
    ...(i % 3 === 0 ? [`${key},drums,${(i + 1) % 2},3`] : []), // asked of every third clip
  ]);
  write(
    'mic/openmic-2018-aggregated-labels.csv',
    `sample_key,instrument,relevance,num_responses\n${rows.join('\n')}\n`,
  );
  write('mic/partitions/split01_train.csv', `${keys.slice(0, 8).join('\n')}\n`);
  write('mic/partitions/split01_test.csv', `${keys.slice(8).join('\n')}\n`);
  for (const [i, key] of keys.entries()) {
    await sound(`mic/audio/000/${key}.ogg`, i % 2 ? 'sine' : 'noise', i);
  }
  const data = `openmic-2018:${temp('mic')}`;
  const run = await runCommand(
    'train',
    '--data',
    data,
    '--split',
    'split01',
    '--out',
    temp('run'),
    ...tinyModel,
    '--valid',
    '0',
    '--baseline',
  );
  expect(run.stderr).not.toContain('defect');
  expect(run.code).toBe(0);
  const { evaluation } = JSON.parse(readFileSync(temp('run', 'metrics.json'), 'utf8'));
  expect(evaluation.clips).toBe(4);
  const figures = Object.fromEntries(evaluation.perTag.map((row: { tag: string }) => [row.tag, row]));
  expect(figures.flute).toMatchObject({ positives: 2 });
  expect(figures.drums).toMatchObject({ positives: 0, unknown: 3 }); // of clips 8 to 11, only 9 was asked
  const predictions = readFileSync(temp('run', 'predictions.csv'), 'utf8').split('\n');
  expect(predictions[1]).toMatch(/^000008_8,\?drums,/);
  expect(predictions[2]).toMatch(/^000009_9,flute,/);
  const evaluated = await runCommand(
    'evaluate',
    '--model',
    temp('run'),
    '--data',
    data,
    '--engine',
    'wasm',
    '--json',
  );
  expect(JSON.parse(evaluated.stdout).perTag).toHaveLength(2);
});

test('--folds of UrbanSound8K are its own: all ten, or none', async () => {
  const header = 'slice_file_name,fsID,start,end,salience,fold,classID,class\n';
  const rows = Array.from(
    { length: 20 },
    (_, i) => `${i}.wav,${i},0,1,1,${1 + (i % 10)},3,${i % 2 ? 'dog_bark' : 'siren'}\n`,
  );
  write('urban/metadata/UrbanSound8K.csv', header + rows.join(''));
  for (let i = 0; i < 20; i++)
    await sound(`urban/audio/fold${1 + (i % 10)}/${i}.wav`, i % 2 ? 'sine' : 'noise', i);
  const data = `urbansound8k:${temp('urban')}`;
  const train = (...options: string[]) =>
    runCommand('train', '--data', data, '--out', temp('folds'), ...tinyModel, ...options);
  const refused = await train('--folds', '5');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('comes in 10 folds');
  expect(refused.stderr).toContain('Pass --folds 10.');
  const { stderr } = await train('--epochs', '1', '--overwrite');
  expect(stderr).toContain('these clips come in 10 folds, which --folds 10 uses');
});

test('training on values in place of tags is refused with the way to learn them', async () => {
  await sound('emo/clips_45seconds/2.mp3', 'sine', 1);
  const refused = await runCommand(
    'train',
    '--data',
    `emomusic:${temp('emo')}`,
    '--out',
    temp('emo-run'),
    ...tinyModel,
  );
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('has the values arousal and valence and no tags');
});
