/**
 * A training step of the compact convnet from raw audio, 29 s clips at 12 kHz, on engine `tensorflow` against Keras and
 * Kapre on the same TensorFlow: milliseconds of wall clock and of processor per clip, medians and spread.
 *      npx tsx bench/tensorflowStep.ts --python path/to/python3 [--batch 8] [--rounds 5] [--steps 5] [--threads N] [--json]
 * The two take turns, a round of steps each, so that whatever else the machine does hits both. The engine must be the
 * TensorFlow of that Python: npm run link-tensorflow -- path/to/python3.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../datasets/random.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';
import { createCompactConvnet } from '../src/models/compactConvnet.ts';
import { Adam } from '../src/training/adam.ts';
import { binaryCrossentropy } from '../src/training/losses.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    engine: { type: 'string', default: 'tensorflow' },
    batch: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
  },
});
const [batch, rounds, steps, threads] = [options.batch, options.rounds, options.steps, options.threads].map(
  Number,
);
process.env['TF_NUM_INTRAOP_THREADS'] = String(threads); // of TensorFlow, here and in Python
const sampleRate = 12_000; // Hz
const samples = 29 * sampleRate;
const nTags = 50;

/** One step, milliseconds per clip. */
interface Step {
  wall: number;
  processor: number;
}

const engine = await useEngine(options.engine as EngineName, { threads });
const peer = startPeer();
const peerVersion = await peer.next();
const step = createStep();
for (let i = 0; i < 3; i++) await step();
const [ours, theirs]: [Step[], Step[]] = [[], []];
for (let round = 0; round < rounds; round++) {
  for (let i = 0; i < steps; i++) ours.push(await step());
  peer.send(String(steps));
  theirs.push(...(JSON.parse(await peer.next()) as [number, number][]).map(([wall, processor]) => ({ wall, processor }))); // prettier-ignore
}
peer.end();
report();

/** As in src/training/fit.ts: forward, gradients of all weights, Adam, and the loss read back. */
function createStep(): () => Promise<Step> {
  const model = createCompactConvnet({ sampleRate, samples, nTags });
  const logits = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer('logits').output as tf.SymbolicTensor,
  });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const adam = new Adam(variables);
  const random = createRandom(1, 1);
  const waveforms = Float32Array.from({ length: batch * samples }, () => 0.1 * random.noise());
  const targets = Float32Array.from({ length: batch * nTags }, () => Number(random.uniform(0, 1) > 0.9));
  return async () => {
    const [start, processorStart] = [performance.now(), process.cpuUsage()];
    const { value, grads } = tf.tidy(() => {
      const x = tf.tensor2d(waveforms, [batch, samples]);
      const y = tf.tensor2d(targets, [batch, nTags]);
      return tf.variableGrads(
        () => binaryCrossentropy(y, logits.apply(x, { training: true }) as tf.Tensor2D),
        variables,
      );
    });
    adam.apply(grads, 1e-3);
    tf.dispose(grads);
    await value.data();
    value.dispose();
    const { user, system } = process.cpuUsage(processorStart);
    return { wall: (performance.now() - start) / batch, processor: (user + system) / 1000 / batch };
  };
}

function startPeer() {
  const script = fileURLToPath(new URL('tensorflowStep.py', import.meta.url));
  const child = spawn(options.python, [script, String(batch), String(samples), String(nTags)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    send: (line: string) => child.stdin.write(`${line}\n`),
    end: () => child.stdin.end(),
    async next(): Promise<string> {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${options.python} ${script} ended: has it keras and kapre?`);
      return value;
    },
  };
}

function report(): void {
  const rows = [
    { name: `sonotag, engine ${engine.name}`, version: engine.version, steps: ours },
    { name: 'Keras + Kapre', version: peerVersion, steps: theirs },
  ].map(({ name, version, steps: all }) => ({
    ...{ name, version },
    wall: summarise(all.map(({ wall }) => wall)),
    processor: summarise(all.map(({ processor }) => processor)),
  }));
  const ratio = rows[0].wall.median / rows[1].wall.median;
  if (options.json) {
    console.log(JSON.stringify({ device: engine.device, batch, threads, rows, ratio }));
    return;
  }
  console.log(`${engine.device}; batch ${batch}, ${threads} threads, ${rounds} x ${steps} steps each\n`);
  console.log('| training step, ms per clip | wall, median (spread) | processor, median | version |');
  console.log('| --- | --- | --- | --- |');
  for (const { name, version, wall, processor } of rows) {
    const spread = `${wall.low.toFixed(1)}–${wall.high.toFixed(1)}`;
    console.log(`| ${name} | ${wall.median.toFixed(1)} (${spread}) | ${processor.median.toFixed(1)} | ${version} |`); // prettier-ignore
  }
  console.log(`\nratio of the medians: ${ratio.toFixed(2)}`);
}

function summarise(values: number[]): { low: number; median: number; high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: sorted[0], median: sorted[sorted.length >> 1], high: sorted.at(-1)! };
}
