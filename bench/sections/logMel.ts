/** a. How fast is the front end: log-mel of clips of 29 s in batches of 8? */
import { writeClips } from '../clips.ts';
import { outputOf } from '../contestant.ts';
import type { GoalName, GoalResult } from '../goals.ts';
import { relativeDifference } from '../ratio.ts';
import { runRounds, type Entry, type Timing } from '../rounds.ts';
import { describeChecks, goalRatio, timingTable, type Check, type Section } from '../section.ts';
import { present, threads, type Session } from '../session.ts';

const configurations = [
  { name: '12 kHz, nFft 512, hop 256, 96 bands', sampleRate: 12_000, nFft: 512, hopLength: 256, nMels: 96 },
  {
    name: '22.05 kHz, nFft 2048, hop 512, 128 bands',
    sampleRate: 22_050,
    nFft: 2048,
    hopLength: 512,
    nMels: 128,
  },
];
type Configuration = (typeof configurations)[number];

const goalsOf: [torchaudio: GoalName, librosa: GoalName][] = [
  ['smallTorchaudio', 'smallLibrosa'],
  ['largeTorchaudio', 'largeLibrosa'],
];
const [seconds, batch] = [29, 8];

export const logMelSection: Section = {
  letter: 'a',
  question: 'log-mel front end, 29 s, batch 8',
  goals: ['smallTorchaudio', 'smallLibrosa', 'largeTorchaudio', 'largeLibrosa', 'gpuLogMel'],
  async run(session) {
    const parts: string[] = [];
    const goals: GoalResult[] = [];
    const data: object[] = [];
    for (const [i, configuration] of configurations.entries()) {
      if (session.options.quick && i > 0) continue;
      const { timings, checks, gpu } = await measure(session, configuration);
      const timing = (name: string) => timings.find((candidate) => candidate.name === name);
      parts.push(`${configuration.name}:\n\n${timingTable('clip', timings)}${describeChecks(checks)}`);
      goals.push(
        ...goalRatio(goalsOf[i][0], timing(oursName('wasm', threads)), timing(torchName(threads))),
        ...goalRatio(goalsOf[i][1], timing(oursName('wasm', threads)), timing('librosa')),
      );
      if (gpu && i === 0)
        goals.push(...goalRatio('gpuLogMel', timing(gpu), timing(oursName('webgpu', threads))));
      data.push({ configuration: configuration.name, timings, checks });
    }
    const remarks = { gpuLogMel: 'no CUDA card with PyTorch and WebGPU here' };
    return { title: this.question, body: parts.join('\n\n'), goals, remarks, data };
  },
};

function oursName(engine: string, nThreads: number): string {
  return `ours, ${engine}, ${nThreads} ${nThreads === 1 ? 'thread' : 'threads'}`;
}

function torchName(nThreads: number): string {
  return `torchaudio, ${nThreads} ${nThreads === 1 ? 'thread' : 'threads'}`;
}

async function measure(session: Session, configuration: Configuration) {
  const { sampleRate } = configuration;
  const waveforms = await session.path(`waveforms${sampleRate}.f32`);
  await writeClips(waveforms, { clips: batch, seconds, sampleRate });
  const options = { ...configuration, waveforms, samples: seconds * sampleRate, batch, clips: batch };
  const torch = session.peer('torch_peer');
  const card = await cardOf(torch);
  const entries: (Entry | null)[] = [];
  for (const engine of session.engineNames) {
    for (const nThreads of engine === 'wasm' ? [threads, 1] : [threads]) {
      const name = oursName(engine, nThreads);
      entries.push(await session.enter(name, session.ours(engine, nThreads), 'logMel', options));
    }
  }
  if (!session.options.quick) {
    // one clip: it takes tens of times as long
    const matrices = { ...options, trainableKernels: true, batch: 1, clips: 1 };
    const ours = session.ours('wasm', threads);
    entries.push(
      await session.enter(`${oursName('wasm', threads)}, trainable kernels`, ours, 'logMel', matrices),
    );
  }
  for (const nThreads of [threads, 1]) {
    entries.push(
      await session.enter(torchName(nThreads), torch, 'logMel', { ...options, threads: nThreads }),
    );
  }
  if (card) {
    const onCard = { ...options, threads, device: 'cuda' };
    entries.push(await session.enter(`torchaudio, ${card}`, torch, 'logMel', onCard));
  }
  entries.push(await session.enter('librosa', session.peer('librosa_peer'), 'logMel', options));
  const keras = session.peer('keras_peer', [String(threads)]);
  entries.push(await session.enter(`Kapre, ${threads} threads`, keras, 'logMel', options));
  const there = present(entries);
  const checks = await compare(session, there);
  const timings: Timing[] = await runRounds(there, session.options.rounds);
  await session.release(entries);
  const hasGpu = card && session.engineNames.includes('webgpu');
  return { timings, checks, gpu: hasGpu ? `torchaudio, ${card}` : null };
}

async function cardOf(torch: ReturnType<Session['peer']>): Promise<string | null> {
  if (torch === null) return null;
  try {
    return (await torch.prepare('devices', {})).facts.cuda as string | null;
  } catch {
    return null; // why it does not start is told by what it is asked next
  }
}

/** Everybody's decibels against the first one's, of as many clips: of 80 dB, float32 spectra agree to a few thousandths. */
async function compare(session: Session, entries: Entry[]): Promise<Check[]> {
  const [first, ...others] = entries;
  const expected = await outputOf(first.task, session.options.folder);
  const checks: Check[] = [];
  for (const { name, task } of others) {
    const output = await outputOf(task, session.options.folder);
    const difference = relativeDifference(output, expected.subarray(0, output.length));
    checks.push({ what: `${name}, decibels against ${first.name}, of 80`, difference, atMost: 1e-3 });
  }
  return checks;
}
