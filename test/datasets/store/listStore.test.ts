import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { DatasetError, listDataset } from '../../../datasets/index.ts';
import { isStore } from '../../../datasets/store/listStore.ts';
import { readLines } from '../../../datasets/store/readLines.ts';
import { prepareStore } from '../../../src/store/prepareStore.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
beforeAll(async () => {
  const clips = [0, 1, 2].map((i) => ({
    id: `${i}`,
    labels: ['a'],
    source: () => new Float32Array(900).fill(0.1),
  }));
  const dataset = { name: 'three', clips, tags: ['a', 'b'], exclusive: false, skipped: [] };
  await prepareStore(dataset, temp('whole'), { sampleRate: 8000, shardClips: 2 });
});

type Json = Record<string, unknown>;
const text = (store: string, name: string) => readFileSync(`${store}/${name}`, 'utf8');
const changeHead = (change: (head: Json) => object) => (store: string) => {
  writeFileSync(
    `${store}/manifest.json`,
    JSON.stringify(change(JSON.parse(text(store, 'manifest.json'))), null, 1),
  );
};
/** Changes the second clip, and the manifest's hash with it. */
const changeClip = (change: (record: Json) => object) => (store: string) => {
  const lines = text(store, 'clips.jsonl').split('\n');
  lines[1] = JSON.stringify(change(JSON.parse(lines[1])));
  writeFileSync(`${store}/clips.jsonl`, lines.join('\n'));
  const clipsSha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  changeHead((head) => ({ ...head, clipsSha256 }))(store);
};

test.each<[string, (store: string) => void, string]>([
  ['cut-off manifest', (s) => truncateSync(`${s}/manifest.json`, 300), 'manifest.json: cut off or damaged'],
  [
    'other version',
    changeHead((h) => ({ ...h, formatVersion: 2 })),
    '"formatVersion": Invalid input: expected 1',
  ],
  ['unfinished', changeHead((h) => ({ ...h, complete: false })), 'the store is not finished'],
  ['no rate', changeHead((h) => ({ ...h, sampleRate: -1 })), 'manifest.json: "sampleRate": Too small'],
  ['missing shard', (s) => rmSync(`${s}/shard-00001.h5`), 'shard-00001.h5 is missing'],
  [
    'cut-off shard',
    (s) => truncateSync(`${s}/shard-00001.h5`, 5000),
    'shard-00001.h5 has 5000 bytes, expected',
  ],
  [
    'shard of more samples than bytes',
    changeHead((h) => {
      const [first, ...rest] = h.shards as Json[];
      return { ...h, shards: [{ ...first, samples: 1e12 }, ...rest] };
    }),
    'too few for its 1000000000000 samples',
  ],
  ['missing listing', (s) => rmSync(`${s}/clips.jsonl`), 'clips.jsonl: ENOENT'],
  ['cut-off listing', (s) => truncateSync(`${s}/clips.jsonl`, 300), 'clips.jsonl line '],
  [
    'listing without its last line',
    (s) => writeFileSync(`${s}/clips.jsonl`, text(s, 'clips.jsonl').split('\n')[0]),
    'clips.jsonl is not the file',
  ],
  [
    'listing of other tags',
    (s) => writeFileSync(`${s}/clips.jsonl`, text(s, 'clips.jsonl').replace('["a"]', '["b"]')),
    'clips.jsonl is not the file',
  ],
  [
    'endless line',
    (s) => writeFileSync(`${s}/clips.jsonl`, 'x'.repeat(2 ** 21 + 2)),
    'a line has more than 1048576 bytes',
  ],
  [
    'clip behind the end',
    changeClip((r) => ({ ...r, length: 1e11 })),
    'line 2: "1" ends behind the samples of shard-00000.h5',
  ],
  [
    'clip of another shard',
    changeClip((r) => ({ ...r, shard: 7 })),
    'line 2: "1" ends behind the samples of shard-00007.h5',
  ],
  ['negative place', changeClip((r) => ({ ...r, offset: -4 })), 'line 2: '],
  [
    'tag of nobody',
    changeClip((r) => ({ ...r, clip: { id: '1', labels: ['c'] } })),
    'the tag "c" is not in manifest.json',
  ],
  ['id twice', changeClip((r) => ({ ...r, clip: { id: '0', labels: [] } })), 'the id "0" stands twice'],
])('a store with a fault (%s) is refused in one line', async (name, damage, told) => {
  const store = temp(name);
  cpSync(temp('whole'), store, { recursive: true });
  damage(store);
  const error = (await listDataset(store).catch((thrown: unknown) => thrown)) as Error;
  expect(error).toBeInstanceOf(DatasetError);
  expect(error.message).toContain(told);
  expect(error.message.startsWith(`${store}: `)).toBe(true);
  expect(error.message).not.toContain('\n');
  expect(error.message).toContain('Run the same "sonotag prepare" again');
});

test('the tags of a model order those of a store, and refuse others that a clip carries', async () => {
  expect((await listDataset(temp('whole'), { tags: ['b', 'a'] })).tags).toEqual(['b', 'a']);
  await expect(listDataset(temp('whole'), { tags: ['b'] })).rejects.toThrow('unknown tag "a"');
});

test('a folder with a manifest.json of somebody else is no store', async () => {
  writeFileSync(temp('manifest.json'), '{"format": "web app"}');
  expect(await isStore(temp())).toBe(false);
  expect(await isStore(temp('nowhere'))).toBe(false);
});

test('lines are told apart across the blocks that a file is read in', async () => {
  const lines = [0, 700_000, 1, 1_000_000, 500_000].map((length, i) => String(i).repeat(length));
  writeFileSync(temp('lines'), lines.join('\n'));
  const read: string[] = [];
  for await (const line of readLines(temp('lines'))) read.push(line.toString());
  expect(read).toEqual(lines);
});
