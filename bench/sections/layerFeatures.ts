/** d. How fast are the features of all layers, from decoded waveforms of 29 s at 12 kHz? */
import { outputOf } from '../contestant.ts';
import { relativeDifference } from '../ratio.ts';
import { runRounds, type Entry } from '../rounds.ts';
import { describeChecks, goalRatio, timingTable, type Check, type Section } from '../section.ts';
import { present, threads } from '../session.ts';
import { trainingData } from './trainingStep.ts';

/** The batch size of ours: what `extractFeatures` takes unless told otherwise. */
const batch = 8;

export const layerFeaturesSection: Section = {
  letter: 'd',
  question: 'features of all five layers from decoded waveforms, 29 s at 12 kHz',
  goals: ['layerFeatures'],
  async run(session) {
    const clips = session.options.quick ? 8 : 32;
    const data = await trainingData(session, clips);
    const options = { ...data, weights: undefined, clips, batch };
    const entries: (Entry | null)[] = [];
    for (const engine of session.engineNames) {
      const name = `ours, ${engine}, ${threads} threads`;
      entries.push(await session.enter(name, session.ours(engine, threads), 'layerFeatures', options));
    }
    const torch = await session.enter(
      `PyTorch, channels_last, ${threads} threads`,
      session.peer('torch_peer'),
      'layerFeatures',
      {
        ...{ ...options, weights: data.weights, threads },
        batches: session.options.quick ? [8] : [1, 2, 4, 8, 16, 32],
      },
    );
    if (torch) torch.name += `, batch ${String(torch.task.facts.batch)}`;
    entries.push(torch);
    const there = present(entries);
    const [first, ...others] = there;
    const expected = await outputOf(first.task, session.options.folder);
    const checks: Check[] = [];
    for (const { name, task } of others) {
      const difference = relativeDifference(await outputOf(task, session.options.folder), expected);
      checks.push({ what: `${name}, features against ${first.name}`, difference, atMost: 1e-3 });
    }
    const timings = await runRounds(there, session.options.rounds);
    const timing = (name: string) => timings.find((candidate) => candidate.name === name);
    await session.release(entries);
    return {
      title: this.question,
      body: timingTable('clip', timings) + describeChecks(checks),
      goals: goalRatio(
        'layerFeatures',
        timing(`ours, wasm, ${threads} threads`),
        torch ? timing(torch.name) : undefined,
      ),
      data: { timings, checks },
    };
  },
};
