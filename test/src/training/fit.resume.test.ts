import * as tf from '@tensorflow/tfjs';
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import { InputError } from '../../../src/errors.ts';
import { readCheckpoint } from '../../../src/training/checkpoint.ts';
import type { EpochRecord } from '../../../src/training/history.ts';
import { onEngines } from '../../support/onEngines.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneSet, trainTones } from '../../support/toneTask.ts';

const temp = tempFolder();

onEngines((engine) => {
  test('stopped after an epoch and resumed, history and weights are those of an uninterrupted run', async () => {
    const uninterrupted = await trainTones({ checkpoints: temp(engine, 'whole') });
    const checkpoints = temp(engine, 'stopped');
    const onEpoch = ({ epoch }: EpochRecord) => {
      if (epoch === 2) throw new Error('stopped');
    };
    await expect(trainTones({ checkpoints, onEpoch })).rejects.toThrow('stopped');
    expect(await trainTones({ checkpoints, resume: true })).toEqual(uninterrupted);
  });
});

describe('on wasm', () => {
  let uninterrupted: Awaited<ReturnType<typeof trainTones>>;
  beforeAll(async () => {
    await useEngine('wasm');
    uninterrupted = await trainTones();
  });

  test('killed by SIGKILL in mid-epoch and resumed, history and weights are those of an uninterrupted run', async () => {
    const checkpoints = temp('killed');
    await trainAndKill(checkpoints, { epoch: 2, clips: 8 });
    expect((await readCheckpoint(temp('killed', 'last.h5')))?.history).toHaveLength(1);
    expect(await trainTones({ checkpoints, resume: true })).toEqual(uninterrupted);
  }, 60_000);

  test('killed between writing the best and the last checkpoint, the run still resumes to the same end', async () => {
    const stop = (epoch: number) => (record: EpochRecord) => {
      if (record.epoch === epoch) throw new Error('stopped');
    };
    const [earlier, later] = [temp('earlier'), temp('later')];
    await trainTones({ checkpoints: earlier, onEpoch: stop(1) }).catch(() => undefined);
    await trainTones({ checkpoints: later, onEpoch: stop(2) }).catch(() => undefined);
    const best = await readCheckpoint(temp('later', 'best.h5'));
    expect(best!.best!.epoch).toBe(2); // the second epoch was better, or this would test nothing
    copyFileSync(temp('earlier', 'last.h5'), temp('later', 'last.h5'));
    expect(await trainTones({ checkpoints: later, resume: true })).toEqual(uninterrupted);
  });

  test('resuming a finished run trains no more and gives its weights', async () => {
    const checkpoints = temp('finished');
    await trainTones({ checkpoints });
    let batches = 0;
    expect(await trainTones({ checkpoints, resume: true, onBatch: () => batches++ })).toEqual(uninterrupted);
    expect(batches).toBe(0);
  });

  test('resume without a checkpoint starts at the first epoch, and without resume a checkpoint is not read', async () => {
    const checkpoints = temp('fresh');
    expect(await trainTones({ checkpoints, resume: true })).toEqual(uninterrupted);
    expect(await trainTones({ checkpoints })).toEqual(uninterrupted);
  });

  test('the checkpoint folder holds the last and the best epoch, and nothing else', async () => {
    const checkpoints = temp('two');
    const { history, bestEpoch } = await trainTones({ checkpoints });
    expect(readdirSync(checkpoints).sort()).toEqual(['best.h5', 'last.h5']);
    expect((await readCheckpoint(temp('two', 'last.h5')))!.history).toHaveLength(history.length);
    expect((await readCheckpoint(temp('two', 'best.h5')))!.history).toHaveLength(bestEpoch);
  });

  test('resuming a run that stopped early trains no more', async () => {
    const valid = toneSet(8, 2);
    valid.targets = valid.targets.map((target) => 1 - target);
    const options = { valid, epochs: 12, batchSize: 2, patience: 1, checkpoints: temp('patience') };
    const stopped = await trainTones(options);
    expect(stopped.history.length).toBeLessThan(12);
    expect(await trainTones({ ...options, resume: true })).toEqual(stopped);
  });

  test('a checkpoint of another configuration is refused, both named by their hash', async () => {
    const checkpoints = temp('other');
    await trainTones({ checkpoints, configHash: 'aaaaaaaa1', epochs: 1 });
    const resumed = trainTones({ checkpoints, configHash: 'bbbbbbbb2', resume: true });
    const error = await resumed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(temp('other', 'last.h5'));
    expect((error as Error).message).toMatch(/aaaaaaaa; now bbbbbbbb.*Resume with the same options/);
  });

  test('a resumed run whose best.h5 is gone is refused, since its best weights are lost', async () => {
    const checkpoints = temp('lost');
    await trainTones({ checkpoints });
    rmSync(temp('lost', 'best.h5'));
    const error = await trainTones({ checkpoints, resume: true }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/best\.h5: missing.*without --resume/);
  });
});

/** Ends once a child process has trained to the place and been killed there. */
async function trainAndKill(checkpoints: string, at: { epoch: number; clips: number }): Promise<void> {
  const script = fileURLToPath(new URL('../../support/trainTones.ts', import.meta.url));
  const args = ['--import', 'tsx', script, tf.getBackend(), checkpoints, String(at.epoch), String(at.clips)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += String(data);
    if (said.includes('in mid-epoch')) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.on('exit', (_code, by) => resolve(by)));
  expect(signal, said).toBe('SIGKILL');
}

test('a kernel thread that ends in training gives one line, and the run resumes to the end it would have had', async () => {
  await useEngine('wasm');
  const uninterrupted = await trainTones();
  const checkpoints = temp('thread');
  const script = fileURLToPath(new URL('../../support/loseKernelThread.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, checkpoints]);
  expect(stdout).toMatch(
    /^InputError: training: a thread of the kernels has ended.*--resume goes on from there\.\n$/,
  );
  expect(await trainTones({ checkpoints, resume: true })).toEqual(uninterrupted);
});
