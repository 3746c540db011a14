import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { binaryCrossentropy, labelLosses, type Loss } from '../../../../src/training/losses.ts';
import { forwardCorrection } from '../../../../src/training/noisyLosses/forwardCorrection.ts';
import { nonNegativePu } from '../../../../src/training/noisyLosses/nonNegativePu.ts';
import { keepSmallLosses } from '../../../../src/training/noisyLosses/smallLosses.ts';
import { smoothLabels } from '../../../../src/training/noisyLosses/smoothLabels.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';

// Logits whose sigmoids are round: σ(log 3) = 3/4, σ(0) = 1/2, σ(−log 4) = 1/5.
const [threeQuarters, half, fifth] = [Math.log(3), 0, -Math.log(4)];
const valueOf = (loss: Loss, targets: number[][], logits: number[][]) =>
  loss(tf.tensor2d(targets), tf.tensor2d(logits)).dataSync()[0];
const gradientOf = (loss: Loss, targets: number[][], logits: number[][]) =>
  tf.grad((z) => loss(tf.tensor2d(targets), z as tf.Tensor2D))(tf.tensor2d(logits));

onEngines(() => {
  test('the loss of a label is −log of the probability given to it, and stays finite far out', () => {
    const losses = labelLosses(
      tf.tensor2d([[1, 0, 1, 0.5]]),
      tf.tensor2d([[threeQuarters, threeQuarters, -200, half]]),
    );
    expectClose(losses, [[Math.log(4 / 3), Math.log(4), 200, Math.log(2)]], { atol: 1e-5 });
  });

  test('what is unknown takes no part in any loss: as if its clip were not there', () => {
    const known = tf.tensor2d([[1, 1], [1, 0], [1, 0]]); // prettier-ignore
    const [targets, logits] = [[[1, 0], [0, 1], [0, 0]], [[threeQuarters, fifth], [fifth, half], [half, half]]]; // prettier-ignore
    const first = (loss: Loss) => valueOf(loss, [[1], [0], [0]], [[threeQuarters], [fifth], [half]]);
    const second = (loss: Loss) => valueOf(loss, [[0]], [[fifth]]);
    const [rates, other] = [{ falseAlarm: 0.2, miss: 0.4 }, { falseAlarm: 0, miss: 0.5 }]; // prettier-ignore
    // three labels of the first tag and one of the second, all of the same weight
    const corrected = valueOf((t, z) => forwardCorrection([rates, other])(t, z, known), targets, logits);
    const expected = (3 * first(forwardCorrection([rates])) + second(forwardCorrection([other]))) / 4;
    expect(corrected).toBeCloseTo(expected, 5);
    // tags of the same weight
    const risk = (...priors: number[]) => nonNegativePu({ priors, givenShares: priors.map(() => 0.5) });
    const both: Loss = (t, z) => risk(0.6, 0.2)(t, z, known);
    expect(valueOf(both, targets, logits)).toBeCloseTo((first(risk(0.6)) + second(risk(0.2))) / 2, 5);
    const gradient = gradientOf(both, targets, logits).arraySync() as number[][];
    expect([gradient[1][1], gradient[2][1]].map(Math.abs)).toEqual([0, 0]);
    expect(gradient.every(([of]) => Number.isFinite(of) && of !== 0)).toBe(true);
  });

  test('a tag known of no clip is left out of the positive-unlabelled mean', () => {
    const known = tf.tensor2d([[1, 0], [1, 0]]); // prettier-ignore
    const both: Loss = (t, z) => nonNegativePu({ priors: [0.2, 0.6], givenShares: [0.5, 0.5] })(t, z, known);
    const logits = [[threeQuarters, half], [fifth, half]]; // prettier-ignore
    const risk = 0.2 * Math.log(4 / 3) + (Math.log(4) + Math.log(5 / 4)) / 2 - 0.2 * Math.log(4);
    expect(valueOf(both, [[1, 0], [0, 0]], logits)).toBeCloseTo(risk, 5); // prettier-ignore
  });

  test('forward correction holds labels against the probability of being given', () => {
    // q = 0.2 · ¼ + (1 − 0.4) · ¾ = ½ for the first tag; with rates of 0 it is p itself
    const loss = forwardCorrection([
      { falseAlarm: 0.2, miss: 0.4 },
      { falseAlarm: 0, miss: 0 },
    ]);
    expect(valueOf(loss, [[1, 0]], [[threeQuarters, fifth]])).toBeCloseTo(
      (Math.log(2) + Math.log(5 / 4)) / 2,
      5,
    );
  });

  test('with half of the positives missing, forward correction is least where p is the true share', () => {
    // a tag that applies to 3/4 of the clips and is given to 3/8: of eight clips three
    const loss = forwardCorrection([{ falseAlarm: 0, miss: 0.5 }]);
    const given = [1, 1, 1, 0, 0, 0, 0, 0].map((label) => [label]);
    const gradient = gradientOf(loss, given, new Array<number[]>(8).fill([threeQuarters]));
    expect(tf.sum(gradient).dataSync()[0]).toBeCloseTo(0, 5);
    const plain = gradientOf(binaryCrossentropy, given, new Array<number[]>(8).fill([threeQuarters]));
    expect(tf.sum(plain).dataSync()[0]).toBeCloseTo(3 / 4 - 3 / 8, 5);
  });

  test('the positive-unlabelled risk is π E₊[ℓ₊] + E[ℓ₋] − π E₊[ℓ₋]', () => {
    // one of two clips is given the tag, which applies to 60 %: π / c = 1.2, weight 0.6 in the mean over the two clips
    const loss = nonNegativePu({ priors: [0.6], givenShares: [0.5] });
    const positive = 0.6 * Math.log(4 / 3);
    const negative = (Math.log(4) + Math.log(5 / 4)) / 2 - 0.6 * Math.log(4);
    expect(negative).toBeLessThan(0); // so the second term counts as 0
    expect(valueOf(loss, [[1], [0]], [[threeQuarters], [fifth]])).toBeCloseTo(positive, 5);
    const few = nonNegativePu({ priors: [0.2], givenShares: [0.5] });
    const risk = 0.2 * Math.log(4 / 3) + (Math.log(4) + Math.log(5 / 4)) / 2 - 0.2 * Math.log(4);
    expect(valueOf(few, [[1], [0]], [[threeQuarters], [fifth]])).toBeCloseTo(risk, 5);
  });

  test('where its second term is negative, the step goes up on that term', () => {
    // ℓ₊′ = σ − 1 and ℓ₋′ = σ; weights ½ · 1.2 for ℓ₊ and ½ · (1 − 1.2), ½ · 1 for ℓ₋
    const loss = nonNegativePu({ priors: [0.6], givenShares: [0.5] });
    const gradient = gradientOf(loss, [[1], [0]], [[threeQuarters], [fifth]]);
    expectClose(gradient, [[0.6 * -0.25 - -0.1 * 0.75], [-0.5 * 0.2]], { atol: 1e-6 });
    const few = nonNegativePu({ priors: [0.2], givenShares: [0.5] }); // positive: down on both terms
    const usual = gradientOf(few, [[1], [0]], [[threeQuarters], [fifth]]);
    expectClose(usual, [[0.2 * -0.25 + 0.3 * 0.75], [0.5 * 0.2]], { atol: 1e-6 });
  });

  test('of two tags the positive-unlabelled risk is the mean, each with its own prior', () => {
    const both = nonNegativePu({ priors: [0.6, 0.2], givenShares: [0.5, 0.5] });
    const one = (prior: number) =>
      valueOf(nonNegativePu({ priors: [prior], givenShares: [0.5] }), [[1], [0]], [[threeQuarters], [fifth]]);
    const logits = [[threeQuarters, threeQuarters], [fifth, fifth]]; // prettier-ignore
    expect(valueOf(both, [[1, 1], [0, 0]], logits)).toBeCloseTo((one(0.6) + one(0.2)) / 2, 5); // prettier-ignore
  });
});

test('smoothing by 0.2 moves 0 and 1 by a tenth, by 0 not at all', () => {
  expectClose(smoothLabels([0, 1, 0.5], 0.2), [0.1, 0.9, 0.5], { atol: 1e-7 });
  expect(smoothLabels([0, 1], 0)).toEqual(Float32Array.of(0, 1));
});

test('the largest losses are dropped, of present and of absent labels apart', () => {
  const labels = [0, 1, 0, 1, 0, 0];
  const losses = [0.5, 9, 0.1, 3, 0.4, 0.2];
  expect(keepSmallLosses(labels, losses, { dropAbsent: 0.5, dropPresent: 0 })).toEqual(
    Float32Array.of(0, 1, 1, 1, 0, 1),
  );
  expect(keepSmallLosses(labels, losses, { dropAbsent: 0, dropPresent: 0.5 })).toEqual(
    Float32Array.of(1, 0, 1, 1, 1, 1),
  );
});

test('ten labels less a tenth are nine, and a share that drops less than one label drops none', () => {
  const ten = new Array<number>(10).fill(0);
  const kept = (dropAbsent: number) =>
    keepSmallLosses(ten, [...ten.keys()], { dropAbsent, dropPresent: 0 }).reduce((sum, own) => sum + own, 0);
  expect([kept(0.1), kept(0.09), kept(1), kept(0)]).toEqual([9, 10, 0, 10]);
});

test.each([
  { call: () => forwardCorrection([{ falseAlarm: 0.5, miss: 0.5 }]), says: 'sum to less than 1' },
  { call: () => forwardCorrection([{ falseAlarm: -0.1, miss: 0.5 }]), says: 'rates must be >= 0' },
  { call: () => nonNegativePu({ priors: [1], givenShares: [0.5] }), says: 'priors must lie in (0, 1)' },
  { call: () => nonNegativePu({ priors: [0.5], givenShares: [0] }), says: 'no clip is given' },
  { call: () => nonNegativePu({ priors: [0.5], givenShares: [] }), says: 'a share for each prior' },
  { call: () => smoothLabels([1], 2), says: 'smoothing must lie in [0, 1]' },
  { call: () => keepSmallLosses([1], [], { dropAbsent: 0, dropPresent: 0 }), says: 'needs a loss a label' },
  { call: () => keepSmallLosses([1], [1], { dropAbsent: 2, dropPresent: 0 }), says: 'share to drop' },
])('refused: $says', ({ call, says }) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(says);
});
