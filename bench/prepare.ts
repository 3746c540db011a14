/**
 * How fast are a store's making and its random crops, next to librosa.load in a pool of processes? And do 100,000 clips
 * stay below 500 MB? Markdown on stdout, progress on stderr.
 *      npx tsx bench/prepare.ts [--files 40] [--rounds 5] [--many 100000]
 * The peer is used where the Python named by SONOTAG_PYTHON, or python3, has librosa; `--files 0` leaves it out, `--many 0` the rest.
 */
import { execFile } from 'node:child_process';
import { linkSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { listDataset, listFolder, type StoredSamples } from '../datasets/index.ts';
import { createRandom } from '../datasets/random.ts';
import { writeWav } from '../src/audio/writeWav.ts';
import { listEngines } from '../src/engine/listEngines.ts';
import { prepareStore } from '../src/store/prepareStore.ts';
import { StoreReader } from '../src/store/storeReader.ts';
import { benchClip } from './clips.ts';
import { runTask, type Contestant, type Task } from './contestant.ts';
import { describeMachine, machineText } from './describeMachine.ts';
import { encodeFiles, fileSeconds, findFfmpeg, spreadFiles } from './files.ts';
import { describeSpread, figure, markdownTable } from './markdown.ts';
import { findPython, installPeers, lacks, startPeer } from './python.ts';
import { median, ratioOf, spreadOf } from './ratio.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '5' },
    many: { type: 'string', default: '100000' },
  },
});
const [files, rounds, many] = [values.files, values.rounds, values.many].map(Number);
const sampleRate = 12_000; // Hz
const cropSeconds = 3;
const processes = availableParallelism();
/** What somebody took, milliseconds a clip, a value a round. */
interface Timing {
  name: string;
  values: number[];
}

const say = (line: string) => console.error(line);

const folder = await mkdtemp(join(tmpdir(), 'sonotag-bench-'));
const python = await findPython();
const missing = lacks(python, 'pool_load_peer');
const peer = missing.length === 0 ? startPeer(python, 'pool_load_peer') : undefined;
if (!peer)
  console.log(`librosa is left out: ${python.command} lacks ${missing.join(', ')}. ${installPeers}.\n`);
try {
  if (files === 0) say('no files to compare with');
  else if (await findFfmpeg()) await compare(peer);
  else console.log('Left out: there is no ffmpeg to make mp3 files with.\n');
  if (many > 0) await measureMany();
  console.log(machineText(describeMachine(await listEngines(), python)));
} finally {
  await peer?.close();
  await rm(folder, { recursive: true, force: true });
}

async function compare(peer: Contestant | undefined): Promise<void> {
  say(`making ${files} mp3 files of ${fileSeconds} s`);
  const data = join(folder, 'mp3');
  await spreadFiles(await encodeFiles(join(folder, 'made'), 'mp3', Math.min(files, 4)), data, files);
  const dataset = await listFolder(data);
  const paths = dataset.clips.map(({ source }) => source as string);
  const common = { sampleRate, processes };
  const whole = await peer?.prepare('loadAll', { ...common, paths, offsets: paths.map(() => 0) });
  let stores = 0;
  const prepare = async () => {
    await prepareStore(dataset, join(folder, `store${stores++}`), { sampleRate });
  };
  await prepare(); // warm
  const names = (what: string) => [
    `ours, ${what}, ${processes} threads`,
    `librosa.load, ${processes} processes`,
  ];
  report(
    `mp3 files of ${fileSeconds} s to 12 kHz mono`,
    await takeTurns(names('into a store'), prepare, files, whole, files),
  );

  const { clips } = await listDataset(join(folder, 'store0'));
  const random = createRandom(1);
  const draw = (count: number) =>
    Array.from({ length: count }, () => ({
      clip: Math.floor(random.uniform(0, clips.length)),
      seconds: random.uniform(0, fileSeconds - cropSeconds - 0.1),
    }));
  const [ours, theirs] = [draw(4000), draw(10 * files)];
  const cropping = await peer?.prepare('loadAll', {
    ...{ ...common, duration: cropSeconds },
    ...{ paths: theirs.map(({ clip }) => paths[clip]), offsets: theirs.map(({ seconds }) => seconds) },
  });
  const reader = new StoreReader();
  const crop = async () => {
    for (let i = 0; i < ours.length; i += 16) {
      await Promise.all(
        ours.slice(i, i + 16).map(({ clip, seconds }) => {
          const first = Math.floor(seconds * sampleRate);
          return reader.read(clips[clip].source as StoredSamples, first, first + cropSeconds * sampleRate);
        }),
      );
    }
  };
  await crop(); // warm
  report(
    `random crops of ${cropSeconds} s at 12 kHz`,
    await takeTurns(
      [`ours, out of the store, 1 thread`, names('')[1]],
      crop,
      ours.length,
      cropping,
      theirs.length,
    ),
  );
  await reader.close();
}

/** Ours, theirs, ours, theirs, …, so that a busy minute of the machine is everybody's. */
async function takeTurns(
  [ourName, theirName]: string[],
  ours: () => Promise<void>,
  ourClips: number,
  theirs: Task | undefined,
  theirClips: number,
): Promise<Timing[]> {
  const timings: Timing[] = [{ name: ourName, values: [] }];
  if (theirs) timings.push({ name: theirName, values: [] });
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}: ${ourName}`);
    const start = performance.now();
    await ours();
    timings[0].values.push((performance.now() - start) / ourClips);
    if (!theirs) continue;
    const taken = await runTask(theirs, 1);
    timings[1].values.push((1000 * taken.seconds) / theirClips);
  }
  return timings;
}

function report(title: string, timings: Timing[]): void {
  const [{ values: ours }] = timings;
  const rows = timings.map(({ name, values }) => [
    name,
    describeSpread(spreadOf(values)),
    figure(1000 / median(values)),
    describeSpread(ratioOf(values, ours)),
  ]);
  const head = ['who', 'ms a clip, median [lowest–highest]', 'clips a second', '× ours'];
  console.log(`${title}:\n\n${markdownTable(head, rows)}\n`);
}

/** Clips of 0.25 s at 8 kHz: 1000 sounds, each under many names, since each that is written is synced to the disk. */
async function measureMany(): Promise<void> {
  say(`making ${many} WAV files`);
  const data = join(folder, 'many');
  const clip = benchClip(1, 40, 8000);
  for (const name of ['a', 'b']) mkdirSync(join(data, name), { recursive: true });
  const pathOf = (i: number) => join(data, i % 2 ? 'a' : 'b', `${i}.wav`);
  for (let i = 0; i < many; i++) {
    if (i >= 1000) {
      linkSync(pathOf(i % 1000), pathOf(i));
      continue;
    }
    const samples = clip.subarray((7 * i) % 300_000).subarray(0, 2000);
    await writeWav(pathOf(i), samples, { sampleRate: 8000 });
  }
  const rows: string[][] = [];
  for (const [what, args] of [
    ['prepare', ['prepare', data, join(folder, 'many.store')]],
    ['prepare again, all there', ['prepare', data, join(folder, 'many.store')]],
    ['random crops', ['read', join(folder, 'many.store'), String(many)]],
  ] as const) {
    say(what);
    const script = fileURLToPath(new URL('./ours/manyClips.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...args]);
    const { clips, listSeconds, seconds, megabytes } = JSON.parse(stdout) as Record<string, number>;
    rows.push([
      ...[what, String(clips), listSeconds.toFixed(1), seconds.toFixed(1)],
      ...[String(Math.round(clips / seconds)), `${Math.round(megabytes)} MB`],
    ]);
  }
  const head = ['step', 'clips', 's to list', 's', 'clips a second', 'most memory of the process'];
  console.log(`${many} clips of 0.25 s at 8 kHz, WAV:\n\n${markdownTable(head, rows)}\n`);
}
