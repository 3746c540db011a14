/**
 * Time of the compact convnet's five blocks on wasm, stock ops against our kernels: milliseconds per 29 s clip at 12 kHz
 * (1360 frames, 96 mel bins), for a training step (forward and gradients of all weights; no optimizer) and for inference.
 *      npx tsx bench/convBlock.ts [--batch 8] [--repeats 7] [--threads N] [--relaxed] [--stock-batch 2]
 * `--stock-batch 0` leaves out the stock ops, which take several seconds and gigabytes.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {
  convBlockInferenceComposite,
  convBlockTrainingComposite,
} from '../layers/kernels/convBlock/composite.ts';
import { convBlockInference, convBlockTraining, prepareKernels } from '../layers/kernels/index.ts';
import { enableRelaxedSimd } from '../src/engine/relaxedSimd.ts';

const { values: options } = parseArgs({
  options: {
    batch: { type: 'string', default: '8' },
    repeats: { type: 'string', default: '7' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'stock-batch': { type: 'string', default: '2' },
    relaxed: { type: 'boolean', default: false },
  },
});
if (options.relaxed) enableRelaxedSimd();
await tf.setBackend('wasm');
await prepareKernels('wasm', {
  threads: Number(options.threads),
  startWorker(source, data, onExit) {
    const worker = new Worker(source, { eval: true, workerData: data, execArgv: [] });
    worker.on('error', onExit).on('exit', onExit).unref();
    return worker;
  },
});

const filters = 32;
const pools: [number, number][] = [[4, 2], [4, 3], [5, 2], [4, 2], [4, 4]]; // prettier-ignore
const shapes = pools.map((poolSize) => ({ poolSize, activation: 'elu' as const, epsilon: 1e-3 }));
const vector = (mean: number, seed: number) =>
  tf.randomNormal<tf.Rank.R1>([filters], mean, 0.1, 'float32', seed);
const blocks = pools.map((_, i) => ({
  kernel: tf.randomNormal<tf.Rank.R4>([3, 3, i === 0 ? 1 : filters, filters], 0, 0.1, 'float32', i),
  bias: vector(0, 10 + i),
  gamma: vector(1, 20 + i),
  beta: vector(0, 30 + i),
  mean: vector(0, 40 + i),
  variance: vector(1, 50 + i),
}));

function trainingStep(x: tf.Tensor4D, run: typeof convBlockTraining): void {
  tf.tidy(() => {
    const weights = blocks.flatMap(({ kernel, bias, gamma, beta }) => [kernel, bias, gamma, beta]);
    const gradients = tf.grads((...all) => {
      let image = x;
      shapes.forEach((shape, i) => {
        const [kernel, bias, gamma, beta] = all.slice(4 * i) as [
          tf.Tensor4D,
          tf.Tensor1D,
          tf.Tensor1D,
          tf.Tensor1D,
        ];
        image = run(image, kernel, bias, gamma, beta, shape).output;
      });
      return tf.sum(image);
    })(weights);
    gradients.at(-1)!.dataSync();
  });
}

function inference(x: tf.Tensor4D, run: typeof convBlockInference): void {
  tf.tidy(() => {
    let image = x;
    blocks.forEach(({ kernel, bias, gamma, beta, mean, variance }, i) => {
      image = run(image, kernel, bias, gamma, beta, mean, variance, shapes[i]);
    });
    image.dataSync();
  });
}

function measure(name: string, batch: number, repeats: number, work: (x: tf.Tensor4D) => void): void {
  const x = tf.randomNormal<tf.Rank.R4>([batch, 1360, 96, 1], 0, 1, 'float32', 99);
  work(x);
  const times = Array.from({ length: repeats }, () => {
    const start = performance.now();
    work(x);
    return (performance.now() - start) / batch;
  }).sort((a, b) => a - b);
  x.dispose();
  const [low, median, high] = [times[0], times[repeats >> 1], times.at(-1)!].map((ms) => ms.toFixed(1));
  console.log(`| ${name} | ${batch} | ${median} | ${low}–${high} |`);
}

const [batch, repeats, stockBatch] = [options.batch, options.repeats, options['stock-batch']].map(Number);
console.log('| what | batch | ms/clip, median | spread |\n| --- | --- | --- | --- |');
const build = `kernels${options.relaxed ? ', relaxed SIMD' : ''}, ${options.threads} threads`;
measure(`training, ${build}`, batch, repeats, (x) => trainingStep(x, convBlockTraining));
measure(`inference, ${build}`, batch, repeats, (x) => inference(x, convBlockInference));
if (stockBatch > 0) {
  measure('training, stock ops', stockBatch, 1, (x) => trainingStep(x, convBlockTrainingComposite));
  measure('inference, stock ops', stockBatch, 3, (x) => inference(x, convBlockInferenceComposite));
}
