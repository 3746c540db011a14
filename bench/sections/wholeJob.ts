/** e. How long is the whole job: mp3 files on disk to the features of all layers in a file, on two cores? */
import { encodeFiles, findFfmpeg, spreadFiles } from '../files.ts';
import { runRounds, type Entry } from '../rounds.ts';
import { goalRatio, timingTable, type Section } from '../section.ts';
import { present, threads } from '../session.ts';
import { trainingData } from './trainingStep.ts';

/** Contents; every file is one of them. */
const distinct = 8;

export const wholeJobSection: Section = {
  letter: 'e',
  question: 'the whole job: mp3 files → features of all layers in a file, 2 cores',
  goals: ['wholeJob'],
  async run(session) {
    const { files, quick } = session.options;
    if (!(await findFfmpeg())) {
      session.remarks.push('ffmpeg: not on the PATH, or without mp3; the whole job has no files to work on.');
      return {
        title: this.question,
        body: 'Skipped: there is no ffmpeg to make files with.',
        goals: [],
        data: {},
      };
    }
    const folder = await session.path('job', 'files');
    const sources = await encodeFiles(await session.path('job', 'contents'), 'mp3', quick ? 2 : distinct);
    await spreadFiles(sources, folder, files);
    const { weights } = await trainingData(session, 1);
    const ours: (Entry | null)[] = [];
    for (const engine of session.engineNames) {
      const name = `ours, ${engine}`;
      const options = { folder, out: await session.path(`${engine}.h5`), clips: files };
      ours.push(await session.enter(name, session.ours(engine, threads, true), 'wholeJob', options));
    }
    const pool = session.peer('pool_peer');
    const options = { folder, out: await session.path('pool.h5'), weights, processes: threads, clips: files };
    const peer = await session.enter(poolName, pool, 'wholeJob', options);
    const entries = present([...ours, peer]);
    const timings = await runRounds(entries, Math.min(3, session.options.rounds));
    const timing = (name: string) => timings.find((candidate) => candidate.name === name);
    for (const { task } of entries) await session.end(task.contestant);
    return {
      title: `${this.question}; ${files} files of 30 s`,
      body: timingTable('file', timings),
      goals: goalRatio('wholeJob', timing('ours, wasm'), timing(poolName)),
      data: { timings, files },
    };
  },
};

const poolName = 'librosa + PyTorch, pool of 2 processes, 1 thread each';
