/** A checkpoint in one HDF5 file: weights, optimiser, history. Whole or absent, however training ends. */
import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import h5wasm from 'h5wasm/node';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { innermostReason, withHdf5, type Hdf5File } from '../files/hdf5.ts';
import { replaceWhole } from '../files/writeWhole.ts';
import type { AdamState } from './adam.ts';
import type { BestEpoch } from './bestEpoch.ts';
import type { EpochRecord } from './history.ts';

export interface Checkpoint {
  /** All weights of the model in its order, moving statistics too. */
  weights: { name: string; shape: number[]; values: Float32Array }[];
  adam: AdamState;
  history: EpochRecord[];
  /** The epoch whose weights were best, and by what; null before the first. */
  best: BestEpoch | null;
  /** Of what the run was started with; a resumed run must have the same. */
  configHash: string;
}

const nullableNumber = z.number().nullable();
const headSchema = z.object({
  step: z.int().nonnegative(),
  history: z.array(
    z.object({
      epoch: z.int(),
      trainLoss: z.number(),
      validLoss: nullableNumber,
      validRocAuc: nullableNumber,
      validPrAuc: nullableNumber,
      validAccuracy: nullableNumber,
      seconds: z.number(),
      learningRate: z.number(),
    }),
  ),
  best: z.object({ epoch: z.int(), merit: z.number() }).nullable(),
  configHash: z.string(),
  weightNames: z.array(z.string()),
});

/** Writes a checkpoint beside the old one and puts it in its place. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await replaceWhole(path, async (beside) => {
    await withHdf5(beside, 'w', (file) => {
      const { weights, adam, history, best, configHash } = checkpoint;
      const head = {
        step: adam.step,
        history,
        best,
        configHash,
        weightNames: weights.map(({ name }) => name),
      };
      file.create_attribute('head', JSON.stringify(head));
      file.create_group('weights');
      file.create_group('adam');
      weights.forEach(({ shape, values }, i) => {
        file.create_dataset({ name: `weights/${i}`, data: values, shape, dtype: '<f4' });
      });
      file.create_dataset({ name: 'adam/m', data: adam.m, dtype: '<f4' });
      file.create_dataset({ name: 'adam/v', data: adam.v, dtype: '<f4' });
      file.flush();
    });
  });
}

/**
 * Reads a checkpoint; null where there is none.
 *
 * @throws InputError if the file is not a checkpoint.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  if (!existsSync(path)) return null;
  try {
    return await withHdf5(path, 'r', (file) => {
      const head = readHead(file);
      const weights = head.weightNames.map((name, i) => ({ name, ...readFloats(file, `weights/${i}`) }));
      const adam = {
        step: head.step,
        m: readFloats(file, 'adam/m').values,
        v: readFloats(file, 'adam/v').values,
      };
      return { weights, adam, history: head.history, best: head.best, configHash: head.configHash };
    });
  } catch (error) {
    const reason = innermostReason((error as Error).message);
    throw new InputError(`${path}: not a checkpoint of this version (${reason}). Remove it to start anew.`);
  }
}

function readHead(file: Hdf5File): z.infer<typeof headSchema> {
  try {
    return headSchema.parse(JSON.parse(String(file.attrs.head?.value)));
  } catch {
    throw new Error('its head is of another format');
  }
}

function readFloats(file: Hdf5File, name: string): { shape: number[]; values: Float32Array } {
  const dataset = file.get(name);
  if (!(dataset instanceof h5wasm.Dataset) || !(dataset.value instanceof Float32Array)) {
    throw new Error(`${name} is missing or not float32`);
  }
  return { shape: dataset.shape ?? [], values: dataset.value };
}

/** The model's weights as a checkpoint holds them. */
export async function readWeights(model: tf.LayersModel): Promise<Checkpoint['weights']> {
  return Promise.all(
    model.weights.map(async (weight) => {
      const tensor = weight.read();
      return {
        name: weight.originalName,
        shape: tensor.shape,
        values: Float32Array.from(await tensor.data()),
      };
    }),
  );
}

/** @throws InputError if the weights are not of this model's shapes. */
export function restoreWeights(model: tf.LayersModel, weights: Checkpoint['weights'], path: string): void {
  const expected = model.weights.map((weight) => weight.read().shape.join('×')).join(', ');
  const found = weights.map(({ shape }) => shape.join('×')).join(', ');
  if (found !== expected) {
    throw new InputError(`${path}: holds weights of another model (${found}; this one has ${expected}).`);
  }
  tf.tidy(() => model.setWeights(weights.map(({ shape, values }) => tf.tensor(values, shape))));
}
