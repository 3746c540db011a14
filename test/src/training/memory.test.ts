import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { fit } from '../../../src/training/fit.ts';
import { onEngines } from '../../support/onEngines.ts';
import { toneFit, toneModel } from '../../support/toneTask.ts';

onEngines(() => {
  test('memory is flat over 100 steps of training', async () => {
    const held: number[][] = [];
    const onBatch = () => held.push([tf.memory().numTensors, tf.memory().numBytes]);
    await fit(toneModel(), toneFit({ epochs: 25, onBatch }));
    expect(held).toHaveLength(100);
    // The last batch of an epoch, so that what the batches themselves hold is the same.
    const ends = held.filter((_, step) => step % 4 === 3).slice(1);
    expect(new Set(ends.map(String)).size).toBe(1);
  });
});
