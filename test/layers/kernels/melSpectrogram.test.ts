/** The SIMD spectrogram against the composite of stock ops on `cpu`, every buffer between guards. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dftKernels } from '../../../layers/dsp/dft.ts';
import type { PadMode } from '../../../layers/dsp/framing.ts';
import { melFilterbank, nonZeroSpans } from '../../../layers/dsp/mel.ts';
import { centeredWindow } from '../../../layers/dsp/windows.ts';
import {
  melSpectrogramComposite,
  spectrogramComposite,
} from '../../../layers/kernels/melSpectrogram/composite.ts';
import { decibelGradient, toDecibel } from '../../../layers/kernels/melSpectrogram/decibel.ts';
import { melSpectrogram, spectrogram } from '../../../layers/kernels/melSpectrogram/index.ts';
import { registerMelSpectrogramGradients } from '../../../layers/kernels/melSpectrogram/registeredKernel.ts';
import { canTransform, type DecibelShape } from '../../../layers/kernels/melSpectrogram/shape.ts';
import { SpectrogramEngine } from '../../../layers/kernels/melSpectrogram/simd/engine.ts';
import { registerSimdMelSpectrogram } from '../../../layers/kernels/melSpectrogram/simd/register.ts';
import { bestBuild, type KernelBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import { enableRelaxedSimd } from '../../../src/engine/relaxedSimd.ts';

interface Problem {
  x: [clips: number, channels: number, samples: number];
  nFft: number;
  winLength: number;
  hopLength: number;
  center: boolean;
  padMode: PadMode;
  power: 1 | 2;
  nMels: number;
  decibel: DecibelShape | null;
  /** Whether the op is told where the filterbank is not zero. */
  spans: boolean;
  seed: number;
}

const kernels = ['SonotagSpectrogram', 'SonotagMelSpectrogram', 'SonotagSpectrogramGradient'];
const arena = new Arena({ guardBytes: 128 });

enableRelaxedSimd();

async function useBuild(build: KernelBuild, sliceBytes?: number): Promise<void> {
  for (const name of kernels) if (tf.getKernel(name, 'cpu') != null) tf.unregisterKernel(name, 'cpu');
  const engine = await KernelEngine.create(build, undefined, arena);
  registerSimdMelSpectrogram('cpu', new SpectrogramEngine(engine, sliceBytes));
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerMelSpectrogramGradients();
  await useBuild('simd');
});

afterEach(() => {
  arena.checkGuards();
  expect(arena.usedBytes).toBe(0);
});

/** Everything the op and the composite take. */
function inputs(problem: Problem) {
  const { x, nFft, winLength, nMels, seed, spans, ...shape } = problem;
  const nBins = 1 + nFft / 2;
  const filterbank = melFilterbank({ sampleRate: 8000, nFft, nMels, norm: null });
  const dft = tf.tensor2d(dftKernels(new Float64Array(nFft).fill(1)), [nFft, 2 * nBins]);
  return {
    x: tf.randomNormal<tf.Rank.R3>(x, 0, 0.3, 'float32', seed),
    window: tf.tensor1d(Float32Array.from(centeredWindow('hann', winLength, nFft))),
    filterbank: tf.tensor2d(filterbank, [nBins, nMels]),
    shape: {
      ...shape,
      dft: () => dft,
      ...(spans && { bands: nonZeroSpans(filterbank, nMels) }),
    },
  };
}

/** Both outputs, and the gradients of a weighted sum of each. */
function numbers(problem: Problem, mel: typeof melSpectrogram, stft: typeof spectrogram) {
  return tf.tidy(() => {
    const { x, window, filterbank, shape } = inputs(problem);
    const weighted = (output: tf.Tensor) =>
      tf.sum(tf.mul(output, tf.randomNormal(output.shape, 0, 1, 'float32', problem.seed + 9)));
    const bands = mel(x, window, filterbank, shape);
    const spectrum = stft(x, window, shape);
    const [melX, melWindow, melFilterbank] = tf.grads((a, b, c) =>
      weighted(mel(a as tf.Tensor3D, b as tf.Tensor1D, c as tf.Tensor2D, shape)),
    )([x, window, filterbank]);
    const [stftX, stftWindow] = tf.grads((a, b) => weighted(stft(a as tf.Tensor3D, b as tf.Tensor1D, shape)))(
      [x, window],
    );
    const values = { bands, spectrum, melX, melWindow, melFilterbank, stftX, stftWindow };
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { shape: value.shape, values: value.dataSync<'float32'>() },
      ]),
    );
  });
}

/** Largest difference, as a share of the largest expected value, or of `least` where all are smaller. */
function relativeError(got: Float32Array, expected: Float32Array, least = 1e-3): number {
  expect(got.length).toBe(expected.length);
  let [difference, size] = [0, least];
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs(got[i] - expected[i]);
    difference = Number.isNaN(error) ? Infinity : Math.max(difference, error);
    size = Math.max(size, Math.abs(expected[i]));
  }
  return difference / size;
}

function expectSame(problem: Problem): void {
  const got = numbers(problem, melSpectrogram, spectrogram);
  const expected = numbers(problem, melSpectrogramComposite, spectrogramComposite);
  for (const name of Object.keys(expected)) {
    expect(got[name].shape, name).toEqual(expected[name].shape);
    const isGradient = name !== 'spectrum' && name !== 'bands';
    // Where the only value is its own reference, slopes of 10 / ln 10 / power cancel.
    const least = isGradient && problem.decibel?.ref === 'max' ? 1 : 1e-3;
    const error = relativeError(got[name].values, expected[name].values, least);
    expect(error, name).toBeLessThan(isGradient ? 1e-4 : 1e-5);
  }
}

// amin well above the rounding of powers near 1, where composite and kernel may fall on either side
const decibel: DecibelShape = { ref: 1, amin: 1e-3, topDb: null };
const base: Problem = {
  x: [2, 1, 200],
  nFft: 64,
  winLength: 64,
  hopLength: 16,
  center: true,
  padMode: 'reflect',
  power: 2,
  nMels: 10,
  decibel,
  spans: true,
  seed: 100,
};

const named: [string, Partial<Problem>][] = [
  ['frames that fill no group of four', { x: [1, 1, 130] }],
  ['one frame', { x: [1, 1, 64], center: false }],
  ['a transform of 4 points', { nFft: 4, winLength: 4, hopLength: 3, nMels: 2 }],
  ['a transform of 8 points', { nFft: 8, winLength: 8, hopLength: 5, nMels: 3 }],
  ['an odd power of two, 128', { nFft: 128, winLength: 128 }],
  ['a short window, odd', { winLength: 33 }],
  ['an odd hop', { hopLength: 7 }],
  ['a hop longer than the frame', { hopLength: 77 }],
  ['zeros beyond the ends', { padMode: 'constant' }],
  ['a signal shorter than a frame', { padMode: 'constant', x: [3, 1, 5] }],
  ['no centring', { center: false }],
  ['magnitude', { power: 1, decibel: null }],
  ['power, no decibels', { decibel: null }],
  ['two channels', { x: [2, 2, 200] }],
  ['two channels, reference and floor of the clip', { x: [3, 2, 200], decibel: { ref: 'max', amin: 1e-3, topDb: 15 } }], // prettier-ignore
  ['a reference below amin', { decibel: { ref: 1e-5, amin: 1e-2, topDb: 20 } }],
  ['peak as reference, no floor', { decibel: { ref: 'max', amin: 1e-3, topDb: null } }],
  ['a floor at the peak', { decibel: { ref: 3, amin: 1e-3, topDb: 0 } }],
  ['one band', { nMels: 1 }],
  ['bands that fill no group of four, all bins', { nMels: 7, spans: false }],
  ['more bands than bins, some empty', { nMels: 50, decibel: { ...decibel, amin: 1e-2 } }],
  ['frames for two tasks', { x: [1, 1, 700], nFft: 16, winLength: 16, hopLength: 2 }],
];

describe.each(['simd', 'relaxedSimd'] as const)('build %s', (build) => {
  const available = build === 'simd' ? bestBuild() !== undefined : bestBuild() === build;
  test.skipIf(!available).each(named)('output and gradients equal stock ops: %s', async (_, difference) => {
    await useBuild(build);
    expectSame({ ...base, ...difference });
  });
});

test('output and gradients equal stock ops on random shapes, a few clips at a time', async () => {
  await useBuild(bestBuild() ?? 'simd', 4000);
  const problems = fc
    .record({
      clips: fc.integer({ min: 1, max: 4 }),
      channels: fc.integer({ min: 1, max: 2 }),
      samples: fc.integer({ min: 1, max: 300 }),
      log2: fc.integer({ min: 2, max: 7 }),
      winShare: fc.double({ min: 0.2, max: 1, noNaN: true }),
      hopLength: fc.integer({ min: 5, max: 90 }),
      center: fc.boolean(),
      padMode: fc.constantFrom<PadMode>('reflect', 'constant'),
      power: fc.constantFrom<1 | 2>(1, 2),
      nMels: fc.integer({ min: 1, max: 13 }),
      ref: fc.constantFrom<number | 'max'>(1, 0.5, 'max'),
      decibels: fc.boolean(),
      spans: fc.boolean(),
      seed: fc.integer({ min: 1, max: 1000 }),
    })
    .filter(({ samples, log2, center, padMode }) =>
      center ? padMode === 'constant' || samples > 2 ** (log2 - 1) : samples >= 2 ** log2,
    );
  fc.assert(
    fc.property(problems, ({ clips, channels, samples, log2, winShare, ref, decibels, ...others }) => {
      const nFft = 2 ** log2;
      expectSame({
        ...others,
        x: [clips, channels, samples],
        nFft,
        winLength: Math.max(1, Math.round(winShare * nFft)),
        decibel: decibels ? { ref, amin: 1e-2, topDb: null } : null,
      });
      arena.checkGuards();
    }),
    { seed: 20, numRuns: 60 },
  );
});

test('powers of two from 4 to 4096 are for the kernels, all else for stock ops', async () => {
  const taken = Array.from({ length: 5000 }, (_, nFft) => nFft).filter((nFft) => canTransform(nFft));
  expect(taken).toEqual([4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]);
  expect(canTransform(64, { ref: 1, amin: 1e-39, topDb: null })).toBe(false);
  const run = async (nFft: number) => {
    const { x, window, shape } = inputs({ ...base, nFft, winLength: nFft, hopLength: 50 });
    return (await tf.profile(() => spectrogram(x, window, shape))).kernelNames.filter((name) =>
      /Sonotag|MatMul/.test(name),
    );
  };
  expect(await run(64)).toEqual(['SonotagSpectrogram']);
  expect(await run(60)).toEqual(['BatchMatMul']);
  expect(await run(2)).toEqual(['BatchMatMul']);
});

test('a transform of 4096 points equals stock ops', () => {
  const problem: Problem = { ...base, x: [1, 1, 4100], nFft: 4096, winLength: 4096, hopLength: 4096 };
  tf.tidy(() => {
    const { x, window, shape } = inputs(problem);
    const [got, expected] = [spectrogram, spectrogramComposite].map((run) => run(x, window, shape));
    expect(relativeError(got.dataSync<'float32'>(), expected.dataSync<'float32'>())).toBeLessThan(1e-5);
  });
});

test('the gradients are the slopes of the loss', () => {
  const problem: Problem = {
    ...base,
    ...{ x: [1, 1, 40], nFft: 16, winLength: 12, hopLength: 5, nMels: 3, spans: false },
    decibel: { ref: 'max', amin: 1e-6, topDb: null },
  };
  tf.tidy(() => {
    const { x, window, filterbank, shape } = inputs(problem);
    const all = [x, window, filterbank] as const;
    const weights = tf.randomNormal([1, 1, 9, 3], 0, 1, 'float32', 5);
    const loss = (...[a, b, c]: tf.Tensor[]) =>
      tf.sum(
        tf.mul(weights, melSpectrogram(a as tf.Tensor3D, b as tf.Tensor1D, c as tf.Tensor2D, shape)),
      ) as tf.Scalar;
    const gradients = tf.grads(loss)([...all]);
    const step = 2e-3;
    all.forEach((input, which) => {
      const at = (i: number, sign: number) => {
        const values = input.dataSync<'float32'>().slice();
        values[i] += sign * step;
        return loss(
          ...all.map((tensor, k) => (k === which ? tf.tensor(values, input.shape) : tensor)),
        ).dataSync()[0];
      };
      const slopes = Float32Array.from({ length: input.size }, (_, i) => (at(i, 1) - at(i, -1)) / (2 * step));
      expect(relativeError(gradients[which].dataSync<'float32'>(), slopes)).toBeLessThan(0.02);
    });
  });
});

test.each<DecibelShape>([
  { ref: 1, amin: 0.5, topDb: null },
  { ref: 'max', amin: 0.1, topDb: 3 },
  { ref: 0.3, amin: 0.1, topDb: 6 },
  { ref: 'max', amin: 1e-3, topDb: null },
])('the gradient of decibels is that of stock ops: %o', (shape) => {
  const power = tf.randomUniform([3, 2, 5, 4], 0, 2, 'float32', 3);
  const dy = tf.randomNormal(power.shape, 0, 1, 'float32', 4);
  const expected = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(dy, toDecibel(x, shape))))(power);
  expect(
    relativeError(decibelGradient(dy, power, shape).dataSync<'float32'>(), expected.dataSync<'float32'>()),
  ).toBeLessThan(1e-6);
});

test('a gradient is computed only when asked for, and by kernels', async () => {
  const { x, window, filterbank, shape } = inputs(base);
  const names = async (wanted: ('x' | 'window' | 'filterbank')[]) => {
    const given = { x, window, filterbank };
    const profile = await tf.profile(() =>
      tf.grads((...values) => {
        const all = { ...given, ...Object.fromEntries(wanted.map((name, i) => [name, values[i]])) };
        return tf.sum(melSpectrogram(all.x, all.window, all.filterbank, shape));
      })(wanted.map((name) => given[name])),
    );
    return profile.kernels.filter(({ name }) => name.startsWith('Sonotag')).map(({ name }) => name);
  };
  const [stft, mel, gradient] = kernels;
  expect(await names(['filterbank'])).toEqual([mel, stft, mel]);
  expect(await names(['window'])).toEqual([mel, mel, gradient]);
  expect(await names(['x'])).toEqual([mel, mel, gradient]);
});

test('a gradient inside a gradient runs on stock ops', async () => {
  const { x, window, shape } = inputs(base);
  const slope = (run: typeof spectrogram) =>
    tf.grad((w: tf.Tensor) => tf.sum(run(x, w as tf.Tensor1D, shape)));
  const second = (run: typeof spectrogram) =>
    tf
      .grad((w: tf.Tensor) => tf.sum(tf.square(slope(run)(w))))(window)
      .dataSync<'float32'>();
  expect(relativeError(second(spectrogram), second(spectrogramComposite))).toBeLessThan(1e-5);
});

test('a clip comes out the same, to the bit, alone and among others', () => {
  const problem: Problem = { ...base, x: [3, 2, 200], decibel: { ref: 'max', amin: 1e-10, topDb: 40 } };
  tf.tidy(() => {
    const { x, window, filterbank, shape } = inputs(problem);
    const loud = tf.mul(x, tf.tensor3d([1, 100, 1e-3], [3, 1, 1])) as tf.Tensor3D;
    const together = melSpectrogram(loud, window, filterbank, shape);
    for (const clip of [0, 1, 2]) {
      const alone = melSpectrogram(tf.slice(loud, clip, 1), window, filterbank, shape);
      expect(alone.dataSync()).toEqual(tf.slice(together, clip, 1).dataSync());
    }
  });
});

test('what is not a number stays in its clip, and shows there', () => {
  tf.tidy(() => {
    const { x, window, filterbank, shape } = inputs(base);
    const values = x.dataSync<'float32'>().slice();
    values[100] = NaN;
    const output = melSpectrogram(tf.tensor3d(values, base.x), window, filterbank, shape).arraySync();
    expect(output[0].flat(2).some(Number.isNaN)).toBe(true);
    expect(output[1].flat(2).every(Number.isFinite)).toBe(true);
  });
});

test('no clips and no channels give no output', () => {
  for (const x of [
    [0, 1, 200],
    [2, 0, 200],
  ] as const)
    // prettier-ignore
    for (const run of [1, 2]) {
      const { x: empty, window, filterbank, shape } = inputs({ ...base, x: [...x] });
      const output =
        run === 1 ? spectrogram(empty, window, shape) : melSpectrogram(empty, window, filterbank, shape);
      expect(output.shape).toEqual([x[0], x[1], 13, run === 1 ? 33 : 10]);
    }
});

test('waveforms that are too short and filterbanks that do not fit are refused', () => {
  const { x, window, filterbank, shape } = inputs(base);
  expect(() => spectrogram(tf.zeros([1, 1, 30]), window, shape)).toThrow('needs more than 32 samples');
  expect(() => spectrogram(tf.zeros([1, 1, 30]), window, { ...shape, center: false })).toThrow(
    'holds no frame of nFft=64 without padding',
  );
  expect(() => melSpectrogram(x, window, tf.slice(filterbank, 0, 20), shape)).toThrow(
    'a window of 64 samples needs a filterbank of 33 bins, got 20',
  );
});

test('memory is flat over 50 steps, of tensors and of the kernels', () => {
  const { x, window, filterbank, shape } = inputs(base);
  const step = () =>
    tf.dispose(
      tf.grads((a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
        tf.sum(melSpectrogram(a as tf.Tensor3D, b as tf.Tensor1D, c as tf.Tensor2D, shape)),
      )([x, window, filterbank]),
    );
  step();
  const before = [tf.memory().numTensors, arena.usedBytes, arena.sizeBytes];
  for (let i = 0; i < 50; i++) step();
  expect([tf.memory().numTensors, arena.usedBytes, arena.sizeBytes]).toEqual(before);
});

test('a clip beyond the memory is refused with the way out, and nothing stays behind', async () => {
  const small = new Arena({ maximumBytes: 2 ** 20 });
  const engine = new SpectrogramEngine(await KernelEngine.create('simd', undefined, small));
  expect(() =>
    engine.transform(
      {
        ...base,
        ...{ x: new Float32Array(300_000), xShape: [1, 1, 300_000], window: new Float32Array(64) },
      },
      () => undefined,
    ),
  ).toThrow('shorter clips');
  expect(small.usedBytes).toBe(0);
});
