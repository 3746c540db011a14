/** Training steps as `fit` makes them: front end, convnet, loss and Adam, batches cut from waveforms in memory. */
import * as tf from '@tensorflow/tfjs';
import { sharedKernelEngine } from '../../layers/kernels/simd/kernelEngine.ts';
import type { ClipSet } from '../../src/audio/clipSet.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { fit } from '../../src/training/fit.ts';
import { benchInput, countTrainable, createBenchModel } from './benchModel.ts';
import { readRows } from './readRows.ts';
import type { OurTask } from './tasks.ts';

export interface TrainingStepOptions {
  /** Raw float32, clip after clip. */
  waveforms: string;
  /** Raw float32, `[clips, tags]`. */
  targets: string;
  batch: number;
}

export async function trainingStepTask(options: TrainingStepOptions): Promise<OurTask> {
  const train = await trainer(options);
  const [firstLoss] = await train.steps(1).then(({ losses }) => losses);
  return {
    facts: { trainable: countTrainable(train.model), firstLoss },
    async measure(times) {
      // the first step of a fit starts the optimiser: it warms up, and the others are measured
      const { starts, cpu } = await train.steps(times + 1);
      const wall = (starts.at(-1)! - starts[0]) / 1000;
      return { seconds: wall / times, cpuSeconds: (cpu.at(-1)! - cpu[0]) / times };
    },
    release: () => void train.model.dispose(),
  };
}

/** What a process holds after some training steps. */
export interface MemoryUse {
  step: number;
  tensors: number;
  tensorBytes: number;
  heapBytes: number;
  rssBytes: number;
  /** Of the kernels' memory: its size, and what is given out. */
  arenaBytes: number;
  arenaUsedBytes: number;
}

/** Trains `warm` steps, then `steps` more, and tells what is held after each. */
export async function memoryTask(
  options: TrainingStepOptions & { warm: number; steps: number },
  engine: Pick<Engine, 'name'>,
): Promise<OurTask> {
  const { warm, steps } = options;
  const train = await trainer(options);
  const uses: MemoryUse[] = [];
  await train.steps(warm + steps, async (step) => {
    if (step === warm || step === warm + steps) uses.push(await memoryUse(engine, step));
  });
  return { facts: { uses } };
}

async function memoryUse({ name }: Pick<Engine, 'name'>, step: number): Promise<MemoryUse> {
  globalThis.gc?.();
  const { numTensors, numBytes } = tf.memory();
  const { heapUsed, rss } = process.memoryUsage();
  const kernels = name === 'wasm' || name === 'cpu' ? await sharedKernelEngine() : undefined;
  return {
    ...{ step, tensors: numTensors, tensorBytes: numBytes, heapBytes: heapUsed, rssBytes: rss },
    ...{ arenaBytes: kernels?.arena.sizeBytes ?? 0, arenaUsedBytes: kernels?.arena.usedBytes ?? 0 },
  };
}

async function trainer({ waveforms, targets, batch }: TrainingStepOptions) {
  const { samples, nTags } = benchInput;
  const clips = (await readRows(waveforms, samples)).slice(0, batch);
  const labels = (await readRows(targets, nTags)).slice(0, batch);
  const model = createBenchModel();
  /** The batch again and again, in any order. */
  const repeated = (steps: number): ClipSet => ({
    ids: Array.from({ length: steps * batch }, (_, i) => String(i)),
    targets: Float32Array.from(Array.from({ length: steps }, () => labels.flatMap((row) => [...row])).flat()),
    nTags,
    waveform: async (index) => clips[index % batch],
  });
  async function steps(count: number, afterStep?: (step: number) => Promise<void>) {
    const [starts, cpu, losses]: number[][] = [[], [], []];
    const looks: Promise<void>[] = [];
    await fit(model, {
      train: repeated(count),
      ...{ valid: null, tags: [], exclusive: false, epochs: 1, batchSize: batch, learningRate: 1e-3 },
      ...{ patience: null, seed: 1, checkpoints: null, resume: false, configHash: '' },
      onBatch({ loss }) {
        starts.push(performance.now());
        const { user, system } = process.cpuUsage();
        cpu.push((user + system) / 1e6);
        losses.push(loss);
        if (afterStep) looks.push(afterStep(losses.length));
      },
    });
    await Promise.all(looks);
    return { starts, cpu, losses };
  }
  return { model, steps };
}
