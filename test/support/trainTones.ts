/** Trains on tones in a process of its own, for tests that kill it: `trainTones.ts ENGINE FOLDER EPOCH CLIPS`. At that
 * epoch, after that many clips, it says so and sleeps until it is killed. */
import { writeSync } from 'node:fs';
import { useEngine, type EngineName } from '../../src/engine/engine.ts';
import { fit } from '../../src/training/fit.ts';
import { toneFit, toneModel } from './toneTask.ts';

const [engine, checkpoints, epoch, clips] = process.argv.slice(2);
await useEngine(engine as EngineName);
const onBatch = (at: { epoch: number; clipsDone: number }) => {
  if (at.epoch !== Number(epoch) || at.clipsDone !== Number(clips)) return;
  writeSync(1, 'in mid-epoch\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
};
await fit(toneModel(), toneFit({ checkpoints, onBatch }));
