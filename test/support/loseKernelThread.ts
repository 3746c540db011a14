/** Trains on tones on wasm with two threads and ends one in the second epoch: `loseKernelThread.ts FOLDER`. Prints the error. */
import type { Worker } from 'node:worker_threads';
import { useEngine } from '../../src/engine/engine.ts';
import { fit } from '../../src/training/fit.ts';
import { toneFit, toneModel } from './toneTask.ts';

const [checkpoints] = process.argv.slice(2);
const workers: Worker[] = [];
process.on('worker', (worker) => workers.push(worker));
await useEngine('wasm', { threads: 2 });
const onBatch = ({ epoch }: { epoch: number }) => {
  if (epoch === 2) void workers[0].terminate();
};
const ended = fit(toneModel(), toneFit({ checkpoints, onBatch }));
await ended.then(
  () => process.stdout.write('trained to the end\n'),
  (error: Error) => process.stdout.write(`${error.name}: ${error.message}\n`),
);
