import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import { saveTagger } from '../../../src/models/tagger.ts';
import type { TagStudy } from '../../../src/noise/tagStudy.ts';
import { expectRefusal, runCommand } from '../../support/runCommand.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const write = (name: string, text: string) => {
  writeFileSync(temp(name), text);
  return temp(name);
};
const given = () =>
  write('given.csv', 'path,tags\na,rock;indie\nb,rock;indie\nc,rock\nd,rock\ne,pop\nf,pop;<i>\ng,\nh,\n');

async function saveModel(name: string, tags: string[]): Promise<string> {
  await useEngine('cpu');
  const model = tf.sequential({ layers: [tf.layers.dense({ units: tags.length, inputShape: [2] })] });
  const kernel = [[1, 1, 0, 1], [0, 1, 1, -1]].map((row) => row.slice(0, tags.length)); // prettier-ignore
  model.layers[0].setWeights([tf.tensor2d(kernel), tf.zeros([tags.length])]);
  await saveTagger(
    {
      model,
      info: {
        ...{
          format: 'sonotag tagger',
          formatVersion: 1,
          sampleRate: 100,
          samples: 2,
          tags,
          exclusive: false,
        },
        frontEnd: { nFft: 128, nMels: 16, topDb: null, melScale: 'htk', trainableKernels: false },
        decibel: { of: 'power', reference: 'clip' },
        batchNorm: 'moving',
        training: { data: 'x', clips: 2, splitHash: 'a', validShare: 0, seed: 1, epochs: 1, engine: 'cpu' },
        ...{ weightsHash: '', licence: 'CC0', madeBy: 'a test' },
      },
    },
    temp(name),
  );
  return temp(name);
}

test('co-occurrence, tagability, groups and label vectors come as JSON and as a page', async () => {
  const truth = write('truth.csv', 'path,rock,indie\na,1,1\nb,0,1\nc,1,1\ne,0,0\nf,1,\ng,0,0\n');
  const out = temp('tags.html');
  const { code, stdout } = await runCommand(
    ...['noise', 'tags', '--labels', given(), '--reannotated', truth, '--group', 'both=rock;indie'],
    ...[
      '--model',
      await saveModel('model', ['rock', 'indie', 'pop', '<i>']),
      '--out',
      out,
      '--json',
      '--seed',
      '3',
    ],
  );
  expect(code).toBe(0);
  const study = JSON.parse(stdout) as TagStudy & { report: string };
  expect(study.tags).toEqual(['rock', 'indie', 'pop', '<i>']);
  expect(study.coOccurrence.conditional[0]).toEqual([1, 0.5, 0, 0]);
  // rock: 2 of 3 given are right, 1 of 3 not given is wrong; 4 of 8 clips carry it as given
  expect(study.tagability![0]).toMatchObject({ tag: 'rock', audited: 6 });
  expect(study.tagability![0].rates.tagability).toBeCloseTo(2 / 3, 12);
  // indie: 2 of 2 are right, 1 of 3 is wrong; 2 of 8 clips carry it as given
  expect(study.tagability![1].rates.tagability).toBeCloseTo(2 / (2 + 6 / 3), 12);
  expect(study.groups![0].tagability).toBeCloseTo((8 / 3 + 2) / (4 + 4), 12);
  expect(study.output!.similarity[0][1]).toBeCloseTo(Math.SQRT1_2, 6);
  const page = readFileSync(out, 'utf8');
  expect(page).toContain('&#60;i&#62;');
  for (const part of [
    'Conditional co-occurrence',
    'Tagability',
    'Label-vector similarity',
    'rock → indie: 0.500',
  ]) {
    expect(page).toContain(part);
  }
});

test('for people the strongest pairs stand first', async () => {
  const { code, stdout } = await runCommand(
    'noise',
    'tags',
    '--labels',
    given(),
    '--out',
    temp('plain.html'),
  );
  expect(code).toBe(0);
  expect(stdout.split('\n')[1]).toBe('  1.000  indie → rock');
});

test('a model with other tags, groups without an audit, and unknown names are refused in one line', async () => {
  const tags = (...args: string[]) =>
    runCommand('noise', 'tags', '--labels', given(), '--out', temp('no.html'), ...args);
  const other = await saveModel('other', ['rock', 'pop', 'indie', '<i>']);
  expect(expectRefusal(await tags('--model', other))).toContain('number 2 is "pop" against "indie"');
  expect(expectRefusal(await tags('--group', 'a=rock'))).toContain('--reannotated');
  expect(expectRefusal(await tags('--group', 'rock'))).toContain('60s-80s=60s;70s;80s');
  const stranger = write('stranger.csv', 'path,tags\nzz,rock\n');
  expect(expectRefusal(await tags('--reannotated', stranger))).toContain('"zz" has no given labels');
  expect(existsSync(temp('no.html'))).toBe(false);
});

const data = (name: string) => fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
test.skipIf(!existsSync(data('msd-tags')))(
  'the published co-occurrences come back from the Million Song Dataset (needs ../shared/data/msd-tags)',
  async () => {
    const { stdout } = await runCommand(
      ...['noise', 'tags', '--labels', data('msd-tags/valid_y.npy'), data('msd-tags/test_y.npy')],
      ...['--tag-names', data('compact-cnn/expected.json'), '--out', temp('msd.html'), '--json'],
    );
    const { clips, tags, coOccurrence } = JSON.parse(stdout) as TagStudy;
    expect(clips).toBe(41_174);
    const pairs: [string, string, number][] = [
      ['indie rock', 'indie', 0.625],
      ['alternative rock', 'rock', 0.593],
      ['House', 'dance', 0.557],
      ['indie pop', 'indie', 0.549],
      ['classic rock', 'rock', 0.523],
      ['House', 'electronic', 0.503],
      ['60s', 'oldies', 0.436],
      ['female vocalist', 'female vocalists', 0.277],
      ['female vocalists', 'female vocalist', 0.033],
    ];
    for (const [tag, other, share] of pairs) {
      const value = coOccurrence.conditional[tags.indexOf(tag)][tags.indexOf(other)];
      expect(value, `${tag} → ${other}`).toBeCloseTo(share, 3);
    }
  },
);

test.skipIf(!existsSync(data('msd-tags')) || !existsSync(data('compact-cnn')))(
  'the published tagger’s output layer is read from its HDF5 and compared (needs ../shared/data)',
  async () => {
    const { code, stdout } = await runCommand(
      ...['noise', 'tags', '--labels', data('msd-tags/valid_y.npy'), data('msd-tags/test_y.npy')],
      ...['--tag-names', data('compact-cnn/expected.json'), '--model', data('compact-cnn/model_best.hdf5')],
      ...['--out', temp('published.html'), '--json'],
    );
    expect(code).toBe(0);
    const { output } = JSON.parse(stdout) as TagStudy;
    expect(output).toMatchObject({ units: 32 });
    expect(output!.comparison.pairs).toHaveLength((50 * 49) / 2);
    // By h5py, NumPy and scipy 1.17 from the same files, which are not ours to ship.
    expect(output!.comparison.spearman).toBeCloseTo(0.5313896584, 6);
  },
);
