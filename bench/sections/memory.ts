/** f. Does memory stay flat over 100 training steps? */
import type { MemoryUse } from '../ours/trainingStep.ts';
import { markdownTable } from '../markdown.ts';
import type { Section } from '../section.ts';
import { threads, type Session } from '../session.ts';
import { trainingData } from './trainingStep.ts';

/** Growth of the process that still counts as flat: an allocator's slack. */
const mostGrowth = 0.05;

export const memorySection: Section = {
  letter: 'f',
  question: 'memory over 100 training steps, 29 s at 12 kHz, batch 8',
  goals: ['memory'],
  async run(session) {
    const { quick } = session.options;
    const [batch, warm, steps] = quick ? [1, 2, 3] : [8, 10, 100];
    const { waveforms, targets } = await trainingData(session, batch);
    const rows: string[][] = [];
    const growths: { engine: string; flat: boolean; growth: number; uses: MemoryUse[] }[] = [];
    for (const engine of session.options.engines
      .filter(({ available }) => available)
      .map(({ name }) => name)) {
      const uses = await train(session, engine, { waveforms, targets, batch, warm, steps });
      if (uses === null) continue;
      const [before, after] = uses;
      rows.push(...uses.map((use) => [engine, ...describeUse(use)]));
      const growth = after.rssBytes / before.rssBytes - 1;
      const same = (['tensors', 'tensorBytes', 'arenaBytes', 'arenaUsedBytes'] as const).every(
        (key) => after[key] === before[key],
      );
      growths.push({ engine, flat: same && growth <= mostGrowth, growth, uses });
    }
    const head = [
      'engine',
      'after step',
      'tensors',
      'in tensors',
      'kernels’ memory, in use',
      'JavaScript heap',
      'process',
    ];
    const text = growths.map(({ engine, growth, flat }) => {
      const percent = `${growth >= 0 ? '+' : '−'}${(100 * Math.abs(growth)).toFixed(1)} %`;
      return `${engine} ${flat ? 'flat' : 'NOT FLAT'} (process ${percent})`;
    });
    const met = growths.length > 0 && growths.every(({ flat }) => flat);
    return {
      title: quick ? `memory over ${steps} training steps, batch ${batch}` : this.question,
      body: markdownTable(head, rows),
      goals: quick || growths.length === 0 ? [] : [{ name: 'memory', text: text.join('; '), met }],
      remarks: { memory: 'needs 100 steps' },
      data: growths,
    };
  },
};

async function train(session: Session, engine: string, options: object): Promise<MemoryUse[] | null> {
  const contestant = session.ours(engine, threads, true);
  const entry = await session.enter(`memory of ${engine}`, contestant, 'memory', { clips: 1, ...options });
  await session.end(contestant);
  return entry && (entry.task.facts.uses as MemoryUse[]);
}

function describeUse(use: MemoryUse): string[] {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    String(use.step),
    String(use.tensors),
    megabytes(use.tensorBytes),
    `${megabytes(use.arenaBytes)}, ${megabytes(use.arenaUsedBytes)}`,
    megabytes(use.heapBytes),
    megabytes(use.rssBytes),
  ];
}
