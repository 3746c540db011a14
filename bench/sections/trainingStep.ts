/** c. How long is a training step of the compact convnet from raw waveforms, 29 s at 12 kHz, batch 8? */
import { benchInput } from '../ours/benchModel.ts';
import { writeClips, writeTargets } from '../clips.ts';
import type { GoalResult } from '../goals.ts';
import { runRounds, type Entry } from '../rounds.ts';
import { describeChecks, goalRatio, quickest, timingTable, type Check, type Section } from '../section.ts';
import { present, threads, type Session } from '../session.ts';

const batch = 8;
/** Published: Choi et al. 2017, arXiv:1703.09179. */
export const publishedParameters = 39_282;

export const trainingStepSection: Section = {
  letter: 'c',
  question: 'training step from raw waveforms: front end, convnet, loss, Adam; 29 s at 12 kHz, batch 8',
  goals: ['trainingStep', 'stockStep', 'tensorflowStep'],
  async run(session) {
    const data = await trainingData(session, batch);
    const options = { ...data, batch, clips: batch, threads };
    const ours: (Entry | null)[] = [];
    for (const engine of session.engineNames) {
      const name = `ours, ${engine}, ${threads} threads`;
      ours.push(await session.enter(name, session.ours(engine, threads), 'trainingStep', options));
    }
    const torch = session.peer('torch_peer');
    const keras = session.peer('keras_peer', [String(threads)]);
    const enter = session.enter.bind(session);
    const peers = [
      await enter(nchw, torch, 'trainingStep', { ...options, channelsLast: false }),
      await enter(channelsLast, torch, 'trainingStep', { ...options, channelsLast: true }),
      await enter(kapre, keras, 'trainingStep', options),
    ];
    // One step of one clip: in batches of 4 and 8 stock wasm takes the same processor time for a clip (652 and 703 ms
    // against 671, measured on one machine) and half a gigabyte for each. It has no gradient by the filter, without
    // which it does not train; it is given one of stock ops, matrix products.
    const contestant = session.options.quick ? null : session.ours('stock', 1);
    const single = { ...options, batch: 1, clips: 1, once: true };
    const stock = contestant && (await session.enter(stockName, contestant, 'trainingStep', single));
    const entries = present([...ours, ...peers, stock]);
    const timings = await runRounds(entries, session.options.rounds);
    const timing = (name: string) => timings.find((candidate) => candidate.name === name);
    const wasm = timing(`ours, wasm, ${threads} threads`);
    const tensorflow = timing(`ours, tensorflow, ${threads} threads`);
    const goals: GoalResult[] = [
      ...goalRatio('trainingStep', wasm, quickest([timing(nchw), timing(channelsLast)])),
      ...goalRatio('stockStep', timing(stockName), wasm),
      ...goalRatio('tensorflowStep', tensorflow, timing(kapre)),
    ];
    const checks = compare(entries);
    await session.release(entries);
    if (contestant) await session.end(contestant);
    return {
      title: this.question,
      body: timingTable('clip', timings) + describeChecks(checks),
      goals,
      remarks: { tensorflowStep: 'engine `tensorflow` is not here' },
      data: { timings, checks },
    };
  },
};

const nchw = `PyTorch, NCHW, ${threads} threads`;
const channelsLast = `PyTorch, channels_last, ${threads} threads`;
const kapre = `Keras + Kapre, ${threads} threads`;
const stockName = 'stock wasm with a filter gradient patched in, one step, batch 1';

/** Waveforms, targets and start weights that everybody trains on. */
export async function trainingData(session: Session, clips: number) {
  const { sampleRate, samples, nTags } = benchInput;
  const [waveforms, targets] = [
    await session.path(`training${clips}.f32`),
    await session.path(`targets${clips}.f32`),
  ];
  await writeClips(waveforms, { clips, seconds: samples / sampleRate, sampleRate });
  await writeTargets(targets, clips, nTags);
  return { waveforms, targets, weights: await writeWeights(session, waveforms) };
}

/** The bench model's start weights, for peers to load. */
async function writeWeights(session: Session, waveforms: string): Promise<string> {
  const weights = await session.path('weights.f32');
  const options = { waveforms, weights, clips: 0, batch: 1 };
  const entry = await session.enter('start weights', session.ours('wasm', threads), 'layerFeatures', options);
  await session.release([entry]);
  return weights;
}

/** The published number of parameters, and the same loss in the first step from the same weights. */
function compare(entries: readonly Entry[]): Check[] {
  const whole = entries.filter(({ once }) => !once);
  const first = whole[0].task.facts.firstLoss as number;
  return [
    ...entries.map(({ name, task }) => ({
      what: `${name}, trainable parameters against ${publishedParameters.toLocaleString('en')}`,
      difference: Math.abs((task.facts.trainable as number) - publishedParameters),
      atMost: 0,
    })),
    ...whole.slice(1).map(({ name, task }) => ({
      what: `${name}, loss of the first step against ${whole[0].name}`,
      difference: Math.abs((task.facts.firstLoss as number) - first) / first,
      atMost: 1e-3,
    })),
  ];
}
