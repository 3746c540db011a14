/** b. How fast does a file become a waveform: mp3, wav and flac of 30 s to 12 kHz mono, one thread? */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { outputOf } from '../contestant.ts';
import type { GoalResult } from '../goals.ts';
import { encodeFiles, findFfmpeg } from '../files.ts';
import { relativeDifference } from '../ratio.ts';
import { runRounds, type Entry, type Timing } from '../rounds.ts';
import { describeChecks, goalRatio, timingTable, type Check, type Section } from '../section.ts';
import { present, type Session } from '../session.ts';

const kinds = ['mp3', 'wav', 'flac'] as const;
const sampleRate = 12_000; // Hz

export const loadingSection: Section = {
  letter: 'b',
  question: 'file → waveform: 30 s, 44.1 kHz stereo, to 12 kHz mono, one thread',
  goals: ['loadLibrosa', 'loadFfmpeg'],
  async run(session) {
    const parts: string[] = [];
    const goals: GoalResult[] = [];
    const data: object[] = [];
    if (!(await findFfmpeg())) {
      session.remarks.push(
        'ffmpeg: not on the PATH; without it there are no files to load, and nobody to compare with.',
      );
      return { title: this.question, body: 'Skipped: there is no ffmpeg to make files with.', goals, data };
    }
    for (const kind of session.options.quick ? kinds.slice(0, 1) : kinds) {
      const { timings, ffmpeg, checks } = await measure(session, kind);
      parts.push(`${kind}:\n\n${timingTable('file', [...timings, ffmpeg])}${describeChecks(checks)}`);
      data.push({ kind, timings, ffmpeg, checks });
      if (kind !== 'mp3') continue;
      const [ours, librosa] = timings;
      goals.push(...goalRatio('loadLibrosa', ours, librosa), ...goalRatio('loadFfmpeg', ours, ffmpeg));
    }
    return { title: this.question, body: parts.join('\n\n'), goals, data };
  },
};

async function measure(session: Session, kind: (typeof kinds)[number]) {
  const [path] = await encodeFiles(await session.path('loading', 'files'), kind, 1);
  const options = { path, sampleRate, clips: 1 };
  const entries = [
    await session.enter('ours, 1 thread', session.ours('wasm', 1), 'load', options),
    await session.enter('librosa.load, soxr_hq', session.peer('librosa_peer'), 'load', options),
  ];
  const there: Entry[] = present(entries);
  const checks = await compare(session, there, kind);
  const timings: Timing[] = [];
  const ffmpeg: Timing = { name: 'ffmpeg', values: [], cpu: [], clips: 1, calls: repeats };
  // ffmpeg is no contestant that can be kept running: its turn comes after each round of the others
  for (let round = 0; round < session.options.rounds; round++) {
    for (const timing of await runRounds(there, 1)) {
      const known = timings.find(({ name }) => name === timing.name);
      if (known === undefined) timings.push(timing);
      else {
        known.values.push(...timing.values);
        known.cpu.push(...timing.cpu);
      }
    }
    const milliseconds = await timeFfmpeg(path);
    ffmpeg.values.push(milliseconds);
    ffmpeg.cpu.push(milliseconds);
  }
  await session.release(entries);
  return { timings, ffmpeg, checks };
}

const repeats = 20;

/** Milliseconds a file without the start of the program: what one file more costs a run that loads it again and again. */
async function timeFfmpeg(path: string): Promise<number> {
  const time = async (loops: number) => {
    const start = performance.now();
    await promisify(execFile)('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-threads', '1', '-stream_loop', String(loops), '-i', path],
      ...['-ac', '1', '-ar', String(sampleRate), '-f', 'f32le', '-y', '/dev/null'],
    ]);
    return performance.now() - start;
  };
  return ((await time(repeats)) - (await time(0))) / repeats;
}

/** Decoders and resamplers differ in their filters, so power is compared, not samples. */
async function compare(session: Session, entries: Entry[], kind: string): Promise<Check[]> {
  const [ours, librosa] = entries;
  if (ours === undefined || librosa === undefined) return [];
  const { folder } = session.options;
  const [a, b] = [await outputOf(ours.task, folder), await outputOf(librosa.task, folder)];
  const power = (samples: Float32Array) => [samples.reduce((sum, x) => sum + x * x, 0) / samples.length];
  return [
    { what: `${kind}: seconds loaded`, difference: relativeDifference([a.length], [b.length]), atMost: 0.01 },
    { what: `${kind}: mean power`, difference: relativeDifference(power(a), power(b)), atMost: 0.01 },
  ];
}
