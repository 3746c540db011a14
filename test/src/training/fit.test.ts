import * as tf from '@tensorflow/tfjs';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClipSet } from '../../../src/audio/clipSet.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { InputError } from '../../../src/errors.ts';
import { fit, scoreClips } from '../../../src/training/fit.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneFit, toneModel, toneSet, trainTones, weightsOf } from '../../support/toneTask.ts';

const temp = tempFolder();

onEngines(() => {
  test('two kinds of tones are told apart after five epochs, and the losses have fallen', async () => {
    const model = toneModel();
    const valid = toneSet(12, 2);
    const options = toneFit({ train: toneSet(24, 1), valid, epochs: 5, batchSize: 2 });
    const { history, bestEpoch } = await fit(model, options);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    const [first, last] = [history[0], history[4]];
    expect(last.trainLoss).toBeLessThan(0.8 * first.trainLoss);
    expect(last.validLoss!).toBeLessThan(0.5 * first.validLoss!);
    expect(last).toMatchObject({ validRocAuc: 1, validPrAuc: 1, validAccuracy: 1 });
    expect(bestEpoch).toBe(5); // the last of those with accuracy 1
    const unseen = toneSet(20, 3);
    const scores = await scoreClips(model, unseen, { batchSize: 8 });
    const hits = unseen.ids.filter(
      (_, i) => scores[2 * i] > scores[2 * i + 1] === (unseen.targets[2 * i] === 1),
    );
    expect(hits.length).toBeGreaterThanOrEqual(18);
  });

  test('the same seed gives the same history and weights, another seed others', async () => {
    const [first, second] = [await trainTones(), await trainTones()];
    expect(second).toEqual(first);
    const other = await trainTones({ seed: 6 });
    expect(other.history).not.toEqual(first.history);
  });

  test('a tag that is unknown of every clip moves none of its own weights, and the other tag is learnt', async () => {
    const model = toneModel({ exclusive: false });
    const outputOf = () => model.getLayer('logits').getWeights()[0].arraySync() as number[][];
    const before = outputOf();
    const hide = (set: ClipSet): ClipSet => ({
      ...set,
      targets: set.targets.map((t, i) => (i % 2 ? NaN : t)),
    });
    const { history } = await fit(
      model,
      toneFit({ exclusive: false, train: hide(toneSet(16, 1)), valid: hide(toneSet(8, 2)) }),
    );
    const after = outputOf();
    expect(after.map((row) => row[1])).toEqual(before.map((row) => row[1]));
    expect(after.map((row) => row[0])).not.toEqual(before.map((row) => row[0]));
    expect(history.at(-1)!.validLoss).toBeLessThan(history[0].validLoss!);
    expect(history.every(({ trainLoss }) => Number.isFinite(trainLoss))).toBe(true);
  });

  test('exclusive classes keep their own loss where some clips are of unknown class', async () => {
    const logits = tf.layers.dense({
      units: 2,
      kernelInitializer: 'ones',
      name: 'logits',
      inputShape: [1000],
    });
    const model = tf.sequential({ layers: [logits, tf.layers.softmax()] });
    const set = toneSet(4, 1);
    const train = {
      ...set,
      targets: set.targets.map((target, i) => (i < 2 ? NaN : target)),
      waveform: async () => new Float32Array(1000).fill(0.002),
    };
    const { history } = await fit(model, toneFit({ train, valid: null, epochs: 1 }));
    // two logits of 2: log 2 of each known clip; the binary loss would be 1.13
    expectClose(history[0].trainLoss, Math.LN2, { rtol: 1e-5 });
  });

  test('tensors and bytes do not grow from epoch to epoch, nor from run to run', async () => {
    const model = toneModel();
    await fit(model, toneFit({ epochs: 1 }));
    const before = tf.memory();
    const perEpoch: tf.MemoryInfo[] = [];
    await fit(model, toneFit({ epochs: 4, onEpoch: () => void perEpoch.push(tf.memory()) }));
    for (const key of ['numTensors', 'numBytes', 'numDataBuffers'] as const) {
      expect(new Set(perEpoch.map((memory) => memory[key])).size, key).toBe(1);
      expect(tf.memory()[key], key).toBe(before[key]);
    }
  });
});

describe('on wasm', () => {
  beforeAll(async () => {
    await useEngine('wasm');
  });

  test("an accuracy that does not rise stops the run after patience epochs, with the best epoch's weights", async () => {
    // valid's labels are turned round: the better the training, the worse the validation
    const valid = toneSet(8, 2);
    valid.targets = valid.targets.map((target) => 1 - target);
    const weights: number[][] = [];
    const model = toneModel();
    const onEpoch = () => void weights.push(weightsOf(model));
    const options = toneFit({ valid, epochs: 12, batchSize: 2, patience: 2, onEpoch });
    const { history, bestEpoch } = await fit(model, options);
    expect(history.length).toBeLessThan(12);
    expect(history).toHaveLength(bestEpoch + 2);
    const highest = Math.max(...history.map(({ validAccuracy }) => validAccuracy!));
    expect(history[bestEpoch - 1].validAccuracy).toBe(highest);
    expect(weightsOf(model)).toEqual(weights[bestEpoch - 1]);
    expect(weightsOf(model)).not.toEqual(weights.at(-1));
  });

  test('without validation all epochs are trained and the last weights kept', async () => {
    const model = toneModel();
    let last: number[] = [];
    const onEpoch = () => void (last = weightsOf(model));
    const { history, bestEpoch } = await fit(model, toneFit({ valid: null, patience: 1, onEpoch }));
    expect(bestEpoch).toBe(3);
    expect(history).toHaveLength(3);
    expect(history[0]).toMatchObject({
      validLoss: null,
      validRocAuc: null,
      validPrAuc: null,
      validAccuracy: null,
    });
    expect(weightsOf(model)).toEqual(last);
  });

  test("the validation loss is the cross-entropy of the clip's probabilities", async () => {
    for (const exclusive of [true, false]) {
      const model = toneModel({ exclusive });
      const valid = toneSet(6, 2);
      const { history } = await fit(model, toneFit({ valid, exclusive, epochs: 1 }));
      const scores = await scoreClips(model, valid, { batchSize: 5 });
      const terms = [...scores].map((p, i) =>
        valid.targets[i] ? -Math.log(p) : exclusive ? 0 : -Math.log(1 - p),
      );
      const loss = terms.reduce((sum, term) => sum + term) / (exclusive ? 6 : 12);
      expectClose(history[0].validLoss!, loss, { rtol: 1e-5 });
      expect(history[0].validAccuracy === null).toBe(!exclusive);
    }
  });

  test('the train loss is the mean over clips, so that a smaller last batch counts less', async () => {
    const losses: number[] = [];
    const onBatch = ({ loss }: { loss: number }) => void losses.push(loss);
    const options = toneFit({ train: toneSet(10, 1), epochs: 1, valid: null, onBatch });
    const { history } = await fit(toneModel(), options);
    expect(losses).toHaveLength(3);
    expectClose(history[0].trainLoss, (4 * losses[0] + 4 * losses[1] + 2 * losses[2]) / 10, { rtol: 1e-12 });
  });

  test('progress counts the clips of the epoch, and the learning rate falls along half a cosine', async () => {
    const progress: [number, number, number][] = [];
    const { history } = await fit(
      toneModel(),
      toneFit({
        train: toneSet(6, 1),
        valid: null,
        epochs: 4,
        learningRate: 0.02,
        onBatch: ({ epoch, clipsDone, clips }) => void progress.push([epoch, clipsDone, clips]),
      }),
    );
    expect(progress).toEqual(
      [1, 2, 3, 4].flatMap((epoch) => [
        [epoch, 4, 6],
        [epoch, 6, 6],
      ]),
    );
    // 0.01 (1 + cos(0, 45, 90, 135 degrees))
    const rates = [0.02, 0.01 * (1 + Math.SQRT1_2), 0.01, 0.01 * (1 - Math.SQRT1_2)];
    expectClose(
      history.map(({ learningRate }) => learningRate),
      rates,
      { rtol: 1e-12 },
    );
  });

  test.each([
    ['validation', toneSet(8, 2)],
    ['none', null],
  ] as const)(
    'a learning rate that blows the weights up is one line with the way out, with %s to validate on',
    async (_, valid) => {
      const checkpoints = temp(`diverged ${valid === null}`);
      const error = await trainTones({ valid, learningRate: 1e38, checkpoints }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(
        /^training: .* in epoch 1\. Use a smaller --learning-rate than 1e\+38\.$/,
      );
      expect(existsSync(temp(`diverged ${valid === null}`, 'last.h5'))).toBe(false);
    },
  );

  test('weights that the last step of an epoch blows up are refused, not saved', async () => {
    const checkpoints = temp('last step');
    // one batch an epoch, so that no later loss tells; 1e39 is infinite in float32
    const options = { batchSize: 16, learningRate: 1e39, valid: null, epochs: 1, checkpoints };
    const error = await trainTones(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/a weight is no longer finite in epoch 1\. Use a smaller/);
    expect(existsSync(temp('last step', 'last.h5'))).toBe(false);
  });

  test('training moves the statistics of batch norm, scoring does not', async () => {
    const model = toneModel();
    const statistics = () =>
      model.nonTrainableWeights.flatMap((weight) => Array.from(weight.read().dataSync()));
    const start = statistics();
    await fit(model, toneFit({ epochs: 1, valid: null }));
    const trained = statistics();
    expect(trained).toHaveLength(5 * 2 * 4);
    expect(trained.filter((value, i) => value === start[i])).toEqual([]);
    await scoreClips(model, toneSet(4, 2), { batchSize: 4 });
    expect(statistics()).toEqual(trained);
  });

  test('no clips to train on are refused', async () => {
    await expect(trainTones({ train: toneSet(0, 1) })).rejects.toThrow('no clips to train on');
  });

  test('a clip that cannot be read ends the run with its own error', async () => {
    const set = toneSet(16, 1);
    const failing = {
      ...set,
      waveform: async (i: number) => (i === 9 ? Promise.reject(new Error('torn')) : set.waveform(i)),
    };
    await expect(trainTones({ train: failing })).rejects.toThrow('torn');
  });

  test('scores stand in the order of the clips, whatever the batch size', async () => {
    const model = toneModel();
    const set = toneSet(5, 4);
    let clips = 0;
    const scores = await scoreClips(model, set, { batchSize: 2, onClip: () => clips++ });
    expect(clips).toBe(5);
    const third = { ...set, ids: [set.ids[2]], waveform: () => set.waveform(2) };
    expectClose(scores.subarray(4, 6), await scoreClips(model, third, { batchSize: 1 }), { atol: 1e-6 });
  });
});
