/** A net with its optimiser, and the plain way to train it: the same schedule for every remedy. */
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../datasets/random.ts';
import { Adam } from '../../src/training/adam.ts';
import type { Loss } from '../../src/training/losses.ts';
import { createSmallConvnet } from '../shared/smallConvnet.ts';
import { standardization } from '../shared/standardization.ts';
import { mapOptions, trainingOptions } from './design.ts';

const { nFrames, nBands } = mapOptions;
const { batchSize, learningRate } = trainingOptions;

/** Frames and bands that each block pools; 32 × 40 come out as one. */
const pools: [number, number][] = [
  [4, 2],
  [4, 4],
  [2, 5],
];

export interface Lesson {
  /** Row-major `[nFrames, nBands]` each. */
  maps: readonly Float32Array[];
  /** As given, `[clips, nTags]`. */
  labels: Float32Array;
  nTags: number;
  filters: number;
  steps: number;
  seed: number;
}

export interface Step {
  /** Rows of the lesson. */
  members: number[];
  learningRate: number;
  /** Done before this one, of all. */
  done: number;
}

/** Batches of shuffled clips, as many as there are steps; every clip once an epoch. */
export function* stepsOf({ maps, steps, seed }: Pick<Lesson, 'maps' | 'steps' | 'seed'>): Generator<Step> {
  let queue: number[] = [];
  for (let done = 0, epoch = 1; done < steps; done++) {
    if (queue.length < Math.min(batchSize, maps.length)) {
      queue = [...queue, ...createRandom(seed, epoch++).shuffle(maps.map((_, clip) => clip))];
    }
    const rate = (learningRate / 2) * (1 + Math.cos((Math.PI * done) / steps));
    yield { members: queue.splice(0, batchSize), learningRate: rate, done };
  }
}

export class Learner {
  private readonly lesson: Lesson;
  private readonly model: tf.LayersModel;
  private readonly logits: tf.LayersModel;
  private readonly variables: tf.Variable[];
  private readonly adam: Adam;

  /** A fresh net, standardised by the maps of the lesson. */
  static async create(lesson: Lesson): Promise<Learner> {
    const { maps, nTags, filters, seed } = lesson;
    const standardize = await standardization(maps, { nFrames, nBands, whitening: true });
    const model = createSmallConvnet({
      ...{ nFrames, nBands, pools, filters, nTags, exclusive: false, seed, standardize },
    });
    return new Learner(model, lesson);
  }

  private constructor(model: tf.LayersModel, lesson: Lesson) {
    this.lesson = lesson;
    this.model = model;
    this.logits = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('logits').output as tf.SymbolicTensor,
    });
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.adam = new Adam(this.variables);
  }

  /** @param known 1 where a label of the step's clips is to be learnt, 0 where not, `[clips, nTags]`; null for all */
  learn({ members, learningRate: rate }: Step, loss: Loss, known: Float32Array | null = null): void {
    const { labels, maps, nTags } = this.lesson;
    const { value, grads } = tf.tidy(() => {
      const x = stack(maps, members);
      const shape: [number, number] = [members.length, nTags];
      const y = tf.tensor2d(takeRows(labels, nTags, members), shape);
      const mask = known && tf.tensor2d(known, shape);
      const logitsOf = () => this.logits.apply(x, { training: true, step: this.adam.steps }) as tf.Tensor2D;
      return tf.variableGrads(() => loss(y, logitsOf(), mask), this.variables);
    });
    this.adam.apply(grads, rate);
    tf.dispose([value, ...Object.values(grads)]);
  }

  /** Logits as they are at test time, `[maps, nTags]`. */
  async logitsOf(maps: readonly Float32Array[]): Promise<Float32Array> {
    const { nTags } = this.lesson;
    const all = new Float32Array(maps.length * nTags);
    for (let start = 0; start < maps.length; start += 64) {
      const rows = Array.from({ length: Math.min(64, maps.length - start) }, (_, i) => start + i);
      const logits = tf.tidy(() => this.logits.apply(stack(maps, rows)) as tf.Tensor2D);
      all.set((await logits.data()) as Float32Array, start * nTags);
      logits.dispose();
    }
    return all;
  }

  /** Probabilities, `[maps, nTags]`. */
  async score(maps: readonly Float32Array[]): Promise<Float32Array> {
    return (await this.logitsOf(maps)).map((logit) => 1 / (1 + Math.exp(-logit)));
  }

  dispose(): void {
    this.adam.dispose();
    this.model.dispose();
  }
}

/**
 * Trains a net on all steps of a lesson, and scores other maps with it.
 *
 * @param known 1 where a label of the lesson is to be learnt, 0 where not; null for all
 */
export async function learnAndScore(
  lesson: Lesson,
  loss: Loss,
  tested: readonly Float32Array[],
  known: Float32Array | null = null,
): Promise<Float32Array> {
  const learner = await Learner.create(lesson);
  try {
    for (const step of stepsOf(lesson)) {
      learner.learn(step, loss, known && takeRows(known, lesson.nTags, step.members));
    }
    return await learner.score(tested);
  } finally {
    learner.dispose();
  }
}

/** `[rows.length, columns]` of a row-major matrix. */
export function takeRows(matrix: Float32Array, columns: number, rows: readonly number[]): Float32Array {
  const taken = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => taken.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns));
  return taken;
}

function stack(maps: readonly Float32Array[], rows: readonly number[]): tf.Tensor2D {
  const size = nFrames * nBands;
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, i) => values.set(maps[row], i * size));
  return tf.tensor2d(values, [rows.length, size]);
}
