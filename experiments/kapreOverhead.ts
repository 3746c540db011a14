/**
 * What does it cost to have the spectrogram inside the model? The study of the Kapre paper (Choi, Joo & Kim 2017,
 * arXiv:1706.05781) on the engine in use: time of the log-mel front end, and its share of the whole, for 16,384 clips
 * of 30 s, projected from timed batches of noise that lies in memory; for three sizes of the convnet.
 *      npm run -s sonotag -- experiment kapreOverhead --batches 24       (about a minute on 2 cores)
 */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { Command } from 'commander';
import { createRandom } from '../datasets/random.ts';
import type { ClipSet } from '../src/audio/clipSet.ts';
import { describeEngine } from '../src/cli/describe.ts';
import { engineOption, jsonOption, seedOption, wholeNumber } from '../src/cli/options.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { createCompactConvnet } from '../src/models/compactConvnet.ts';
import { fit } from '../src/training/fit.ts';
import {
  renderOverheadReport,
  type OverheadResult,
  type OverheadSize,
  type Time,
} from './kapreOverhead/report.ts';

interface OverheadOptions {
  out: string;
  engine: EngineName | 'auto';
  seed: number;
  batches: number;
  batchSize: number;
  seconds: number;
  filters: number[];
  json?: true;
}

/** The paper's. */
const clips = 16_384;
const sampleRate = 12_000; // Hz, the published convnet's
const nTags = 50;

export function kapreOverhead(): Command {
  return new Command()
    .option('--out <folder>', 'where result.json and report.html go', 'runs/kapreOverhead')
    .addOption(engineOption())
    .addOption(seedOption())
    .option('--batches <n>', 'timed batches of each kind', wholeNumber(2), 24)
    .option('--batch-size <n>', 'clips a batch', wholeNumber(1), 8)
    .option('--seconds <n>', 'length of a clip', wholeNumber(1), 30)
    .option('--filters <list>', 'channels of the blocks, a size each', sizes, [16, 32, 65])
    .addOption(jsonOption())
    .action(run);
}

async function run(options: OverheadOptions): Promise<void> {
  const { out, seed, batches, batchSize, seconds, filters, json } = options;
  const reporter = terminalReporter();
  const engine = await useEngine(options.engine);
  reporter.line(describeEngine(engine));
  const samples = seconds * sampleRate;
  const random = createRandom(seed);
  const noise = Array.from({ length: batchSize }, () =>
    Float32Array.from({ length: samples }, () => 0.5 * random.noise()),
  );
  const measured: OverheadSize[] = [];
  for (const size of filters) {
    const model = createCompactConvnet({ sampleRate, samples, nTags, filters: size, seed });
    const parameters = countParameters(model);
    reporter.line(`${size} channels, ${parameters.toLocaleString('en')} parameters`);
    const frontEnd = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('block0').input as tf.SymbolicTensor,
    });
    const apart = await timeForward(frontEnd, noise, batches);
    const forward = await timeForward(model, noise, batches);
    const training = await timeTraining(model, noise, batches, seed);
    measured.push({
      ...{ filters: size, parameters },
      ...{ frontEnd: project(apart, batchSize), inference: project(forward, batchSize) },
      ...{ training: project(training, batchSize) },
    });
    model.dispose();
  }
  const result: OverheadResult = {
    created: new Date().toISOString(),
    engine: { name: engine.name, device: engine.device, version: engine.version },
    configuration: {
      clips,
      seconds,
      sampleRate,
      batchSize,
      batches,
      seed,
      nFft: 512,
      hopLength: 256,
      nMels: 96,
    },
    sizes: measured,
  };
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(out, 'report.html'), renderOverheadReport(result));
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describe(result, out));
}

/** Milliseconds of each of `batches` passes through a model, values read out, after one to warm up. */
async function timeForward(
  model: tf.LayersModel,
  waveforms: Float32Array[],
  batches: number,
): Promise<number[]> {
  const [batch, samples] = [waveforms.length, waveforms[0].length];
  const all = new Float32Array(batch * samples);
  waveforms.forEach((waveform, i) => all.set(waveform, i * samples));
  const times: number[] = [];
  for (let i = 0; i <= batches; i++) {
    const start = performance.now();
    const output = tf.tidy(() => model.apply(tf.tensor2d(all, [batch, samples])) as tf.Tensor);
    await output.data();
    output.dispose();
    if (i > 0) times.push(performance.now() - start);
  }
  return times;
}

/** Milliseconds of each of `batches` training steps, as `sonotag train` makes them, after one to warm up. */
async function timeTraining(
  model: tf.LayersModel,
  waveforms: Float32Array[],
  batches: number,
  seed: number,
): Promise<number[]> {
  const count = waveforms.length * (batches + 1);
  const random = createRandom(seed, 1);
  const train: ClipSet = {
    ids: Array.from({ length: count }, (_, i) => String(i)),
    targets: Float32Array.from({ length: count * nTags }, () => Number(random.chance(0.2))),
    nTags,
    waveform: async (index) => waveforms[index % waveforms.length],
  };
  const ends: number[] = [];
  await fit(model, {
    ...{ train, valid: null, tags: [], exclusive: false, epochs: 1, batchSize: waveforms.length, seed },
    ...{ learningRate: 1e-3, patience: null, checkpoints: null, resume: false, configHash: '' },
    onBatch: () => void ends.push(performance.now()),
  });
  return ends.slice(1).map((end, i) => end - ends[i]);
}

/** Seconds for all clips: median batch, quickest and slowest. */
function project(times: number[], batchSize: number): Time {
  const sorted = times.map((time) => (time / 1000 / batchSize) * clips).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { seconds: median, low: sorted[0], high: sorted[sorted.length - 1] };
}

function countParameters(model: tf.LayersModel): number {
  return model.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0);
}

function describe({ sizes, configuration }: OverheadResult, out: string): string {
  const lines = sizes.map(({ filters, parameters, frontEnd, training, inference }) => {
    const share = (whole: Time) => `${((100 * frontEnd.seconds) / whole.seconds).toFixed(1).padStart(5)} %`;
    const figures = [frontEnd, training, inference].map(({ seconds }) => seconds.toFixed(0).padStart(9));
    const [own, train, infer] = figures;
    return `${String(filters).padStart(8)} ${parameters.toLocaleString('en').padStart(11)}${own}${train} ${share(training)}${infer} ${share(inference)}`;
  });
  return [
    `Seconds for ${clips.toLocaleString('en')} clips of ${configuration.seconds} s, and the front end's share:`,
    'channels  parameters front end training   share inference  share',
    ...lines,
    '',
    `result   ${join(out, 'result.json')}`,
    `report   ${join(out, 'report.html')}`,
    '',
  ].join('\n');
}

function sizes(text: string): number[] {
  return text.split(',').map(wholeNumber(1));
}
